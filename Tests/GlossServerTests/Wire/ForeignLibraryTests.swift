import GlossCore
import GlossProtocol
import GlossStorage
import Testing

@testable import GlossServer

@Suite("A library of others, over TLS", .timeLimit(.minutes(1)))
struct ForeignLibraryTests {
    @Test("It answers word for word like one that does not exist, whatever is asked of it")
    func alike() async throws {
        try await TestServer.run { server in
            try await server.bystander().goesOn()
            _ = try await server.running.administrator.perform(
                AdminRequest(.addLibrary, name: "other"))
            let stranger = try await server.join("eve", .owner, library: "other")
            let none = LibraryID(rawValue: 0x99)
            let fresh = DocumentID(high: 1, low: 4)
            for (after, creating) in [
                (nil, []), (Sample.article, []), (nil, [Sample.article]), (nil, [fresh]),
                (fresh, [fresh, Sample.article]),
            ] as [(DocumentID?, [DocumentID])] {
                let answers = try await [server.library, none].asyncMap { library in
                    try await stranger.answer(
                        to: .docs(
                            DocumentsRequest(
                                id: 6, library: library, after: after, creating: creating)))
                }
                #expect(answers[0] == answers[1])
                #expect(answers[0].contains("not_found"))
            }
            #expect(try await server.store.document(fresh) == nil)
            #expect(try await stranger.everything(number: 1) == [])
        }
    }

    @Test("Who was removed gets the same answers as who never was a member")
    func removed() async throws {
        try await TestServer.run { server in
            try await server.bystander().goesOn()
            _ = try await server.running.administrator.perform(
                AdminRequest(.addLibrary, name: "other"))
            let stranger = try await server.join("eve", .owner, library: "other")
            let former = try await server.join("ana", device: 2)
            _ = try await server.running.administrator.perform(
                AdminRequest(.role, name: "ana", library: "main"))
            _ = try await former.everything(number: 1)
            let change = Sample.typing("a", agent: Sample.agent(1))
            for ask in [
                .docs(DocumentsRequest(id: 6, library: server.library)),
                .sub(.whole(Sample.article)),
                .push(try Push(id: 5, [(Sample.article, [change])])),
            ] as [ClientMessage] {
                #expect(try await former.answer(to: ask) == stranger.answer(to: ask))
            }
        }
    }
}
