import GlossCore
import GlossProtocol
import TestSupport
import Testing

@testable import GlossClient

@Suite("A server that says what cannot be")
struct HostileServerTests {
    /// Writes the largest number there is behind a member of lines of one type.
    private static func inflating(_ member: String, of type: String) -> Wire.Alteration {
        { line in
            let text = String(decoding: line, as: UTF8.self)
            guard text.hasPrefix(#"{"t":"\#(type)""#),
                let start = text.firstRange(of: #""\#(member)":"#)?.upperBound
            else { return [line] }
            let rest = text[start...].drop { $0.isNumber }
            return [Array((text[..<start] + "\(WireLimits.integer)" + rest).utf8)]
        }
    }

    @Test(
        "A position beyond everything costs nothing, and is told to people",
        arguments: [("at", "live"), ("to", "ops"), ("at", "have")])
    func positions(member: String, type: String) async throws {
        var desk = try await SimulatedDesk()
        try desk.edit("Walls", "Dams", by: desk.jo)
        try await desk.server.sync(desk.jo)
        desk.server.alteration = Self.inflating(member, of: type)
        try desk.edit("Rivers", "Streams", by: desk.mira)
        var isTold = false
        do {
            isTold = try await !desk.server.sync(desk.mira).failures.isEmpty
        } catch { isTold = error is ClientError }
        // What the server says it has is believed when it comes.
        #expect(isTold || type == "have")
        #expect(try desk.mira.view(desk.article).text.contains("Streams"))
        desk.server.alteration = nil
        for library in [desk.mira, desk.jo, desk.mira] { try await desk.server.sync(library) }
        #expect(try desk.sight(desk.mira) == desk.sight(desk.jo))
    }
}
