import GlossCore

/// What has changed in an article and its notes since an earlier state.
public struct ArticleDifference: Sendable {
    /// The article then.
    public let before: PastArticle
    /// The article now.
    public let now: ArticleView
    /// The changes since, the oldest first.
    public let changes: [LogEntry]
    /// What became of notes, in the order of the text now, those that are gone last.
    public let notes: [NoteDifference]

    /// Where the text differs, ascending.
    public var text: [TextDifference] {
        TextDifference.between(before.view.scalars, now.articleText)
    }

    /// The title then and now, where it differs.
    public var title: (before: String, now: String)? {
        before.view.title == now.title ? nil : (before.view.title, now.title)
    }

    /// Questions that have come up and are open.
    public var openedConflicts: [ConflictView] {
        let former = Set(before.view.conflicts.map(\.conflict.id))
        return now.conflicts.filter { !former.contains($0.conflict.id) }
    }

    /// Questions that were open and are not any more.
    public var settledConflicts: [ConflictView] {
        let present = Set(now.conflicts.map(\.conflict.id))
        return before.view.conflicts.filter { !present.contains($0.conflict.id) }
    }

    /// Who made the changes since, each once, in the order of their first.
    public var authors: [Attribution] {
        var authors: [Attribution] = []
        for entry in changes where !authors.contains(where: { $0.user == entry.author.user }) {
            authors.append(entry.author)
        }
        return authors
    }
}

/// What became of one note.
public struct NoteDifference: Sendable {
    /// What happened to it.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// It was made.
        case new
        /// It was withdrawn.
        case withdrawn
        /// What it says or proposes is another.
        case edited
        /// Somebody replied.
        case answered
        /// It is dealt with.
        case closed
        /// It was opened again.
        case reopened
        /// The suggestion is in the text now.
        case accepted
        /// Somebody decided against the suggestion.
        case rejected
        /// Its tags are others.
        case tagged
        /// It stands on other words.
        case moved
        /// Its words are gone.
        case loose
        /// Somebody gave a verdict on its words, or took one off.
        case checked
        /// Its words are others than those that were checked.
        case stale
    }

    /// What happened.
    public let kind: Kind
    /// The note, as it is now, or was if it is gone.
    public let note: NoteView
    /// Who did it; `nil` where several may have.
    public let author: Attribution?
    /// The text before, where it has changed.
    public let before: String?
    /// The text now: of the note, the reply, the words it stands on, or how its check stands.
    public let now: String
}

/// A place where a text differs, with a little of what stands around it.
public struct TextDifference: Sendable {
    /// The paragraph of the text now, from 1; 0 for an empty text.
    public let paragraph: Int
    /// The words there.
    public let segments: [WordDiff.Segment]

    /// How many characters of context are kept on each side.
    private static let context = 48

    /// The places where two texts differ, ascending.
    static func between(_ old: [Unicode.Scalar], _ new: ArticleText) -> [TextDifference] {
        let all = WordDiff.segments(
            from: Graphemes.string(old), to: Graphemes.string(new.scalars))
        var found: [TextDifference] = []
        var open: [WordDiff.Segment] = []
        var place = 0
        var offset = 0
        for (index, segment) in all.enumerated() {
            if segment.kind == .kept {
                let isBridge =
                    !open.isEmpty && index + 1 < all.count
                    && segment.text.count <= context && !segment.text.contains(where: \.isNewline)
                if isBridge {
                    open.append(segment)
                } else if !open.isEmpty {
                    if let after = start(of: segment.text) { open.append(.init(.kept, after)) }
                    found.append(TextDifference(paragraph: place, segments: open))
                    open = []
                }
            } else {
                if open.isEmpty {
                    let isAtEnd = offset >= new.scalars.count && segment.kind == .removed
                    let blank = segment.text.unicodeScalars.prefix { TextFold.isSpace($0) }.count
                    let first = offset + (segment.kind == .added ? blank : 0)
                    place =
                        new.paragraphs.isEmpty
                        ? 0 : new.paragraph(at: isAtEnd ? max(0, offset - 1) : first) + 1
                    if index > 0, let before = end(of: all[index - 1].text) {
                        open.append(.init(.kept, before))
                    }
                }
                open.append(segment)
            }
            if segment.kind != .removed { offset += segment.text.unicodeScalars.count }
        }
        if !open.isEmpty { found.append(TextDifference(paragraph: place, segments: open)) }
        return found
    }

    /// The place where some text was deleted.
    static func deletion(of text: String, at offset: Int, in now: ArticleText) -> TextDifference {
        var segments = [WordDiff.Segment(.removed, text)]
        if let before = end(of: Graphemes.string(now.scalars[..<offset])) {
            segments.insert(.init(.kept, before), at: 0)
        }
        if let after = start(of: Graphemes.string(now.scalars[offset...])) {
            segments.append(.init(.kept, after))
        }
        let last = max(0, min(offset, now.scalars.count - 1))
        return TextDifference(
            paragraph: now.paragraphs.isEmpty ? 0 : now.paragraph(at: last) + 1,
            segments: segments)
    }

    /// The last words of a text's last line; `nil` if that is empty.
    private static func end(of text: String) -> String? {
        let line = text[
            (text.lastIndex(where: \.isNewline).map(text.index(after:)) ?? text.startIndex)...]
        guard !line.isEmpty else { return nil }
        guard line.count > context else { return String(line) }
        let tail = line.suffix(context)
        return "…" + tail[(tail.firstIndex(of: " ") ?? tail.startIndex)...]
    }

    /// The first words of a text's first line; `nil` if that is empty.
    private static func start(of text: String) -> String? {
        let line = text.prefix { !$0.isNewline }
        guard !line.isEmpty else { return nil }
        guard line.count > context else { return String(line) }
        let head = line.prefix(context)
        return head[..<(head.lastIndex(of: " ").map(head.index(after:)) ?? head.endIndex)] + "…"
    }
}

extension Replica {
    /// Where a change that this replica holds made the text differ; nothing if it is none of text.
    func textDifference(of change: Change) -> [TextDifference] {
        guard change.ops.contains(where: \.isOfText) else { return [] }
        let before = text(at: change.causes.sorted())
        let after = text(at: [change.lastID])
        return TextDifference.between(
            Array(before.unicodeScalars), ArticleText(Array(after.unicodeScalars)))
    }
}

extension Op {
    /// Whether it changes text.
    fileprivate var isOfText: Bool {
        switch self {
        case .insert, .delete, .visibility: true
        default: false
        }
    }
}
