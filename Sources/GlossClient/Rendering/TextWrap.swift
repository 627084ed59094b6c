/// Breaks text into lines of a width.
public enum TextWrap {
    private struct Cell {
        var character: Character
        var style: TextStyle
        var columns: Int
    }

    /// Lines of at most `width` columns, broken at spaces, between wide characters, and inside a
    /// word only if it fills a line by itself. Line feeds break always.
    ///
    /// - Parameter width: at least 2 is used.
    /// - Complexity: O(characters).
    public static func lines(_ text: StyledText, width: Int) -> [StyledText] {
        let width = max(2, width)
        var lines: [StyledText] = []
        var line: [Cell] = []
        var used = 0
        var lastBreak = 0
        for run in text.runs {
            for character in run.text {
                let cell = Cell(
                    character: character, style: run.style,
                    columns: DisplayWidth.columns(of: character))
                if character.isNewline {
                    lines.append(styled(line[...]))
                    (line, used, lastBreak) = ([], 0, 0)
                    continue
                }
                if used + cell.columns > width, character != " " {
                    let cut = lastBreak > 0 ? lastBreak : line.count
                    lines.append(styled(line[..<cut]))
                    line = Array(line[cut...])
                    used = line.reduce(0) { $0 + $1.columns }
                    lastBreak = 0
                }
                if cell.columns == 2, !line.isEmpty { lastBreak = line.count }
                line.append(cell)
                used += cell.columns
                if character == " " || (cell.columns == 2 && used <= width) {
                    if line.contains(where: { $0.character != " " }) { lastBreak = line.count }
                }
            }
        }
        lines.append(styled(line[...]))
        return lines
    }

    private static func styled(_ cells: ArraySlice<Cell>) -> StyledText {
        var text = StyledText()
        let end = cells.lastIndex { $0.character != " " } ?? cells.startIndex - 1
        for cell in cells[cells.startIndex..<end + 1] {
            text.append(String(cell.character), cell.style)
        }
        return text
    }
}
