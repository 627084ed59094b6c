import GlossServer

/// What the server says once it listens.
struct Announcement {
    var readyFile: String?
    var printInvite: Bool
    var json: Bool
    /// Whether standard error is for lines of the log only.
    var isQuiet = false

    func make(_ report: Server.Report) throws {
        if json { Output.data(report.json(withInvitation: printInvite)) }
        if isQuiet {
            if report.firstInvitation != nil, !printInvite {
                _ = try report.writeFirstInvitation()
            } else if let link = report.firstInvitation, !json {
                Output.data(link)
            }
            if let readyFile { try report.writeReadyFile(readyFile) }
            return
        }
        let state = report.isNew ? " (new)" : ""
        Output.message("glossd \(Server.version)  data \(report.dataDirectory)\(state)")
        Output.message("listening   \(report.address), TLS 1.3, key \(short(report.fingerprint))")
        if let http = report.http { Output.message("metrics     http://\(http)/metrics") }
        if let link = report.firstInvitation {
            try announce(link, report)
        } else if !report.hasUsers {
            Output.message("Nobody has joined yet. A link: glossd invite --role owner")
        }
        if let readyFile { try report.writeReadyFile(readyFile) }
    }

    private func announce(_ link: String, _ report: Server.Report) throws {
        if printInvite, !json { Output.data(link) }
        if Output.isTerminal {
            Output.message("You are the first one here. On your own machine run, within an hour:")
            Output.message("  gloss join \(link)")
            Output.message(
                "This link works once and will not be shown again "
                    + "(new one: glossd invite --role owner).")
        } else if !printInvite {
            let path = try report.writeFirstInvitation()
            Output.message("The link for the first owner is in \(path)")
        }
    }

    private func short(_ fingerprint: String) -> String {
        "\(fingerprint.prefix(8))…\(fingerprint.suffix(4))"
    }
}
