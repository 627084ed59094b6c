import GlossCore
import Testing

@testable import GlossClient

@Suite struct RefusedTests {
    let server = PretendServer()

    private func edit(
        _ words: String, _ replacement: String, _ library: Library, _ article: DocumentID
    ) throws {
        let view = try library.view(article)
        guard case .one(let range) = QuoteFinder(in: ArticleText(view.scalars)).find(words) else {
            throw ClientError(.noMatch, words)
        }
        _ = try library.edit(
            article, [TextEdit(range, replacement)], at: view.version, message: nil,
            command: "edit")
    }

    /// Jo's library after the server refused to put DAMS into the text, and with it a note on them.
    private func refused() throws -> (mira: Library, jo: Library, article: DocumentID) {
        let mira = try makeLibrary("mira")
        let jo = try makeLibrary("jo")
        let article = try mira.addArticle(
            name: "river", title: "", text: "Walls teach the water to climb."
        ).id
        try server.sync(mira)
        try server.sync(jo)
        try edit("Walls", "DAMS", jo, article)
        try edit("climb", "rise", jo, article)
        _ = try jo.annotate(article, at: 0..<4, body: "mine", command: "note")
        server.refuses = { change in
            change.ops.contains {
                if case .insert(let insertion) = $0 { insertion.text.first == "D" } else { false }
            }
        }
        try server.sync(jo)
        return (mira, jo, article)
    }

    @Test func `what was refused is sent when it is retried after the reason is gone`() throws {
        let (mira, jo, article) = try refused()
        #expect(try jo.view(article).text == "Walls teach the water to rise.")
        #expect(try jo.outbox().count { $0.refusal != nil } == 2)
        server.refuses = { _ in false }
        try jo.retry(jo.outbox(), command: "outbox --retry all")
        #expect(try jo.view(article).text == "DAMS teach the water to rise.")
        try server.sync(jo)
        try server.sync(mira)
        #expect(try jo.outbox().isEmpty)
        #expect(try mira.view(article).text == "DAMS teach the water to rise.")
        #expect(try mira.view(article).notes.map(\.words) == ["DAMS"])
        #expect(try mira.view(article).checksum == jo.view(article).checksum)
    }

    @Test func `what is refused again takes nothing with it that was written since`() throws {
        let (mira, jo, article) = try refused()
        let text = try jo.outbox().filter { $0.document == article }
        try jo.retry(text, command: "outbox --retry")
        try edit("water", "river", jo, article)
        try server.sync(jo)
        try server.sync(mira)
        #expect(try jo.view(article).text == "Walls teach the river to rise.")
        #expect(try mira.view(article).checksum == jo.view(article).checksum)
        #expect(try jo.outbox().count { $0.refusal != nil } == 2)
    }

    @Test func `a retry can be undone`() throws {
        let (_, jo, article) = try refused()
        try jo.retry(jo.outbox(), command: "outbox --retry all")
        _ = try jo.undo()
        #expect(try jo.view(article).text == "Walls teach the water to rise.")
        #expect(try jo.view(article).notes.isEmpty)
    }

    @Test func `a note on refused text cannot be retried alone`() throws {
        let (_, jo, article) = try refused()
        let note = try jo.outbox().filter { $0.document == article.annotations }
        #expect(throws: ClientError.self) { try jo.retry(note, command: "outbox --retry") }
        #expect(try jo.outbox().count { $0.refusal != nil } == 2)
    }

    @Test func `what is dropped is gone, and only what was refused can be`() throws {
        let (_, jo, article) = try refused()
        for item in try jo.outbox() {
            #expect(try jo.refused(item.shortID).change == item.change)
        }
        let all = try jo.outbox()
        try jo.drop(all)
        #expect(try jo.outbox().isEmpty)
        #expect(throws: ClientError.self) { try jo.drop(all) }
        try edit("water", "river", jo, article)
        let waiting = try #require(try jo.outbox().first)
        #expect(throws: ClientError.self) { try jo.refused(waiting.shortID) }
    }
}
