/// How to write for the reader at hand.
public struct RenderOptions: Hashable, Sendable {
    /// Where notes go beside an article.
    public enum NotePlacement: String, Hashable, Sendable, CaseIterable {
        /// In the margin if the lines are at least ``RenderOptions/marginWidth`` wide, else inline.
        case auto
        /// In a column right of the text.
        case margin
        /// Under each paragraph.
        case inline
        /// All of them behind the text.
        case foot
        /// Nowhere; nor are there marks in the text.
        case none
    }

    /// From this width on there is room for notes in the margin.
    public static let marginWidth = 104

    /// The columns of a line.
    public var width: Int
    /// Whether to write escape sequences for colours and styles.
    public var colour: Bool
    /// One record a line, times in full, no superscripts: for other programs.
    public var isPlain: Bool
    /// Linear text without columns or drawing: for screen readers.
    public var isAccessible: Bool
    /// Where notes go.
    public var notes: NotePlacement
    /// The time now, in milliseconds since 1970.
    public var now: Int
    /// The reader's time zone, in seconds east of UTC.
    public var utcOffset: Int

    /// Options.
    public init(
        width: Int = 80, colour: Bool = false, isPlain: Bool = false, isAccessible: Bool = false,
        notes: NotePlacement = .auto, now: Int, utcOffset: Int = 0
    ) {
        self.width = width
        self.colour = colour
        self.isPlain = isPlain
        self.isAccessible = isAccessible
        self.notes = notes
        self.now = now
        self.utcOffset = utcOffset
    }

    /// A time in milliseconds since 1970, as this reader should see it.
    public func time(_ time: Int) -> String {
        isPlain
            ? TimeText.rfc3339(time) : TimeText.relative(time, now: now, offset: utcOffset)
    }

    /// The lines as one text, each ended.
    public func text(_ lines: [StyledText]) -> String {
        lines.map { $0.painted(colour: colour && !isPlain) + "\n" }.joined()
    }
}
