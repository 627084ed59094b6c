import GlossCore
import Testing

@testable import GlossClient

@Suite("Suggestions accepted several at once, and withdrawn after that")
final class SuggestionBatchTests: SharedArticle {
    init() throws {
        try super.init("Walls teach the water to climb.\n")
    }

    private func suggest(_ words: String, _ proposal: String) throws -> NoteReference {
        try mira.note(on: words, "", in: article, proposal: proposal)
    }

    @Test("Of suggestions on the same words only the first is accepted, in one step")
    func overlapping() throws {
        let first = try suggest("teach the", "show")
        let second = try suggest("the water", "a river")
        let third = try suggest("climb", "rise")
        #expect(try mira.openSuggestions() == [first, second, third])
        #expect(try mira.openSuggestions(by: "me").count == 3)
        #expect(try mira.openSuggestions(by: "jo").isEmpty)
        let done = try mira.accept(
            [first, second, third], isCertain: true, message: nil, command: "accept --all")
        #expect(done.accepted == [first, third])
        #expect(done.overlapping.map(\.note) == [second])
        #expect(done.overlapping.map(\.accepted) == [first])
        #expect(done.beside.isEmpty)
        #expect(try mira.view(article).text == "Walls show water to rise.\n")
        #expect(try mira.conflicts().map(\.conflict.kind).allSatisfy { $0 != .verdict })
        _ = try mira.undo()
        #expect(try mira.openSuggestions().count == 3)
        let one = try mira.accept([second], message: nil, command: "accept")
        #expect(one.beside.map(\.note) == [first] && one.overlapping.isEmpty)
    }

    @Test("What was accepted stays in the text when the suggestion is withdrawn, and it is told")
    func withdrawnSuggestion() throws {
        let note = try suggest("teach", "show")
        try meet()
        _ = try jo.accept([note], message: nil, command: "accept")
        try mira.set(.life, to: .withdrawn, of: [note], why: "no", command: "rm")
        try meet()
        #expect(try mira.conflicts().isEmpty)
        for library in [mira, jo] {
            let withdrawal = try #require(try library.withdrawal(of: note))
            #expect(withdrawal.author.user == "mira" && withdrawal.why == "no")
            #expect(withdrawal.acceptedBy.map(\.user) == ["jo"])
            #expect(try library.view(article).text.contains("show"))
        }
        _ = try jo.reject([note], why: nil, command: "reject")
        #expect(try jo.withdrawal(of: note)?.acceptedBy.isEmpty == true)
    }
}
