import GlossCore
import GlossProtocol
import TestSupport
import Testing

/// Values that the tests of this module share.
enum Sample {
    static let agent = AgentID(rawValue: 0xA1)
    static let article = DocumentID(high: 1, low: 2)
    static let library = LibraryID(rawValue: 0x11)
    static let device = DeviceID(rawValue: 0xD1)
    static let credential = Credential.device(DeviceCredential(device: device, key: [1, 2, 3]))

    /// A change that inserts a letter for each sequence number.
    static func change(
        _ agent: AgentID = agent, seq: Int = 0, text: String = "x", dependencies: [OpID] = []
    ) throws -> EncodedChange {
        let left = seq == 0 ? nil : OpID(agent: agent, seq: seq - 1)
        return try EncodedChange(
            Change(
                agent: agent, seq: seq, dependencies: dependencies, time: 1_790_000_000_000,
                ops: [.insert(Insertion(left: left, right: nil, text: Array(text.unicodeScalars)))])
        )
    }

    static let admission = ServerSession.Admission(
        user: "ana", device: device, label: "laptop", log: 0xABC,
        libraries: [LibrarySummary(id: library, name: "desk", role: .editor)])

    // MARK: Lines

    /// A line of a client. One that the schemas do not know fails the test.
    static func line(
        _ text: String, at location: SourceLocation = #_sourceLocation
    ) -> ServerSession.Event {
        .line(known(Array(text.utf8), as: .client, at: location))
    }

    /// A line of a client. One that the schemas do not know fails the test.
    static func line(
        _ message: ClientMessage, at location: SourceLocation = #_sourceLocation
    ) -> ServerSession.Event {
        .line(known(message.encode(), as: .client, at: location))
    }

    /// A line of a server. One that the schemas do not know fails the test.
    static func line(
        _ message: ServerMessage, at location: SourceLocation = #_sourceLocation
    ) -> ClientSession.Event {
        .line(known(message.encode(), as: .server, at: location))
    }

    /// A line of a client that is wrong, or of another version, on purpose.
    static func broken(_ text: String) -> ServerSession.Event { .line(Array(text.utf8)) }

    /// A line of a client that is wrong on purpose.
    static func broken(_ message: ClientMessage) -> ServerSession.Event { .line(message.encode()) }

    /// A line of a server that is wrong, or of another version, on purpose.
    static func brokenAnswer(_ text: String) -> ClientSession.Event { .line(Array(text.utf8)) }

    /// A line of a server that is wrong on purpose.
    static func broken(_ message: ServerMessage) -> ClientSession.Event { .line(message.encode()) }

    private static func known(
        _ line: [UInt8], as form: ProtocolSchemas.Form, at location: SourceLocation
    ) -> [UInt8] {
        if let complaint = ProtocolSchemas.shared.complaint(about: line, as: form) {
            Issue.record("\(complaint)", sourceLocation: location)
        }
        return line
    }

    /// A server session behind its welcome.
    static func readyServer(limits: SessionLimits = SessionLimits()) -> ServerSession {
        var session = ServerSession(now: 0, limits: limits)
        let hello = Hello(id: 1, software: "test", auth: credential)
        _ = session.handle(line(.hello(hello)), now: 0)
        _ = session.handle(.authenticated(.admitted(admission)), now: 0)
        return session
    }
}
