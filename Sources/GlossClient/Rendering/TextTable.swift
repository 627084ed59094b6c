/// Rows in columns; in plain output, fields with tabs between them.
public struct TextTable: Sendable {
    /// A column.
    public struct Column: Hashable, Sendable {
        /// Whether its cells stand at its right edge: for numbers.
        public var isRight: Bool
        /// Whether it may be cut short where there is no room for all.
        public var isFlexible: Bool

        /// A column.
        public init(isRight: Bool = false, isFlexible: Bool = false) {
            self.isRight = isRight
            self.isFlexible = isFlexible
        }
    }

    /// The columns.
    public let columns: [Column]
    private var rows: [[(text: StyledText, columns: Int)]] = []
    private static let gap = 2
    private static let narrowest = 8

    /// An empty table.
    public init(_ columns: [Column]) {
        self.columns = columns
    }

    /// Adds a row; it has as many cells as there are columns. Cells must be safe and of one line.
    public mutating func add(_ cells: [StyledText]) {
        precondition(cells.count == columns.count, "a row fills the columns")
        rows.append(cells.map { ($0, $0.columns) })
    }

    /// The rows in lines.
    public func lines(_ options: RenderOptions) -> [StyledText] {
        if options.isPlain {
            return rows.map { StyledText($0.map(\.text.text).joined(separator: "\t")) }
        }
        let widths = widths(within: options.width)
        return rows.map { row in
            var line = StyledText()
            for (index, cell) in row.enumerated() where widths[index] > 0 {
                let isCut = cell.columns > widths[index]
                let cut = isCut ? TextTable.cut(cell.text, to: widths[index]) : cell.text
                let columns = isCut ? cut.columns : cell.columns
                let space = String(repeating: " ", count: widths[index] - columns)
                if !line.runs.isEmpty {
                    line.append(String(repeating: " ", count: TextTable.gap))
                }
                if self.columns[index].isRight { line.append(space) }
                line.append(cut)
                let isLast = row[(index + 1)...].allSatisfy(\.text.runs.isEmpty)
                if isLast { break }
                if !self.columns[index].isRight { line.append(space) }
            }
            return line
        }
    }

    /// The widest cell of each column, flexible ones shared out what is left of the line.
    private func widths(within width: Int) -> [Int] {
        var widths = columns.indices.map { index in rows.map { $0[index].columns }.max() ?? 0 }
        let gaps = max(0, widths.count { $0 > 0 } - 1) * TextTable.gap
        var excess = widths.reduce(gaps, +) - width
        while excess > 0 {
            let widest = columns.indices.filter { columns[$0].isFlexible }
                .max { widths[$0] < widths[$1] }
            guard let widest, widths[widest] > TextTable.narrowest else { break }
            widths[widest] -= 1
            excess -= 1
        }
        return widths
    }

    private static func cut(_ cell: StyledText, to width: Int) -> StyledText {
        var cut = StyledText()
        for run in cell.runs {
            let left = width - cut.columns
            guard left > 0 else { break }
            let isEnd = DisplayWidth.columns(of: run.text) >= left
            cut.append(
                isEnd ? DisplayWidth.truncated(run.text + " ", to: left) : run.text, run.style)
        }
        return cut
    }
}
