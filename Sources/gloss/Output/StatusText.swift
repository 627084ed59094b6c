import GlossClient
import GlossCore

/// How things stand, in words.
enum StatusText {
    static func lines(_ status: LibraryStatus, _ render: RenderOptions) -> [String] {
        let profile = status.profile
        var place = profile.libraryName ?? "local library"
        place += " · \(profile.user) on \(profile.label)"
        if let last = profile.lastSync {
            place += " · last sync \(render.time(last))"
        } else {
            place += profile.server == nil ? " · no server" : " · never synced"
        }
        var lines = [SafeText.line(place)]
        func row(_ label: String, _ count: Int, _ what: String, _ hint: String) {
            let number = String(count)
            let padded = label + String(repeating: " ", count: 14 - label.count)
            let gap = String(repeating: " ", count: max(1, 4 - number.count))
            let text = "  \(padded)\(number)\(gap)\(what)"
            lines.append(text + String(repeating: " ", count: max(1, 46 - text.count)) + hint)
        }
        if !status.outbox.isEmpty {
            row(
                "to send", status.outbox.count, "change\(status.outbox.count == 1 ? "" : "s")",
                "gloss outbox")
        }
        if !status.refused.isEmpty {
            row("refused", status.refused.count, "kept with the reason", "gloss outbox")
        }
        if !status.kept.isEmpty {
            row("kept", status.kept.count, "of purged articles, not sent", "gloss outbox")
        }
        let needed = status.conflicts.filter(\.needsDecision)
        let looks = status.conflicts.count - needed.count
        if !needed.isEmpty {
            row(
                "needs you", needed.count, "conflict\(needed.count == 1 ? "" : "s")",
                "gloss resolve")
        }
        if looks > 0 { row("worth a look", looks, "merged text", "gloss conflicts") }
        if status.unread > 0 {
            row(
                "unread", status.unread, "change\(status.unread == 1 ? "" : "s") by others",
                "gloss inbox")
        }
        row("articles", status.articles, "", "gloss ls")
        if status.purged > 0 {
            row("purged", status.purged, "on the server, kept here", "gloss ls")
        }
        return lines.map { line in
            var line = line
            while line.last == " " { line.removeLast() }
            return line
        }
    }

    static func lines(
        _ report: SyncReport, _ conflicts: [ConflictView], milliseconds: Int
    ) -> [String] {
        let authors = report.authors.isEmpty ? "" : " (\(report.authors.joined(separator: ", ")))"
        let time = "\(milliseconds / 1000).\(milliseconds % 1000 / 100) s"
        var lines = [
            SafeText.line(
                "\(report.server)  sent \(report.sent) · received \(report.received)\(authors) · \(time)"
            )
        ]
        if report.refused > 0 { lines.append("  refused        \(report.refused)   gloss outbox") }
        if report.resynced > 0 {
            lines.append("  read anew      \(report.resynced)   differed from the server's copy")
        }
        if report.returned > 0 {
            lines.append("  given back     \(report.returned)   the server had lost them")
        }
        if report.unreturned > 0 {
            lines.append(
                "  left out       \(report.unreturned)   the server had lost them, and they "
                    + "have not come back   gloss outbox")
        }
        if report.lost > 0 {
            let whose = SafeText.line(report.lostAuthors.joined(separator: ", "))
            lines.append(
                "  only here      \(report.lost)   by \(whose): the server was restored without them; "
                    + "what builds on them waits until their author syncs   "
                    + "gloss sync --without-lost")
        }
        for name in report.purged {
            lines.append(
                "  purged         \(SafeText.line(name)) is gone from the server for good; "
                    + "your copy stays, and is not synced any more   gloss forget")
        }
        var postponed: [(reason: String, count: Int)] = []
        for reason in report.postponed {
            if let index = postponed.firstIndex(where: { $0.reason == reason }) {
                postponed[index].count += 1
            } else {
                postponed.append((reason, 1))
            }
        }
        for (reason, count) in postponed {
            lines.append("  later          \(count)   \(SafeText.line(reason))")
        }
        let twice = conflicts.filter { $0.conflict.kind == .resolution }
        if let first = twice.first {
            let said = SafeText.line(first.row.sides.joined(separator: ", "))
            lines.append(
                "  settled twice  \(twice.count)   \(first.shortID): \(said)   gloss resolve \(first.shortID)"
            )
        }
        let needed = conflicts.count(where: \.needsDecision) - twice.count
        if needed > 0 { lines.append("  needs you      \(needed)   gloss resolve") }
        let looks = conflicts.count { !$0.needsDecision }
        if looks > 0 { lines.append("  worth a look   \(looks)   gloss conflicts") }
        return lines
    }
}
