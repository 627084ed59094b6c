import GlossCore
import Testing

@testable import GlossClient

@Suite("Names of conflicts in several articles")
struct ConflictNameTests {
    let mira: Library
    let river: DocumentID

    /// Two articles with a great many questions, some of which have their first letters in common.
    init() throws {
        let server = PretendServer()
        mira = try makeLibrary("mira").rehearsal()
        let jo = try makeLibrary("jo").rehearsal()
        river = try mira.addArticle(name: "river", title: "", text: "Walls teach.").id
        let lake = try mira.addArticle(name: "lake", title: "", text: "Still water.").id
        for article in [river, lake] {
            for number in 0..<160 {
                _ = try mira.annotate(
                    article, at: 0..<5, body: "\(number)", proposal: nil, command: "note")
            }
        }
        for library in [mira, jo] { try server.sync(library) }
        for (library, words) in [(mira, "mira's words"), (jo, "jo's words")] {
            for article in [river, lake] {
                let notes = try library.view(article).notes.map {
                    NoteReference(article: article, set: $0.set, id: $0.id, isReply: false)
                }
                _ = try library.set(.body, to: .text(words), of: notes, command: "edit")
            }
        }
        for library in [mira, jo, mira] { try server.sync(library) }
    }

    /// Names that questions of both articles have, as each article alone tells them apart.
    private func twins() throws -> [String] {
        let names = try mira.articles().map { Set(try mira.conflicts(in: $0.id).map(\.shortID)) }
        return try #require(names.first).intersection(names[1]).sorted()
    }

    @Test("In a list of all, each has one of its own, and those that ask for it are told it")
    func list() throws {
        let open = try mira.conflicts()
        #expect(open.count == 320 && Set(open.map(\.shortID)).count == 320)
        let twin = try #require(try twins().first)
        let error = try #require(throws: ClientError.self) { try mira.conflict(twin) }
        #expect(error.code == .ambiguous)
        #expect(error.message.contains("in river") && error.message.contains("in lake"))
        #expect(error.tries.count == 2 && Set(error.tries).count == 2)
        let found = try error.tries.map { tried in
            try mira.conflict(String(try #require(tried.split(separator: " ").last)))
        }
        #expect(Set(found.map(\.article)).count == 2)
        _ = try mira.resolve(found.map { ($0, .letter("A")) }, command: "resolve")
        let settled = try mira.settledConflicts().map(\.question.shortID)
        #expect(Set(settled).count == 2, "\(settled)")
        for name in settled { #expect(try mira.settledConflict(name) != nil) }
    }

    @Test("Those of an article that was put away can be named")
    func archived() throws {
        try mira.setArchived(true, river)
        let others = Set(try mira.conflicts().map { $0.shortID.prefix(3) })
        let conflict = try #require(
            try mira.conflicts(in: river).first { !others.contains($0.shortID.prefix(3)) })
        let found = try mira.conflict(conflict.shortID)
        #expect(found.conflict.id == conflict.conflict.id)
        _ = try mira.resolve(found, .letter("A"), command: "resolve")
        #expect(try mira.settledConflict(conflict.shortID)?.question.article == river)
        let error = try #require(throws: ClientError.self) {
            try mira.conflict(conflict.shortID)
        }
        #expect(error.code == .stale)
    }
}
