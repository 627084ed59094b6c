public import ArgumentParser
public import GlossClient

/// What every command takes, before or behind its name.
///
/// A command declares it as a hidden option group; the parser hands it the root's values.
struct GlobalOptions: ParsableArguments {
    @Option(help: "The library to use (or GLOSS_LIBRARY).")
    var library: String?

    @Flag(help: "Print JSON, one object a line.")
    var json = false

    @Flag(help: "Print one record a line, without colours or layout.")
    var plain = false

    @Option(
        name: [.customLong("color"), .customLong("colour")],
        help: "When to use colours: auto, always or never.")
    var colour = ColourChoice.auto

    @Flag(help: "Do not use a pager.")
    var noPager = false

    @Flag(name: .shortAndLong, help: "Print data and errors only, no messages.")
    var quiet = false

    @Flag(help: "Ask nothing; fail where an answer is needed.")
    var noInput = false

    @Flag(help: "Answer yes to every question.")
    var yes = false

    @Flag(help: "Print linear text for screen readers (or GLOSS_ACCESSIBLE=1).")
    var accessible = false
}

extension ColourChoice: ExpressibleByArgument {}
