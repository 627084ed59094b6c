import ArgumentParser
import GlossClient
import GlossCore

/// `gloss demo`: conflicts in a minute, without a server.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Learn conflicts in a minute: a throwaway library and two colleagues.",
        discussion: """
            No server is needed, your own library is not touched, and nothing is left behind. \
            On a terminal you answer the questions, with the keys of gloss resolve; elsewhere, or \
            with --no-input, they are answered for you.

            EXAMPLE
              gloss demo
            """)

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.run { console in
            let ending = try rehearse(console)
            tell(ending, console)
        }
    }

    /// Plays it through; what is left of it is gone when this returns.
    ///
    /// - Returns: how it ended.
    private func rehearse(_ console: Console) throws -> String {
        let directory = try console.temporaryDirectory()
        defer { directory.remove() }
        var demo = try Demonstration(
            in: directory.path, user: console.userName, now: { LocalClock.milliseconds })
        defer { try? demo.close() }
        let console = console.keepingDrafts(in: directory.path)
        try introduce(demo, console)
        let conflicts = try demo.conflicts()
        if console.prompter.canAsk {
            var walk = ResolveWalk(conflicts, demo.own, console)
            walk.introduction = { tell("\n" + DemoText.explanation(of: $0), console) }
            _ = try walk.run()
        } else {
            for conflict in conflicts { try answer(conflict, demo.own, console) }
        }
        try demo.meet()
        return try ending(demo, console)
    }

    /// Says something in lines of a width that reads well.
    private func tell(_ text: String, _ console: Console) {
        for line in TextWrap.lines(StyledText(text), width: min(78, console.render.width)) {
            console.say(line.text)
        }
    }

    private func introduce(_ demo: Demonstration, _ console: Console) throws {
        let names = try demo.colleagues.map { try $0.profile().user }
        tell(DemoText.beginning(names), console)
        console.say("")
        let view = try demo.own.view(demo.article)
        var render = console.render
        render.notes = .none
        console.lines(ArticleRenderer(view.rendered, render).lines(paragraphs: nil))
        console.say("")
        tell(DemoText.meeting, console)
        console.lines(ListRenderer(console.render).conflicts(try demo.conflicts().map(\.row)))
    }

    /// Answers one as somebody might, with the command that does so.
    private func answer(
        _ conflict: ConflictView, _ library: Library, _ console: Console
    ) throws {
        let (take, why) = DemoText.answer(to: conflict)
        tell("\n" + DemoText.explanation(of: conflict), console)
        console.json("conflict", JSONViews.conflict(conflict))
        console.lines(ConflictCardRenderer(console.render).lines(conflict.card()))
        let command = ["gloss", "resolve", conflict.shortID, "--take", take, "--why", why]
        console.line("$ " + ShellWords.joined(command))
        let shown = try library.resolve(
            conflict, try conflict.choice(named: take), why: why, command: "resolve")
        try console.settled(conflict, take, shown)
    }

    private func ending(_ demo: Demonstration, _ console: Console) throws -> String {
        let open = try demo.own.conflicts().count
        let agree = try demo.agrees()
        console.json(
            "demo", [OutputMember("open", .integer(open)), OutputMember("agree", .bool(agree))])
        let names = try demo.colleagues.map { try $0.profile().user }
        return "\n" + DemoText.end(names, open: open, agree: agree)
    }
}
