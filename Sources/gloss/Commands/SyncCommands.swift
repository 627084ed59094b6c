import ArgumentParser
import GlossClient
import GlossCore

/// `gloss status`: how things stand, without the network.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "How things stand. Never touches the network.",
        aliases: ["st"])

    @OptionGroup var global: GlobalOptions
    @Flag(name: .customLong("exit-code"), help: "Exit with 3 if conflicts are open.")
    var exitCode = false

    func run() async throws {
        try await global.run { console in
            let status = try console.library().status()
            if console.isJSON {
                console.json("status", JSONViews.status(status))
            } else {
                for line in StatusText.lines(status, console.render) { console.line(line) }
                if !global.quiet { console.line("  All of it is saved on this machine.") }
            }
            if exitCode, !status.conflicts.isEmpty {
                throw ExitCode(ExitStatus.questionsOpen.rawValue)
            }
        }
    }
}

/// `gloss outbox`: what would be sent, and what was refused.
struct OutboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "outbox", abstract: "What the next sync will send, and what was refused.",
        discussion: """
            What the server refused stays here, with its reason, and holds up nothing else. So does what \
            others made, if the server has lost it and leaves it out when it is given back.

            EXAMPLES
              gloss outbox
              gloss outbox --retry xkq         write it anew, to be sent with the next sync
              gloss outbox --drop xkq          drop it
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var dry: DryRunOption
    @Option(help: "Write a refused change anew; may be given several times, or: all.")
    var retry: [String] = []
    @Option(help: "Drop a refused change for good; may be given several times, or: all.")
    var drop: [String] = []

    func run() async throws {
        try await global.run(dry) { console in
            let library = try console.library()
            switch (retry.isEmpty, drop.isEmpty) {
            case (true, true): try list(library, console)
            case (false, true):
                let items = try refused(retry, in: library)
                try library.retry(items, command: console.historyLine)
                try report("retried", items, console)
                console.hint("gloss sync")
            case (true, false): try drop(try refused(drop, in: library), library, console)
            case (false, false): throw ValidationError("Either --retry or --drop.")
            }
        }
    }

    private func refused(_ names: [String], in library: Library) throws -> [OutboxItem] {
        if names == ["all"] {
            return try library.outbox().filter { $0.refusal != nil && !$0.isPurged }
        }
        return try Set(names).sorted().map { try library.refused($0) }
    }

    private func drop(
        _ items: [OutboxItem], _ library: Library, _ console: Console
    ) throws {
        let names = items.map { "\($0.shortID)  \($0.summary)" }.joined(separator: "\n")
        if !items.isEmpty, !console.isDryRun, console.prompter.canAsk {
            let instead = "gloss outbox --drop \(items[0].shortID) --yes"
            let question = "\(names)\nDrop it for good? Undo does not bring it back."
            guard try console.prompter.confirm(question, default: false, instead: instead) else {
                return console.say("Nothing changed.")
            }
        }
        try library.drop(items)
        try report("dropped", items, console)
    }

    private func report(_ word: String, _ items: [OutboxItem], _ console: Console) throws {
        if items.isEmpty { return console.say("Nothing was refused.") }
        try console.result(
            word, [OutputMember("ids", .strings(items.map(\.shortID)))],
            text: items.map { "\(word)  \($0.shortID)  \($0.summary)" }.joined(separator: "\n"))
    }

    private func list(_ library: Library, _ console: Console) throws {
        let items = try library.outbox()
        var table = TextTable([.init(), .init(), .init(), .init(isFlexible: true)])
        for item in items {
            console.json("outbox_item", JSONViews.outbox(item))
            let refusal = item.refusal.map { "  refused: \($0.message) (\($0.code))" } ?? ""
            table.add([
                state(of: item),
                StyledText(item.shortID, .bold),
                StyledText(SafeText.line(item.articleName)),
                StyledText(SafeText.line(item.summary + mark(item.isPrivate) + refusal)),
            ])
        }
        let unreturned = try library.unreturned()
        for change in unreturned {
            console.json("unreturned_change", JSONViews.unreturned(change))
            let reason = "  by \(change.user): \(change.refusal.message) (\(change.refusal.code))"
            table.add([
                StyledText("left out", .alarm), StyledText(change.shortID, .bold),
                StyledText(SafeText.line(change.articleName)),
                StyledText(SafeText.line(change.summary + mark(change.isPrivate) + reason)),
            ])
        }
        console.lines(table.lines(console.render))
        if items.isEmpty { console.say("Nothing waits to be sent.") }
        if !unreturned.isEmpty {
            console.say(
                "Left out: the server lost them. Your copies stay; what their authors send again "
                    + "may come as new changes."
            )
        }
        if items.contains(where: \.isPurged) {
            console.say("Kept: their article was purged on the server, which takes them no more.")
        }
        if items.contains(where: { $0.refusal != nil }) {
            console.hint("gloss outbox --retry ID, or gloss outbox --drop ID")
        }
    }
}

/// What becomes of a change in the outbox, in a word.
private func state(of item: OutboxItem) -> StyledText {
    if item.isPurged { return StyledText("kept", .dim) }
    return item.refusal == nil ? StyledText("waits", .dim) : StyledText("refused", .alarm)
}

/// What a row says of notes that their user keeps to themselves.
private func mark(_ isPrivate: Bool) -> String { isPrivate ? "  (private)" : "" }

/// `gloss sync`: changes both ways.
struct SyncCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sync", abstract: "Exchange changes with the server.",
        discussion: """
            Nothing here is ever needed to save your work: it is saved already. While you stay \
            connected, the others see in which article you worked or looked last, and where, and you \
            are told who comes and goes.

            EXAMPLES
              gloss sync
              gloss sync --watch           stay connected until Ctrl-C, then report
              gloss sync --without-lost    go on without what a restored server lacks
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var dry: DryRunOption
    @Flag(help: "Stay connected until interrupted.") var watch = false
    @Flag(help: "Leave out others' work that the server was restored without; it is kept apart.")
    var withoutLost = false
    @Flag(name: .customLong("exit-code"), help: "Exit with 3 if conflicts are open.")
    var exitCode = false

    func run() async throws {
        try await global.run(dry) { console in
            let library = try console.library()
            if console.isDryRun { return try preview(library, console) }
            let started = console.clientEnvironment.now()
            let report = try await console.untilInterrupted { [watch, withoutLost] in
                try await library.sync(
                    watch ? .watch : .once, lostWork: withoutLost ? .leaveOut : .wait
                ) { event in
                    if watch { console.live(event, library) }
                }
            }
            let conflicts = try library.conflicts()
            let elapsed = console.clientEnvironment.now() - started
            if console.isJSON {
                console.json("sync", JSONViews.sync(report, conflicts))
            } else if !global.quiet {
                for line in StatusText.lines(report, conflicts, milliseconds: elapsed) {
                    console.line(line)
                }
            }
            if !report.articles.isEmpty, !global.quiet || console.isJSON {
                try console.tellReturned(library, in: report.articles)
            }
            if report.refused > 0 || !report.failures.isEmpty {
                throw CommandError(
                    .refused, "refused", "some of it did not go through; it is kept",
                    details: report.failures.map(\.message), tries: ["gloss outbox"])
            }
            if exitCode, !conflicts.isEmpty { throw ExitCode(ExitStatus.questionsOpen.rawValue) }
            if console.wasInterrupted { throw Console.interruption }
        }
    }

    /// Says what would be sent, without asking the server anything.
    private func preview(_ library: Library, _ console: Console) throws {
        guard let server = try library.profile().server else {
            throw ClientError(
                .invalid, "This library has no server.", tries: ["gloss join LINK"])
        }
        let count = try library.outbox().count { $0.refusal == nil && !$0.isPurged }
        let place = "\(server.host):\(server.port)"
        try console.result(
            "sync",
            [OutputMember("server", .string(place)), OutputMember("sent", .integer(count))],
            text: "sent  \(count) change\(count == 1 ? "" : "s") to \(place)")
        console.say("What others have sent is not known without asking. The list: gloss outbox")
    }
}
