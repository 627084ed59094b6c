import GlossCore
import Testing

@testable import GlossClient

/// Jo suggests words and accepts them; the server refuses some of that, until the reason is gone.
@Suite("Suggestions that were refused, and what accepted them")
final class RefusedAcceptanceTests: SharedArticle {
    init() throws {
        try super.init("Walls teach the water to climb.")
        try meet()
    }

    /// - Parameter acceptance: whether the acceptance is refused with the suggestion.
    private func refuse(acceptance isRefused: Bool) throws {
        let note = try jo.note(on: "teach", "", in: article, proposal: "show")
        _ = try jo.accept([note], message: nil, command: "accept")
        server.refuses = { change in
            change.ops.contains { if case .annotate = $0 { true } else { isRefused } }
        }
        if isRefused { try server.sync(jo) }
    }

    /// Both see the suggestion, and that it is in the text.
    private func checkAccepted(as decision: NoteView.Decision = .accepted) throws {
        server.refuses = { _ in false }
        try meet()
        for library in [mira, jo] {
            let view = try library.view(article)
            #expect(view.text == "Walls show the water to climb.")
            #expect(view.notes.map(\.decision) == [decision])
            #expect(view.conflicts.isEmpty)
        }
        #expect(try jo.outbox().isEmpty)
    }

    private func retry(_ isMeant: (OutboxItem) -> Bool) throws {
        try jo.retry(jo.outbox().filter(isMeant), command: "outbox --retry")
    }

    @Test("Retried together, the acceptance names the suggestion as it is named now")
    func together() throws {
        try refuse(acceptance: true)
        #expect(try jo.outbox().count { $0.refusal != nil } == 2)
        try retry { _ in true }
        #expect(try jo.view(article).notes.map(\.decision) == [.accepted])
        try checkAccepted()
    }

    @Test("The suggestion retried first: the acceptance, refused as yet, follows it")
    func suggestionFirst() throws {
        try refuse(acceptance: true)
        try retry { $0.document != article }
        let kept = try jo.outbox().filter { $0.document == article }
        #expect(kept.count == 1 && kept[0].refusal?.code == "forbidden")
        #expect(kept[0].refusal?.message == "not allowed")
        try retry { $0.document == article }
        try checkAccepted()
    }

    @Test("The acceptance retried first: it follows the suggestion that is retried behind it")
    func acceptanceFirst() throws {
        try refuse(acceptance: true)
        try retry { $0.document == article }
        try retry { $0.refusal != nil }
        try checkAccepted()
    }

    @Test("An acceptance that the server has keeps the old name: accepting again leaves the text")
    func acknowledged() throws {
        try refuse(acceptance: false)
        try server.sync(jo)
        #expect(try jo.view(article).text == "Walls show the water to climb.")
        server.refuses = { _ in false }
        try retry { _ in true }
        try meet()
        let note = try #require(try mira.view(article).notes.first)
        #expect(note.decision == .open)
        let again = try mira.accept(
            [mira.note(note.shortID)], isCertain: true, message: nil, command: "accept")
        #expect(again.accepted.isEmpty && again.reading.count == 1, "it reads so already")
        try checkAccepted(as: .open)
        #expect(try jo.view(article).notes.first?.isDone == true)
    }
}
