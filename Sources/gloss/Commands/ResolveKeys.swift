import GlossClient
import GlossCore

/// The keys that answer one conflict in a walk.
struct ResolveKeys {
    /// A key, the word it stands for, and what people read beside it.
    struct Key {
        let key: String
        let word: String
        let label: String
    }

    private let conflict: ConflictView
    /// Those that answer it.
    let choices: [Key]

    init(_ conflict: ConflictView) {
        self.conflict = conflict
        var keys: [Key] = []
        func offer(_ key: String, _ word: String, _ label: String) {
            guard (try? conflict.choice(named: word)) != nil else { return }
            keys.append(Key(key: key, word: word, label: label))
        }
        if conflict.recommendation == .merged { offer("y", "merged", "merged (Return)") }
        offer("m", "mine", "mine")
        if let other = conflict.otherPerson { offer("t", "theirs", other) }
        for version in conflict.versions {
            offer(
                ResolveKeys.key(of: version.letter), version.letter,
                conflict.names(of: version))
        }
        if conflict.recommendation == nil { offer("y", "merged", "merged") }
        offer("B", "both", "both")
        offer("0", "base", "base")
        offer("k", "keep", "keep")
        offer("x", "withdraw", "withdraw")
        offer("l", "loose", "leave loose")
        offer("done", "done", "done")
        choices = keys
    }

    /// The question for an answer: the keys that do something here.
    var question: String {
        let short = choices.filter { choice in
            // Whom `m` or `t` stand for needs no letter.
            guard choice.word.count == 1, choice.key != "0" else { return true }
            return !["mine", "theirs"].contains {
                (try? conflict.choice(named: $0)) == .letter(choice.word)
            }
        }
        var parts = short.map { $0.key == $0.label ? $0.key : "\($0.key) \($0.label)" }
        if takesWords { parts.append("e edit") }
        return (parts + ["d diff", "h history", "s skip", "? keys"]).joined(separator: "  ")
            + "  >"
    }

    var takesWords: Bool { conflict.choices.contains("edit") }

    /// The word that a key stands for, or what was typed; `nil` for Return where nothing is
    /// recommended.
    func word(for typed: String) -> String? {
        if typed.isEmpty { return conflict.recommendation?.name }
        if typed == "B" { return "both" }
        // Where they say nothing clear, the words say why.
        let words = ["m": "mine", "t": "theirs"]
        return choices.first { $0.key == typed }?.word ?? words[typed] ?? typed
    }

    /// All keys, one a line.
    var help: [String] {
        var lines = choices.map { ($0.key, "take: \($0.label)") }
        if let recommended = conflict.recommendation { lines.append(("Return", recommended.name)) }
        if takesWords { lines.append(("e", "write your own words in the editor")) }
        lines += [
            ("d", "whole texts, or what each changes"),
            ("h", "what happened to it so far"),
            ("w", "say why, before you choose"),
            ("*", "the last choice for the rest of this kind; * WORD: this choice for them"),
            ("s", "skip it"), ("p", "go back to the one before"),
            ("u", "take the last answer back"), ("q", "quit; what is answered stays"),
        ]
        return lines.map { key, what in
            "   \(key)\(String(repeating: " ", count: max(1, 8 - key.count)))\(what)"
        }
    }

    /// Small letters for the first three versions; past these, small letters are other keys.
    private static func key(of letter: String) -> String {
        ["A", "B", "C"].contains(letter) ? letter.lowercased() : letter
    }
}
