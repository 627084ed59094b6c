import GlossClient

/// Which earlier state is shown, in words.
enum PastText {
    static func lines(_ state: PastState, _ render: RenderOptions) -> [StyledText] {
        guard let last = state.last else { return [] }
        let who = last.author.isMine ? "you" : SafeText.line(last.author.user)
        let change =
            "\(last.name), \(who), \(render.time(last.author.time)): \(SafeText.line(last.summary))"
        let moment = state.time.map { "as of \(time($0, render)); last change " } ?? "as of "
        let later =
            switch state.laterCount {
            case 0: "nothing has changed since"
            case 1: "1 change since"
            default: "\(state.laterCount) changes since"
            }
        return TextWrap.lines(
            StyledText("\(moment)\(change) · \(later)", .dim), width: render.width)
    }

    /// A time that may be the end of a day: in full.
    private static func time(_ time: Int, _ render: RenderOptions) -> String {
        render.isPlain
            ? TimeText.rfc3339(time)
            : TimeText.absolute(time, offset: LocalClock.utcOffset(at: time))
    }
}
