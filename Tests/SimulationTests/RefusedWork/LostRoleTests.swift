import GlossCore
import GlossProtocol
import GlossStorage
import TestSupport
import Testing

@testable import GlossClient

@Suite("Somebody who worked offline, and whose role was lowered meanwhile")
struct LostRoleTests {
    let desk: SimulatedDesk

    init() async throws {
        desk = try await SimulatedDesk()
    }

    /// Jo, an editor, writes in the text and in notes while mira works on, and is a reviewer by then.
    private func demoted() async throws {
        try desk.edit("Walls", "Dams", by: desk.jo)
        try desk.note("Dams", "on what is refused", by: desk.jo)
        try desk.note("Rivers", "on what was there", by: desk.jo)
        try desk.edit("go on", "stay", by: desk.jo)
        let note = try desk.note("climb", "answered", by: desk.jo)
        _ = try desk.jo.reply(to: note, body: "by myself", command: "reply")
        try desk.edit("water", "rain", by: desk.mira)
        try await desk.server.sync(desk.mira)
        try await desk.server.setRole(.reviewer, of: "jo")
    }

    @Test("What the role no longer allows stays with its reason, and the rest goes through")
    func outbox() async throws {
        try await demoted()
        let report = try await desk.server.sync(desk.jo)
        #expect(report.refused == 3 && report.sent == 3 && report.failures.isEmpty)
        let refused = try desk.jo.outbox()
        #expect(refused.count == 3)
        let texts = refused.filter { $0.document == desk.article }
        #expect(texts.count == 2 && texts.allSatisfy { $0.command?.hasPrefix("edit") == true })
        #expect(texts.allSatisfy { $0.refusal?.code == ErrorCode.forbidden.rawValue })
        #expect(texts.allSatisfy { $0.refusal?.message.contains("yours is reviewer") == true })
        let note = try #require(refused.first { $0.document != desk.article })
        #expect(note.refusal?.code == ErrorCode.missingDependency.rawValue)

        try await desk.server.sync(desk.mira)
        #expect(try desk.sight(desk.mira) == desk.sight(desk.jo))
        let seen = try desk.mira.view(desk.article)
        #expect(seen.text == "Walls teach the rain to climb. Rivers go on.")
        #expect(seen.notes.map(\.body) == ["answered", "on what was there"])
        #expect(seen.notes.map(\.words) == ["climb", "Rivers"])
        #expect(seen.notes.map { $0.replies.map(\.body) } == [["by myself"], []])
        #expect(seen.conflicts.isEmpty)
    }

    @Test(
        "Text behind refused text stands on what its author knew, whatever others wrote there",
        arguments: [true, false])
    func neighbour(isJo: Bool) async throws {
        let (author, other) = isJo ? (desk.jo, desk.mira) : (desk.mira, desk.jo)
        for library in [author, other] { try await desk.server.sync(library) }
        try desk.edit("go on.", "go on. Where?", by: author)
        try desk.edit("Where?", "Where? Why?", by: author)
        try desk.edit("go on.", "go on. Slowly.", by: other)
        try await desk.server.sync(other)
        try await desk.server.setRole(.reviewer, of: isJo ? "jo" : "mira")
        let report = try await desk.server.sync(author)
        #expect(report.refused == 2 && report.failures.isEmpty, "\(report)")
        #expect(try author.view(desk.article).text == other.view(desk.article).text)
    }

    @Test("An article whose name is refused is found under the one it has")
    func name() async throws {
        let desk = try await SimulatedDesk()
        try desk.jo.rename(desk.article, to: "stream")
        try await desk.server.setRole(.reviewer, of: "jo")
        #expect(try await desk.server.sync(desk.jo).refused == 1)
        #expect(try desk.jo.articles().map(\.name) == ["river"])
        #expect(try desk.jo.articleName(desk.article) == "river")
    }

