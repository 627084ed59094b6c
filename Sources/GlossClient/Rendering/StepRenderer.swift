/// Where an undo or redo makes texts differ, in lines.
public struct StepRenderer {
    private let step: HistoryStep
    private let rows: DifferenceRows

    /// A renderer of one step.
    public init(_ step: HistoryStep, _ options: RenderOptions) {
        self.step = step
        rows = DifferenceRows(options: options, text: ArticleText([]))
    }

    /// The places in lines, not yet painted; none if no text changes.
    public func lines() -> [StyledText] { rows.lines(step.text, more: "--json lists all") }
}
