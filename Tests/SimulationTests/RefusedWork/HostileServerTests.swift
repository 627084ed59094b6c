import GlossCore
import GlossProtocol
import Synchronization
import TestSupport
import Testing

@testable import GlossClient

@Suite("A server that says what cannot be")
struct HostileServerTests {
    /// How many lines were altered.
    private final class Count: Sendable {
        let value = Atomic(0)
    }

    /// Writes the largest number there is behind a member of lines of one type.
    private static func inflating(
        _ member: String, of type: String, _ count: Count
    ) -> Wire.Alteration {
        { line in
            let text = String(decoding: line, as: UTF8.self)
            guard text.hasPrefix(#"{"t":"\#(type)""#),
                let start = text.firstRange(of: #""\#(member)":"#)?.upperBound
            else { return [line] }
            count.value.add(1, ordering: .relaxed)
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
        let count = Count()
        desk.server.alteration = Self.inflating(member, of: type, count)
        try desk.edit("Rivers", "Streams", by: desk.mira)
        var isTold = false
        do {
            isTold = try await !desk.server.sync(desk.mira).failures.isEmpty
        } catch { isTold = error is ClientError }
        #expect(count.value.load(ordering: .relaxed) > 0)
        // What the server says it has is believed when it comes, and then all has come.
        #expect(isTold == (type != "have"))
        let text = try desk.mira.view(desk.article).text
        #expect(type != "have" || text.contains("Dams"))
        #expect(try desk.mira.view(desk.article).text.contains("Streams"))
        desk.server.alteration = nil
        for library in [desk.mira, desk.jo, desk.mira] { try await desk.server.sync(library) }
        #expect(try desk.sight(desk.mira) == desk.sight(desk.jo))
    }
}
