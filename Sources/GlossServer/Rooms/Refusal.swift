import GlossCore
import GlossProtocol
import GlossStorage

/// Why a push is refused, and the change at fault.
struct Refusal: Error, Hashable {
    var document: DocumentID
    var agent: AgentID?
    var seq: Int?
    var code: ErrorCode
    var retry: RetryClass?
    var missing: [OpID] = []
    var message: String

    /// The answer to the push of the given number.
    func nack(id: Int) -> Nack {
        Nack(
            id: id, doc: document, agent: agent, seq: seq, code: code, retry: retry,
            missing: missing, message: message)
    }

    init(
        _ code: ErrorCode, of document: DocumentID, change: Change? = nil,
        retry: RetryClass? = nil, missing: [OpID] = [], message: String
    ) {
        self.document = document
        agent = change?.agent
        seq = change?.seq
        self.code = code
        self.retry = retry
        self.missing = missing
        self.message = message
    }

    /// What a document that does not exist and one that may not be read are both answered with.
    static func unknown(_ document: DocumentID) -> Refusal {
        Refusal(.notFound, of: document, message: "no such document")
    }

    /// What the store's failure looks like to a client: nothing it could help, so again later.
    init(_ error: StoreError, of document: DocumentID) {
        self.init(
            error.clientCode, of: document, retry: .later,
            message: "the server could not write; nothing was committed")
    }
}

extension StoreError {
    /// The code that a client is told.
    var clientCode: ErrorCode {
        switch code {
        case .diskFull, .readOnly, .locked: .overloaded
        default: .internal
        }
    }
}
