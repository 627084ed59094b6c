import ArgumentParser
import GlossClient

/// Which notes, by who reads them.
struct ReaderOptions: ParsableArguments {
    @Flag(name: .customLong("private"), help: "Only what you keep to yourself.")
    var onlyPrivate = false
    @Flag(name: .customLong("shared"), help: "Only what others read, too.") var onlyShared = false

    /// Whether some are left out.
    var choose: Bool { onlyPrivate || onlyShared }

    mutating func validate() throws {
        guard !onlyPrivate || !onlyShared else {
            throw ValidationError("Either --private or --shared.")
        }
    }

    /// The article with the notes meant.
    func chosen(of view: ArticleView) -> ArticleView {
        choose ? view.showing(onlyPrivate: onlyPrivate) : view
    }
}
