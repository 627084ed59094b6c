import Glibc

/// Data goes to standard output, messages to standard error.
enum Output {
    /// Writes a line of data.
    static func data(_ text: String) {
        write(text, to: STDOUT_FILENO)
    }

    /// Writes a line for people.
    static func message(_ text: String) {
        write(text, to: STDERR_FILENO)
    }

    /// Whether messages go to a terminal.
    static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// Writes rows under a header, each column as wide as its widest cell.
    static func table(_ header: [String], _ rows: [[String]]) {
        let all = [header] + rows
        let widths = header.indices.map { column in
            all.map { $0[column].unicodeScalars.count }.max() ?? 0
        }
        for row in all {
            let cells = zip(row, widths).map { cell, width in
                cell + String(repeating: " ", count: width - cell.unicodeScalars.count)
            }
            var line = cells.joined(separator: "  ")
            while line.hasSuffix(" ") { line.removeLast() }
            data(line)
        }
    }

    private static func write(_ text: String, to file: Int32) {
        var rest = Array("\(text)\n".utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
