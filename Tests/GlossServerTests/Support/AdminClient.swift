import FoundationEssentials
import GlossTransport
import TestSupport
import Testing

@testable import GlossServer

/// An administrator's end of the socket of a running server, typed by hand.
///
/// A line either way that the schemas do not know fails the test, unless it is asked as broken.
struct AdminClient {
    private let line: LineConnection

    init(_ server: TestServer) async throws {
        line = try await Dialer().connect(unixPath: server.directory.socket)
    }

    func ask(_ request: AdminRequest) async throws -> AdminAnswer {
        let bytes = Array(try AdminCoding.encoder().encode(request))
        complain(about: bytes, as: .adminRequest)
        return try await answer(to: bytes)
    }

    /// Asks what makes no sense, on purpose.
    func askBroken(_ request: AdminRequest) async throws -> AdminAnswer {
        try await answer(to: Array(try AdminCoding.encoder().encode(request)))
    }

    /// Sends what is no request, on purpose.
    func askBroken(_ text: String) async throws -> AdminAnswer {
        try await answer(to: Array(text.utf8))
    }

    func close() async { await line.close() }

    private func answer(to bytes: [UInt8]) async throws -> AdminAnswer {
        try await line.send([bytes])
        var lines = line.lines.makeAsyncIterator()
        let answer = try #require(try await lines.next())
        complain(about: answer, as: .adminAnswer)
        return try JSONDecoder().decode(AdminAnswer.self, from: Data(answer))
    }

    private func complain(about line: [UInt8], as form: ProtocolSchemas.Form) {
        if let complaint = ProtocolSchemas.shared.complaint(about: line, as: form) {
            Issue.record("\(complaint)")
        }
    }
}
