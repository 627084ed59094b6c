import GlossCore
import Testing

@testable import GlossClient

/// Two people with a library each, who work on one article and meet at a server: what suites start from.
class SharedArticle {
    let server = PretendServer()
    let mira: Library
    let jo: Library
    let article: DocumentID

    /// Mira's article; Jo does not have it before they meet.
    init(
        _ text: String, title: String = "",
        library: (String) throws -> Library = { try makeLibrary($0) }
    ) throws {
        mira = try library("mira")
        jo = try library("jo")
        article = try mira.addArticle(name: "river", title: title, text: text).id
    }

    /// Both sync, Mira twice, and then see the same.
    func meet(sourceLocation: SourceLocation = #_sourceLocation) throws {
        for library in [mira, jo, mira] { try server.sync(library) }
        #expect(
            try mira.view(article).checksum == jo.view(article).checksum,
            sourceLocation: sourceLocation)
    }
}
