import ArgumentParser
import GlossServer

/// Makes an invitation.
struct InviteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "invite", abstract: "Make an invitation: a link that lets somebody join.",
        discussion: """
            EXAMPLES
              glossd invite --for mira                  an editor, once, within an hour
              glossd invite --role reader --uses 30 --expires 7d
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var dry: DryRunOption
    @Option(help: "owner, editor, reviewer or reader.") var role = "editor"
    @Option(name: .customLong("for"), help: "The only account name it is good for.")
    var name: String?
    @Option(help: "How long it is good: 30m, 1h, 7d.") var expires = "1h"
    @Option(help: "How often it may be used.") var uses = 1
    @Option(help: "The library to join.") var library: String?

    func run() async throws {
        guard let seconds = Self.seconds(expires) else {
            throw ServerError(.invalid, "“\(expires)” is no time. Write 30m, 1h or 7d.")
        }
        let request = AdminRequest(
            .invite, name: name, role: role, library: library, expires: seconds, uses: uses,
            dry: dry.request)
        try await common.perform(request) { report in
            guard let invitation = report.invitation else { return }
            if !dry.isOn { Output.data(invitation.link) }
            let user = name.map { " --as \($0)" } ?? ""
            let uses = invitation.uses == 1 ? "once" : "\(invitation.uses) times"
            Output.message(
                "\(dry.isOn ? "Would be good" : "Good") \(uses) until \(invitation.expires), as "
                    + "\(invitation.role) of \(invitation.library)."
                    + (dry.isOn ? "" : " To use it: gloss join LINK\(user)"))
        }
        dry.tell()
    }

    static func seconds(_ text: String) -> Int? {
        let units = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
        guard let last = text.last, let unit = units[String(last)],
            let number = Int(text.dropLast()), (1...1_000_000).contains(number)
        else { return nil }
        return number * unit
    }
}
