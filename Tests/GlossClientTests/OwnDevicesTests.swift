import GlossCore
import Testing

@testable import GlossClient

/// Mira has a laptop and a desk, and wrote different words on them.
@Suite("A conflict between one person's devices")
struct OwnDevicesTests {
    let laptop: Library
    let desk: Library
    let jo: Library
    let article: DocumentID
    let view: ConflictView

    init() throws {
        let server = PretendServer()
        laptop = try makeLibrary("mira")
        desk = try makeLibrary("mira", label: "desk", seed: 2)
        jo = try makeLibrary("jo")
        article = try laptop.addArticle(name: "river", title: "", text: "Walls climb.").id
        let note = try laptop.note(on: "climb", "or rise?", in: article)
        for library in [laptop, desk, jo] { try server.sync(library) }
        for (library, words) in [(laptop, "or go up?"), (desk, "or fall?")] {
            try library.set(.body, to: .text(words), of: [note], command: "edit")
        }
        for library in [laptop, desk, laptop, jo] { try server.sync(library) }
        view = try #require(try laptop.conflicts().first)
    }

    private func letter(of device: String) throws -> String {
        try #require(view.versions.first { $0.authors.map(\.device) == [device] }).letter
    }

    @Test("“mine” guesses nothing: it lists the sides and how to take each")
    func mine() throws {
        for library in [laptop, desk] {
            let view = try #require(try library.conflicts().first)
            let error = #expect(throws: ClientError.self) { try view.choice(named: "mine") }
            #expect(error?.code == .ambiguous)
            for device in ["mira-laptop", "desk"] {
                let side = "\(try letter(of: device)) from \(device)"
                #expect(error?.message.contains(side) == true, "\(error?.message ?? "")")
            }
            #expect(
                error?.tries == ["A", "B"].map { "gloss resolve \(view.shortID) --take \($0)" })
        }
    }

    @Test("A device's name takes what was written there, on either of them")
    func device() throws {
        for library in [laptop, desk] {
            let view = try #require(try library.conflicts().first)
            for device in ["mira-laptop", "desk"] {
                #expect(try view.choice(named: device) == .letter(try letter(of: device)))
            }
        }
        try laptop.resolve(view, view.choice(named: "desk"), command: "resolve")
        #expect(try laptop.view(article).notes.map(\.body) == ["or fall?"])
    }

    @Test("Somebody else's devices are no names: there a letter says which")
    func somebodyElse() throws {
        let view = try #require(try jo.conflicts().first)
        #expect(throws: ClientError.self) { try view.choice(named: "desk") }
        for word in ["mira", "theirs"] {
            let error = #expect(throws: ClientError.self) { try view.choice(named: word) }
            #expect(error?.code == .ambiguous)
            #expect(error?.message.contains("from desk") == true)
        }
    }

    @Test("Where one person has several sides, lists and keys say which device each is from")
    func names() throws {
        #expect(
            Set(view.row.sides.map { String($0.dropFirst(2)) })
                == ["you on mira-laptop", "you on desk"])
        let others = try #require(try jo.conflicts().first)
        #expect(
            Set(others.row.sides.map { String($0.dropFirst(2)) })
                == ["mira on mira-laptop", "mira on desk"])
    }
}
