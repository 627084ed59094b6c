public import GlossCore

/// What changed between two texts, in words, for merging and for showing.
///
/// Lines are aligned first, then the words of the lines that changed, then the graphemes of a word
/// of which most stayed, so that one mended typo is one small edit and what other people put on the
/// words around it stays where it is. No edit cuts a grapheme of either text. Where words were put in or
/// taken out follows from the words around them, not from what else differs.
public enum WordDiff {
    /// The edits that turn one text into the other: ascending, disjoint, and none where both agree.
    ///
    /// - Complexity: O(scalars × differences), bounded: very different texts give coarser edits.
    public static func edits(from old: String, to new: String) -> [TextEdit] {
        edits(from: Array(old.unicodeScalars), to: Array(new.unicodeScalars))
    }

    /// The edits that turn one text into the other, in scalars.
    public static func edits(
        from old: [Unicode.Scalar], to new: [Unicode.Scalar]
    ) -> [TextEdit] {
        wordHunks(from: old, to: new).map { hunk in
            let small = narrowed(hunk, old, new)
            var edit = TextEdit(small.old, "")
            edit.replacement = Array(new[small.new])
            return edit
        }
    }

    /// A stretch of a comparison.
    public struct Segment: Hashable, Sendable {
        /// Whose it is.
        public enum Kind: Hashable, Sendable {
            /// In both texts.
            case kept
            /// In the old text alone.
            case removed
            /// In the new text alone.
            case added
        }

        /// Whose it is.
        public var kind: Kind
        /// The text; never empty.
        public var text: String

        /// A segment.
        public init(_ kind: Kind, _ text: String) {
            self.kind = kind
            self.text = text
        }
    }

    /// The two texts as one, whole words removed and added; neighbouring changes with only white
    /// space between them are one.
    public static func segments(from old: String, to new: String) -> [Segment] {
        let old = Array(old.unicodeScalars)
        let new = Array(new.unicodeScalars)
        var segments: [Segment] = []
        var offset = 0
        for hunk in phraseHunks(from: old, to: new) {
            let parts: [(Segment.Kind, ArraySlice<Unicode.Scalar>)] = [
                (.kept, old[offset..<hunk.old.lowerBound]), (.removed, old[hunk.old]),
                (.added, new[hunk.new]),
            ]
            for (kind, scalars) in parts where !scalars.isEmpty {
                segments.append(Segment(kind, Graphemes.string(scalars)))
            }
            offset = hunk.old.upperBound
        }
        if offset < old.count { segments.append(Segment(.kept, Graphemes.string(old[offset...]))) }
        return segments
    }

    /// What differs in whole words, in scalars; neighbouring changes with only white space between them
    /// are one.
    static func phraseHunks(from old: [Unicode.Scalar], to new: [Unicode.Scalar]) -> [Hunk] {
        joined(wordHunks(from: old, to: new), old)
    }

    /// What differs in whole words, in scalars.
    static func wordHunks(from old: [Unicode.Scalar], to new: [Unicode.Scalar]) -> [Hunk] {
        let (oldAll, newAll) = (0..<old.count, 0..<new.count)
        let lines = DiffUnits(.lines, old: old, oldAll, new: new, newAll)
        let hunks = lines.hunks(old: oldAll, new: newAll).flatMap { hunk -> [Hunk] in
            guard !hunk.old.isEmpty, !hunk.new.isEmpty else { return [hunk] }
            let words = DiffUnits(.words, old: old, hunk.old, new: new, hunk.new)
            let inside = words.hunks(old: hunk.old, new: hunk.new)
            return isRewritten(hunk, inside, old, new) ? [trimmed(hunk, inside)] : inside
        }
        return HunkAlignment.aligned(hunks, from: old, to: new)
    }

    /// Whether so few words stayed that matching them would only shred the text.
    private static func isRewritten(
        _ whole: Hunk, _ inside: [Hunk], _ old: [Unicode.Scalar], _ new: [Unicode.Scalar]
    ) -> Bool {
        guard inside.count > 2 else { return false }
        let letters = { (scalars: ArraySlice<Unicode.Scalar>) in
            scalars.count { WordKind.isWordScalar($0) }
        }
        let before = letters(old[whole.old])
        let removed = inside.reduce(0) { $0 + letters(old[$1.old]) }
        return (before - removed) * 4 < min(before, letters(new[whole.new]))
    }

    /// From the first difference to the last.
    private static func trimmed(_ whole: Hunk, _ inside: [Hunk]) -> Hunk {
        guard let first = inside.first, let last = inside.last else { return whole }
        return Hunk(
            old: first.old.lowerBound..<last.old.upperBound,
            new: first.new.lowerBound..<last.new.upperBound)
    }

    /// A hunk without the graphemes both sides begin and end with, if that leaves most of it.
    private static func narrowed(
        _ hunk: Hunk, _ old: [Unicode.Scalar], _ new: [Unicode.Scalar]
    ) -> Hunk {
        guard !hunk.old.isEmpty, !hunk.new.isEmpty else { return hunk }
        let units = DiffUnits(.graphemes, old: old, hunk.old, new: new, hunk.new)
        let (before, after) = (units.oldNumbers, units.newNumbers)
        let shorter = min(before.count, after.count)
        var lower = 0
        while lower < shorter, before[lower] == after[lower] { lower += 1 }
        var upper = 0
        while upper < shorter - lower,
            before[before.count - 1 - upper] == after[after.count - 1 - upper]
        {
            upper += 1
        }
        guard (lower + upper) * 2 >= shorter, lower + upper > 0 else { return hunk }
        let oldBounds = hunk.old.lowerBound..<hunk.old.upperBound
        func scalars(_ count: Int, _ ranges: [Range<Int>]) -> Int {
            ranges.prefix(count).reduce(0) { $0 + $1.count }
        }
        func tail(_ count: Int, _ ranges: [Range<Int>]) -> Int {
            ranges.suffix(count).reduce(0) { $0 + $1.count }
        }
        return Hunk(
            old: oldBounds.lowerBound + scalars(lower, units.oldRanges)..<oldBounds.upperBound
                - tail(upper, units.oldRanges),
            new: hunk.new.lowerBound + scalars(lower, units.newRanges)..<hunk.new.upperBound
                - tail(upper, units.newRanges))
    }

    /// Joins replacements with only white space between them.
    private static func joined(_ hunks: [Hunk], _ old: [Unicode.Scalar]) -> [Hunk] {
        var joined: [Hunk] = []
        for hunk in hunks {
            if let last = joined.last, !last.old.isEmpty, !hunk.old.isEmpty, !last.new.isEmpty,
                !hunk.new.isEmpty, hunk.old.lowerBound - last.old.upperBound < 4,
                old[last.old.upperBound..<hunk.old.lowerBound].allSatisfy(TextFold.isSpace)
            {
                joined[joined.count - 1] = Hunk(
                    old: last.old.lowerBound..<hunk.old.upperBound,
                    new: last.new.lowerBound..<hunk.new.upperBound)
            } else {
                joined.append(hunk)
            }
        }
        return joined
    }
}
