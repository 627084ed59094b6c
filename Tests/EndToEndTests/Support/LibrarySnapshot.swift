import Foundation
import GlossCore
import GlossStorage

/// Everything that a library's file says, as text: the history, the articles, every change of
/// every replica with what became of it.
struct LibrarySnapshot: Hashable {
    let lines: [String]

    init(file: String) throws {
        let library = try LibraryStore(path: file)
        defer { try? library.close() }
        lines = try library.read { reader in
            var lines: [String] = []
            for entry in try reader.history() {
                let undone = entry.undoes.map { " undoes \($0)" } ?? ""
                lines.append("\(entry.state) \(entry.command)\(undone)")
                lines.append("at \(entry.time)")
            }
            for article in try reader.articles() {
                lines.append("\(article.name) “\(article.title)” archived: \(article.archived)")
            }
            for replica in try reader.replicas() {
                lines.append("\(replica.kind) up to \(replica.position)")
                for change in try reader.changes(of: replica.id) {
                    let bytes = String(decoding: change.bytes, as: UTF8.self)
                    lines.append("\(change.state) \(change.entry ?? 0) \(bytes)")
                }
            }
            for change in try reader.recalled() {
                let bytes = String(decoding: change.bytes, as: UTF8.self)
                lines.append("recalled \(change.entry ?? 0) \(bytes)")
            }
            return lines
        }
    }

    /// The same without what differs when a command is run another time: times and new ids.
    var comparable: [String] {
        lines.filter { !$0.hasPrefix("at ") }.map {
            $0.replacing(/"w":\d+/, with: "").replacing(/[0-9a-f]{16,32}/, with: "id")
        }.sorted()
    }
}
