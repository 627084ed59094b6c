import GlossCore
import GlossProtocol

extension TestClient {
    /// What the server says up to the pong of a ping that is sent now, `doc` included: by then it has
    /// said whatever came before.
    func everything(number: Int) async throws -> [ServerMessage] {
        try await send(.ping(Ping(number: number)))
        var found: [ServerMessage] = []
        while let message = try await receiveAny() {
            if message == .pong(Ping(number: number)) { return found }
            found.append(message)
        }
        throw Unexpected(message: "the server closed")
    }

    /// The line that answers a message, word for word.
    func answer(to message: ClientMessage) async throws -> String {
        try await send(message)
        while let line = try await receiveLine() {
            switch try ServerMessage.decode(line) {
            case .docs, .have, .ack, .nack, .err: return String(decoding: line, as: UTF8.self)
            default: continue
            }
        }
        throw Unexpected(message: "the server closed")
    }

    /// Follows a document from its start.
    func follow(_ doc: DocumentID, id: Int = 40) async throws -> Have {
        try await send(.sub(.whole(doc, id: id)))
        while let message = try await receiveAny() {
            if case .have(let have) = message { return have }
            if case .err(let failure) = message { throw Unexpected(message: "\(failure)") }
        }
        throw Unexpected(message: "the server closed")
    }

    /// The next message that is neither news of documents nor of the end of a log.
    func news() async throws -> ServerMessage? {
        while let message = try await receive() {
            if case .live = message { continue }
            return message
        }
        return nil
    }
}

extension SubscribeRequest {
    /// Asks for a document's whole log.
    static func whole(_ doc: DocumentID, id: Int = 40) -> SubscribeRequest {
        SubscribeRequest(id: id, doc: doc, at: 0, sum: Checksum(), vector: VersionVector())
    }
}

extension String {
    /// Without the name of a document, so that answers about two can be compared.
    func without(_ doc: DocumentID) -> String { replacing("\(doc)", with: "DOC") }
}

extension Sequence {
    /// What a closure makes of each element, one after the other.
    func asyncMap<T>(_ body: (Element) async throws -> T) async throws -> [T] {
        var found: [T] = []
        for element in self { found.append(try await body(element)) }
        return found
    }
}
