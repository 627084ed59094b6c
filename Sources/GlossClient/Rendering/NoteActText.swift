import GlossCore

/// What a change did to a note, in words.
public enum NoteActText {
    /// A line that begins with what happened.
    ///
    /// - Parameter isNamed: whether the note is named; not where only one is asked about.
    public static func line(_ act: NoteAct, isNamed: Bool) -> StyledText {
        var line = StyledText(word(act))
        if isNamed || act.subject != act.thread { line.append("  " + act.shortID, .bold) }
        let now = SafeText.line(act.now)
        switch act.kind {
        case .made:
            if !act.quote.isEmpty { line.append("  “\(SafeText.line(act.quote))”") }
            if !now.isEmpty { line.append("  " + now) }
        case .edited, .moved:
            line.append("  ")
            line.append(
                .comparison(
                    WordDiff.segments(from: SafeText.line(act.before ?? ""), to: now)))
        case .checked:
            if let before = act.before { line.append("  \(SafeText.line(before)) →") }
            line.append("  " + now)
        case .settled: line.append("  took " + now)
        case .rejected: if !now.isEmpty { line.append("  “\(now)”") }
        case .answered, .tagged, .untagged, .closed, .reopened, .withdrawn, .restored, .accepted,
            .unaccepted, .written:
            if !now.isEmpty { line.append("  " + now) }
        }
        return line
    }

    private static func word(_ act: NoteAct) -> String {
        switch act.kind {
        case .restored: "brought back"
        case .unaccepted: "acceptance undone"
        case .edited where act.subject != act.thread: "edited reply"
        case .withdrawn where act.subject != act.thread: "withdrawn reply"
        case .settled: "conflict settled"
        default: act.kind.rawValue
        }
    }
}
