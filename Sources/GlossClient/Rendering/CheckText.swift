import GlossCore

/// The check of a note in lines of text.
public struct CheckText {
    private let options: RenderOptions

    /// For these options.
    public init(options: RenderOptions) {
        self.options = options
    }

    /// A check in lines that still have to be wrapped: who found what, and by what; what has changed
    /// since.
    public func lines(_ check: CheckView) -> [StyledText] {
        guard check.verdict != nil else { return [StyledText(check.state.rawValue, .alarm)] }
        var lines = [finding(check)]
        if let changes = changes(of: check) { lines.append(changes) }
        return lines
    }

    /// `confirmed by jo, 2 h: Deltares report, p. 12`
    func finding(_ check: CheckView, withAuthor: Bool = true) -> StyledText {
        var line = StyledText(
            SafeText.line(check.verdict?.rawValue ?? check.state.rawValue),
            check.isConfirmed ? .bold : .alarm)
        if withAuthor, let author = check.author {
            line.append(" by ")
            line.append(
                SafeText.line(author.user), TextStyle(colour: .of(author: author.user)))
            line.append(", " + options.time(author.time), .dim)
        }
        let grounds =
            (check.evidence.map(\.summary) + [check.remark.map { "“\($0)”" }].compactMap { $0 })
            .map(SafeText.line)
        if !grounds.isEmpty { line.append(": " + grounds.joined(separator: "; ")) }
        if let why = check.why { line.append("   why: “\(SafeText.line(why))”", .dim) }
        return line
    }

    /// What has changed in the words since; `nil` if the check is fresh.
    func changes(of check: CheckView) -> StyledText? {
        switch check.state {
        case .unchecked, .fresh: return nil
        case .pending: return StyledText("pending: its text has not arrived yet", .alarm)
        case .stale:
            var line = StyledText("stale: ", .alarm)
            line.append(comparison(check.then, check.now))
            return line
        }
    }

    /// Two texts on one line, without most of what is the same in both.
    public func comparison(_ then: String, _ now: String) -> StyledText {
        if options.isAccessible {
            let now = now.isEmpty ? "nothing" : "“\(SafeText.line(now))”"
            return StyledText("checked on “\(SafeText.line(then))”, where \(now) stands now")
        }
        if then == now { return StyledText("“\(SafeText.line(now))” stands elsewhere") }
        let segments = WordDiff.segments(from: SafeText.line(then), to: SafeText.line(now))
        guard segments.contains(where: { $0.kind != .kept }) else {
            return StyledText("“\(SafeText.line(now))”, in white space only")
        }
        return .comparison(
            segments.enumerated().map { place, segment in
                guard segment.kind == .kept else { return segment }
                return .init(
                    .kept,
                    Self.clipped(
                        segment.text, keepsStart: place > 0,
                        keepsEnd: place < segments.count - 1))
            })
    }

    /// How many characters of unchanged text stay beside a change.
    private static let context = 40

    private static func clipped(_ text: String, keepsStart: Bool, keepsEnd: Bool) -> String {
        let sides = (keepsStart ? 1 : 0) + (keepsEnd ? 1 : 0)
        guard text.count > context * sides + 1 else { return text }
        return (keepsStart ? text.prefix(context) : "") + "…"
            + (keepsEnd ? text.suffix(context) : "")
    }
}
