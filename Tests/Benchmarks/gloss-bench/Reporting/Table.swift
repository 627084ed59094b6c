/// Rows under a heading: the first and the last column to the left, numbers to the right.
struct Table {
    private var rows: [[String]]

    init(_ heading: [String]) {
        rows = [heading]
    }

    mutating func add(_ row: [String]) {
        rows.append(row)
    }

    /// The table, each line ended.
    var text: String {
        let widths = rows[0].indices.map { column in
            rows.map { $0[column].count }.max() ?? 0
        }
        var text = ""
        for row in rows {
            let cells = zip(row, widths).enumerated().map { column, pair in
                let (cell, width) = pair
                let space = String(repeating: " ", count: width - cell.count)
                return column == 0 || column == row.count - 1 ? cell + space : space + cell
            }
            var line = cells.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            text += "  " + line + "\n"
        }
        return text
    }
}
