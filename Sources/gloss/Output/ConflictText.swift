import GlossClient
import GlossCore

/// Conflicts in words.
enum ConflictText {
    /// Prints a conflict with everything said; one that was settled with its answer.
    static func show(_ id: String, _ library: Library, _ console: Console) throws {
        let conflict: ConflictView
        do {
            conflict = try library.conflict(id)
        } catch let error as ClientError where error.code == .stale || error.code == .noMatch {
            guard let settled = try library.settledConflict(id) else { throw error }
            console.json("settled_conflict", JSONViews.settled(settled))
            console.lines(ConflictCardRenderer(console.render).lines(settled.card()))
            return
        }
        console.json("conflict", JSONViews.conflict(conflict))
        console.lines(ConflictCardRenderer(console.render).lines(conflict.card()))
        if let words = conflict.replacedWords, conflict.choices.contains("edit") {
            console.say("Words of your own (-m, --edit) stand in place of all of “\(words)”.")
        }
        let attach =
            conflict.conflict.kind == .anchor
            ? conflict.noteShortID.map { ", or gloss attach \($0) WORDS" } ?? "" : ""
        let named = conflict.choices.filter { $0 != "edit" }.joined(separator: "|")
        let words = conflict.choices.contains("edit") ? ", or -m WORDS" : ""
        console.hint("gloss resolve \(conflict.shortID) --take \(named)\(words)\(attach)")
    }

    /// How many need somebody, and how many are only worth a look: `2 need you, 1 is worth a look`.
    static func count(_ conflicts: [ConflictView]) -> String {
        let needed = conflicts.count(where: \.needsDecision)
        let looks = conflicts.count - needed
        let parts = [
            needed > 0 ? "\(needed) need\(needed == 1 ? "s" : "") you" : nil,
            looks > 0 ? "\(looks) \(looks == 1 ? "is" : "are") worth a look" : nil,
        ]
        return parts.compactMap { $0 }.joined(separator: ", ")
    }

    /// The first line of what shows, short enough to stand beside something.
    static func line(_ text: String) -> String {
        let line = text.prefix { $0 != "\n" }
        return line.count > 60 || line.count < text.count ? line.prefix(59) + "…" : String(line)
    }

    /// What an answer left: `settled: …`.
    static func settled(_ shown: String) -> String {
        shown.isEmpty ? "settled." : "settled: \(line(shown))"
    }
}