    @Test("Later work goes through under a fresh agent, beside what is refused")
    func later() async throws {
        try await demoted()
        try await desk.server.sync(desk.jo)
        let before = Set(try await desk.server.log(of: desk.article.annotations).map(\.agent))
        try desk.note("rain", "later", by: desk.jo)
        // The client knows the role by now.
        let error = #expect(throws: ClientError.self) {
            try desk.edit("Rivers", "Streams", by: desk.jo)
        }
        #expect(error?.code == .notAllowed)
        let report = try await desk.server.sync(desk.jo)
        #expect(report.sent == 1 && report.refused == 0)
        #expect(try desk.jo.outbox().count == 3)
        let agents = Set(try await desk.server.log(of: desk.article.annotations).map(\.agent))
        #expect(agents.count == before.count, "one agent for all that is made after the refusal")
        try await desk.server.sync(desk.mira)
        #expect(try desk.mira.view(desk.article).notes.map(\.body).contains("later"))
        #expect(try desk.sight(desk.mira) == desk.sight(desk.jo))
    }

    @Test("With the role back, all of it can be sent after all")
    func retry() async throws {
        try await demoted()
        try await desk.server.sync(desk.jo)
        let error = #expect(throws: ClientError.self) {
            try desk.jo.retry(desk.jo.outbox(), command: "outbox --retry all")
        }
        #expect(error?.code == .notAllowed)
        #expect(try desk.jo.outbox().count { $0.refusal != nil } == 3)
        try await desk.server.setRole(.editor, of: "jo")
        try await desk.server.sync(desk.jo)
        try desk.jo.retry(desk.jo.outbox(), command: "outbox --retry all")
        try await desk.server.sync(desk.jo)
        #expect(try desk.jo.outbox().isEmpty)
        try await desk.server.sync(desk.mira)
        let seen = try desk.mira.view(desk.article)
        #expect(seen.text == "Dams teach the rain to climb. Rivers stay.")
        #expect(seen.notes.map(\.words) == ["Dams", "climb", "Rivers"])
        #expect(try desk.sight(desk.mira) == desk.sight(desk.jo))
    }

    @Test("What is refused can be read until it is dropped, and dropping changes nothing else")
    func drop() async throws {
        try await demoted()
        try await desk.server.sync(desk.jo)
        let refused = try desk.jo.outbox()
        let typed = refused.flatMap(\.change.ops).compactMap { op in
            if case .insert(let insertion) = op { Graphemes.string(insertion.text) } else { nil }
        }
        #expect(typed.contains("Dams") && typed.contains("stay"))
        let before = try desk.sight(desk.jo)
        try desk.jo.drop(refused)
        #expect(try desk.jo.outbox().isEmpty)
        #expect(try desk.sight(desk.jo) == before)
        let report = try await desk.server.sync(desk.jo)
        #expect(report.sent == 0 && report.failures.isEmpty)
        #expect(try desk.sight(desk.jo) == before)
    }

    @Test("Decisions that the role no longer allows are refused in both documents")
    func decisions() async throws {
        let note = try desk.note("Walls", "", proposal: "Dams", by: desk.mira)
        try desk.edit("climb", "rise", by: desk.mira)
        try desk.edit("climb", "fall", by: desk.jo)
        for library in [desk.mira, desk.jo, desk.mira] { try await desk.server.sync(library) }
        let question = try #require(try desk.jo.view(desk.article).conflicts.first)
        _ = try desk.jo.accept([note], message: nil, command: "accept")
        _ = try desk.jo.reject([note], why: "no", command: "reject")
        try desk.jo.resolve(question, .base, why: "as it was", command: "resolve")
        try desk.note("Rivers", "later", by: desk.jo)
        try await desk.server.setRole(.reviewer, of: "jo")
        let report = try await desk.server.sync(desk.jo)
        #expect(report.sent == 1 && report.postponed.isEmpty)
        #expect(try desk.jo.outbox().allSatisfy { $0.refusal != nil })
        try await desk.server.sync(desk.mira)
        #expect(try desk.sight(desk.mira) == desk.sight(desk.jo))
        #expect(try desk.mira.view(desk.article).conflicts.map(\.shortID) == [question.shortID])
        #expect(try desk.mira.view(desk.article).notes.first?.decision == .open)
    }

    @Test("A reader's notes are refused one and all, and come back with the role")
    func reader() async throws {
        let note = try desk.note("Rivers", "all?", by: desk.jo)
        _ = try desk.jo.reply(to: note, body: "most", command: "reply")
        try await desk.server.setRole(.reader, of: "jo")
        let report = try await desk.server.sync(desk.jo)
        #expect(report.refused == 2 && report.sent == 0)
        #expect(try desk.jo.view(desk.article).notes.isEmpty)
        try await desk.server.setRole(.reviewer, of: "jo")
        try await desk.server.sync(desk.jo)
        try desk.jo.retry(desk.jo.outbox(), command: "outbox --retry all")
        try await desk.server.sync(desk.jo)
        try await desk.server.sync(desk.mira)
        let seen = try desk.mira.view(desk.article).notes
        #expect(seen.map(\.body) == ["all?"] && seen.first?.replies.map(\.body) == ["most"])
        #expect(try desk.sight(desk.mira) == desk.sight(desk.jo))
    }
}
