import GlossCore
import GlossProtocol
import GlossTransport
import TestSupport
import Testing

/// A client typed by hand: it sends what it is told to and does nothing by itself.
///
/// A line either way that the schemas do not know fails the test, unless it is sent as broken.
struct TestClient {
    let line: LineConnection
    var user = "ana"
    var device = Sample.device(1)
    /// Whether there may be fields in what the server sends that the schemas do not name: those of
    /// changes that a later version wrote.
    var readsLaterChanges = false

    /// The device's credential.
    var credential: Credential {
        .device(DeviceCredential(device: device, key: Array("key of \(device)".utf8)))
    }

    init(line: LineConnection) {
        self.line = line
    }

    func taking(_ secret: [UInt8]) -> InvitationCredential {
        InvitationCredential(
            secret: secret, user: user, label: "laptop", device: device,
            key: Array("key of \(device)".utf8))
    }

    func hello(_ credential: Credential?, versions: [Int] = [1]) async throws {
        try await send(
            .hello(Hello(id: 1, versions: versions, software: "test", auth: credential)))
    }

    func send(_ message: ClientMessage) async throws {
        try await line.send([known(message.encode(), as: .client)])
    }

    /// Sends a message that is wrong on purpose.
    func sendBroken(_ message: ClientMessage) async throws {
        try await line.send([message.encode()])
    }

    /// Sends a line that is wrong, or of another version, on purpose.
    func sendBroken(_ text: String) async throws {
        try await line.send([Array(text.utf8)])
    }

    private func known(_ line: [UInt8], as form: ProtocolSchemas.Form) -> [UInt8] {
        let complaint = ProtocolSchemas.shared.complaint(
            about: line, as: form, isClosed: !readsLaterChanges)
        if let complaint {
            Issue.record("\(complaint)")
        }
        return line
    }

    /// The next message but for news of documents; `nil` when the server has closed.
    func receive() async throws -> ServerMessage? {
        while let message = try await receiveAny() {
            if case .doc = message { continue }
            return message
        }
        return nil
    }

    /// The next message; `nil` when the server has closed.
    func receiveAny() async throws -> ServerMessage? {
        try await receiveLine().map { try ServerMessage.decode($0) }
    }

    /// The next line; `nil` when the server has closed.
    func receiveLine() async throws -> [UInt8]? {
        var lines = line.lines.makeAsyncIterator()
        return try await lines.next().map { known($0, as: .server) }
    }

    /// Pushes, and passes over everything up to the answer.
    func push(id: Int, _ parts: [(DocumentID, [Change])]) async throws -> ServerMessage {
        try await send(.push(try Push(id: id, parts)))
        return try await answer()
    }

    /// The next acknowledgement, refusal or error.
    func answer() async throws -> ServerMessage {
        while let message = try await receive() {
            switch message {
            case .ack, .nack, .err: return message
            default: continue
            }
        }
        throw Unexpected(message: "the server closed")
    }

    /// The error the server closes with; `nil` if it says none.
    func lastError() async throws -> Failure? {
        var last: Failure?
        while let message = try await receive() {
            if case .err(let failure) = message { last = failure }
        }
        return last
    }
}
