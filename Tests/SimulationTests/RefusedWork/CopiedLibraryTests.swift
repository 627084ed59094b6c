import GlossCore
import GlossProtocol
import TestSupport
import Testing

@testable import GlossClient

@Suite("Somebody whose work was refused, and a copy of the library that goes on in its numbers")
struct CopiedLibraryTests {
    let desk: SimulatedDesk

    init() async throws {
        desk = try await SimulatedDesk()
    }

    /// Jo's text is refused, and under its numbers the server takes other text, from the copy.
    private func taken() async throws {
        try desk.edit("water", "rain", by: desk.jo)
        try await desk.server.sync(desk.jo)
        let copy = try desk.jo.rehearsal()
        try desk.edit("Walls", "Dams", by: desk.jo)
        try desk.note("Dams", "on what is refused", by: desk.jo)
        try desk.edit("go on", "stay", by: desk.jo)
        let refused = try desk.jo.view(desk.article)
        try await desk.server.setRole(.reviewer, of: "jo")
        #expect(try await desk.server.sync(desk.jo).refused == 3)
        let file = try desk.jo.noteEditorFile(
            at: "/nowhere", of: desk.article, version: refused.version, goingOnWith: nil)
        try desk.jo.settle(file, keeping: refused.text + "!")

        try await desk.server.setRole(.editor, of: "jo")
        try await desk.server.sync(copy)
        try desk.edit("Rivers", "Streams", by: copy)
        #expect(try await desk.server.sync(copy).sent == 1)
    }

    @Test("The text of the copy is taken in, and what was refused stays and can be sent again")
    func retry() async throws {
        try await taken()
        let names = try desk.jo.outbox().map(\.change.id)
        #expect(try await desk.server.sync(desk.jo).failures.isEmpty)
        let text = "Walls teach the rain to climb. Streams go on."
        #expect(try desk.jo.view(desk.article).text == text)
        let outbox = try desk.jo.outbox()
        #expect(outbox.count == 3 && outbox.allSatisfy { $0.refusal != nil })
        #expect(outbox.map(\.command) == ["edit Walls", "note Dams", "edit go on"])
        let kept = Set(outbox.map(\.change.id)).intersection(names)
        #expect(kept.count == 2, "what was in the way has another name, and nothing else")

        try desk.jo.retry(outbox, command: "outbox --retry all")
        #expect(try await desk.server.sync(desk.jo).sent == 3)
        try await desk.server.sync(desk.mira)
        let seen = try desk.mira.view(desk.article)
        #expect(seen.text == "Dams teach the rain to climb. Streams stay.")
        #expect(seen.notes.map(\.words) == ["Dams"])
        #expect(try desk.sight(desk.mira) == desk.sight(desk.jo))
    }

    @Test("A draft on refused text is not taken for one on the text of the copy")
    func draft() async throws {
        try await taken()
        try await desk.server.sync(desk.jo)
        let draft = try #require(try desk.jo.draft(of: desk.article))
        #expect(draft.text.hasPrefix("Dams") && draft.text.hasSuffix("stay.!"))
        #expect(try desk.jo.base(of: draft) == nil)
    }

    @Test("What was refused is dropped as ever")
    func drop() async throws {
        try await taken()
        try await desk.server.sync(desk.jo)
        try desk.jo.drop(desk.jo.outbox())
        #expect(try desk.jo.outbox().isEmpty)
        try await desk.server.sync(desk.jo)
        try await desk.server.sync(desk.mira)
        #expect(try desk.sight(desk.mira) == desk.sight(desk.jo))
    }
}
