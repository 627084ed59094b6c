import GlossCore
import GlossProtocol
import GlossStorage

/// Why a push is refused, and the change at fault.
struct Refusal: Error, Hashable {
    var decision: ServerSession.PushRefusal

    var code: ErrorCode { decision.code }
    var message: String { decision.message }

    init(
        _ code: ErrorCode, of document: DocumentID, change: Change? = nil,
        missing: [OpID] = [], message: String
    ) {
        decision = .init(
            doc: document, change: change?.id, code: code, missing: missing, message: message)
    }

    /// What a document that does not exist and one that may not be read are both answered with.
    static func unknown(_ document: DocumentID) -> Refusal {
        Refusal(.notFound, of: document, message: "no such document")
    }

    /// What a document that was purged is answered with, to whom it was readable.
    static func gone(_ document: DocumentID) -> Refusal {
        Refusal(.gone, of: document, message: "the article was purged: it is gone for good")
    }

    /// What a document that is being purged is answered with: it may yet stay.
    static func leaving(_ document: DocumentID) -> Refusal {
        Refusal(.overloaded, of: document, message: "the article is being purged")
    }

    /// What the store's failure looks like to a client: nothing it could help, so again later.
    init(_ error: StoreError, of document: DocumentID) {
        if error.code == .gone {
            self = .gone(document)
            return
        }
        self.init(
            error.clientCode, of: document,
            message: "the server could not write; nothing was committed")
    }
}

extension StoreError {
    /// The code that a client is told; both kinds mean to try again later.
    var clientCode: ErrorCode {
        switch code {
        case .diskFull, .readOnly, .locked: .overloaded
        case .gone: .gone
        default: .internal
        }
    }
}
