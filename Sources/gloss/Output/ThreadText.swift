import GlossClient
import GlossCore

/// One note with its answers, in full.
enum ThreadText {
    static func lines(
        _ note: NoteView, in view: ArticleView, _ render: RenderOptions
    ) -> [StyledText] {
        var lines: [StyledText] = []
        func add(_ text: String, _ style: TextStyle = .plain) {
            lines += TextWrap.lines(StyledText(SafeText.lines(text), style), width: render.width)
        }
        func set(in line: StyledText) {
            var indented = StyledText("   ")
            indented.append(line)
            lines += TextWrap.lines(indented, width: render.width)
        }
        let place = view.paragraph(of: note, in: view.articleText).map { " p\($0)" } ?? ""
        add(
            "\(note.shortID)  \(note.isPrivate ? "private " : "")\(note.kind.rawValue) by \(who(note.author, render)), \(view.name)\(place)",
            .bold)
        if !note.quote.exact.isEmpty {
            add("   on “\(note.quote.exact)”")
            switch note.placement.state {
            case .anchored, .whole:
                if note.isChanged { add("   now “\(note.words)” (changed)") }
            case .moved: add("   moved; now “\(note.words)”")
            case .partial:
                let share = Int((note.placement.coverage * 100).rounded())
                add("   now “\(note.words)” (partial: \(share) % of them)")
            case .rewritten: add("   now “\(note.words)” (rewritten)")
            case .collapsed: add("   these words are gone", .alarm)
            case .pending: add("   its text has not arrived yet", .alarm)
            }
            let elsewhere = view.placesElsewhere(of: note, in: view.articleText)
            if let place = elsewhere.first {
                add("   the same words stand in p\(place.paragraph): “\(place.marked)”")
                let nth = elsewhere.count > 1 ? " “\(note.quote.exact)” --nth 1" : ""
                add("   gloss attach \(note.shortID)\(nth)")
            }
        }
        if let proposal = note.proposal {
            set(in: .comparison(WordDiff.segments(from: note.quote.exact, to: proposal)))
            add("   \(note.decision?.rawValue ?? "open")")
        }
        if !note.body.isEmpty { add("   " + note.body) }
        if !note.tags.isEmpty {
            add("   " + note.tags.map { "#" + $0 }.joined(separator: " "), .dim)
        }
        if let check = note.check {
            for line in CheckText(options: render).lines(check) { set(in: line) }
        }
        if note.isDone { add("   done", .dim) }
        for conflict in note.conflicts { add("   ! conflict \(conflict)", .alarm) }
        for reply in note.replies {
            add("   └ \(reply.shortID)  \(who(reply.author, render)): \(reply.body)")
        }
        return lines
    }

    private static func who(_ author: Attribution, _ render: RenderOptions) -> String {
        "\(author.user), \(render.time(author.time))"
            + (author.isAcknowledged ? "" : ", not sent yet")
    }
}
