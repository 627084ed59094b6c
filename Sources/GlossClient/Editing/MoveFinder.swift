public import GlossCore

/// Finds text that was cut out in one place and put in at another.
///
/// In an editor people move a sentence by cutting and pasting it; comparing the texts afterwards
/// shows a deletion and an insertion. What notes stand on should move along, so words that went and
/// came in the same edit are taken as moved: the longest first, each of them once.
public struct MoveFinder {
    /// So many words and what is between them tell a move from words that are merely common.
    public static let leastWords = 3
    /// How many places where words stood are looked at for words that came; common words have many.
    private static let mostPlaces = 16

    /// A word, or what stands between words, in the old text or in a replacement.
    private struct Unit {
        var scalars: Range<Int>
        var text: ArraySlice<Unicode.Scalar>
        var isWord: Bool
    }

    /// The same words in what went and in what came.
    private struct Match {
        /// Which edit's replacement they are in.
        var edit: Int
        /// Where, in scalars of it.
        var part: Range<Int>
        /// Where they were, in scalars of the old text.
        var source: Range<Int>
    }

    private let old: [Unicode.Scalar]
    /// What each edit takes out, and what it puts in.
    private var removed: [[Unit]] = []
    private var added: [[Unit]] = []
    /// Where each pair of units begins that was taken out: edit and index.
    private var places: [[ArraySlice<Unicode.Scalar>]: [(edit: Int, index: Int)]] = [:]

    /// The edits of a text, with what they move marked.
    ///
    /// - Complexity: O(scalars taken out and put in), times at most 16 for words that are repeated.
    public static func marked(_ edits: [TextEdit], in old: [Unicode.Scalar]) -> [TextEdit] {
        guard edits.contains(where: { !$0.range.isEmpty }),
            edits.contains(where: { !$0.replacement.isEmpty })
        else { return edits }
        let groups = MoveFinder.groups(of: edits, in: old)
        let joined = groups.map { MoveFinder.joined(edits[$0], in: old) }
        let (kept, moved) = sorted(MoveFinder(joined, in: old).chosen(), of: joined)
        return joined.indices.flatMap { index -> [TextEdit] in
            let concerns = (kept + moved).contains { match in
                match.edit == index || joined[index].range.overlaps(match.source)
            }
            guard concerns else { return Array(edits[groups[index]]) }
            return parts(
                of: joined[index], keeping: kept.filter { $0.edit == index },
                moving: moved.filter { $0.edit == index })
        }
    }

    /// Tells what stays in its place in an edit, which a comparison may have missed, from what is moved.
    /// What stays keeps its order: the longest first.
    private static func sorted(
        _ matches: [Match], of edits: [TextEdit]
    ) -> (kept: [Match], moved: [Match]) {
        var kept: [Match] = []
        var moved: [Match] = []
        for match in matches {
            let isWithin = edits[match.edit].range.clamped(to: match.source) == match.source
            let isInOrder = kept.allSatisfy { other in
                other.edit != match.edit
                    || (other.source.lowerBound < match.source.lowerBound)
                        == (other.part.lowerBound < match.part.lowerBound)
            }
            if isWithin && isInOrder { kept.append(match) } else { moved.append(match) }
        }
        return (kept, moved)
    }

    /// An edit without what stays, in the parts around that.
    private static func parts(
        of edit: TextEdit, keeping kept: [Match], moving moved: [Match]
    ) -> [TextEdit] {
        var parts: [TextEdit] = []
        var old = edit.range.lowerBound
        var new = 0
        func add(upTo source: Int, _ part: Int) {
            var between = TextEdit(old..<source, "")
            between.replacement = Array(edit.replacement[new..<part])
            between.moves = moved.filter { new..<part ~= $0.part.lowerBound }
                .sorted { $0.part.lowerBound < $1.part.lowerBound }
                .map {
                    TextEdit.Move(
                        part: $0.part.lowerBound - new..<$0.part.upperBound - new,
                        source: $0.source)
                }
            if !between.range.isEmpty || !between.replacement.isEmpty { parts.append(between) }
        }
        for match in kept.sorted(by: { $0.source.lowerBound < $1.source.lowerBound }) {
            add(upTo: match.source.lowerBound, match.part.lowerBound)
            (old, new) = (match.source.upperBound, match.part.upperBound)
        }
        add(upTo: edit.range.upperBound, edit.replacement.count)
        return parts
    }

    /// The edits that have but white space between them. A comparison keeps that, and takes a sentence
    /// out word by word.
    private static func groups(
        of edits: [TextEdit], in old: [Unicode.Scalar]
    ) -> [Range<Int>] {
        var groups: [Range<Int>] = []
        for index in edits.indices {
            if let last = groups.last,
                old[edits[index - 1].range.upperBound..<edits[index].range.lowerBound]
                    .allSatisfy({ TextFold.isSpace($0) })
            {
                groups[groups.count - 1] = last.lowerBound..<index + 1
            } else {
                groups.append(index..<index + 1)
            }
        }
        return groups
    }

    /// Some edits as one, with what stands between them.
    private static func joined(
        _ edits: ArraySlice<TextEdit>, in old: [Unicode.Scalar]
    ) -> TextEdit {
        guard var joined = edits.first else { preconditionFailure("a group has an edit") }
        for edit in edits.dropFirst() {
            joined.replacement += old[joined.range.upperBound..<edit.range.lowerBound]
            joined.replacement += edit.replacement
            joined.range = joined.range.lowerBound..<edit.range.upperBound
        }
        return joined
    }

    private init(_ edits: [TextEdit], in old: [Unicode.Scalar]) {
        self.old = old
        for edit in edits {
            removed.append(MoveFinder.units(of: old, edit.range))
            added.append(MoveFinder.units(of: edit.replacement, edit.replacement.indices))
        }
        for (edit, units) in removed.enumerated() {
            for index in units.indices.dropLast() {
                let key = [units[index].text, units[index + 1].text]
                if places[key, default: []].count < MoveFinder.mostPlaces {
                    places[key, default: []].append((edit, index))
                }
            }
        }
    }

    private static func units(of scalars: [Unicode.Scalar], _ range: Range<Int>) -> [Unit] {
        var units: [Unit] = []
        WordKind.forEach(in: scalars, range) { range, kind in
            units.append(Unit(scalars: range, text: scalars[range], isWord: kind == .word))
        }
        return units
    }

    /// The matches that hold: the longest first, none over words that another one has.
    private func chosen() -> [Match] {
        var usedOld = RangeSet<Int>()
        var usedNew = [RangeSet<Int>](repeating: RangeSet(), count: added.count)
        var chosen: [Match] = []
        let matches = candidates().sorted {
            ($1.part.count, $0.source.lowerBound, $0.edit, $0.part.lowerBound)
                < ($0.part.count, $1.source.lowerBound, $1.edit, $1.part.lowerBound)
        }
        for match in matches
        where usedOld.isDisjoint(RangeSet(match.source))
            && usedNew[match.edit].isDisjoint(RangeSet(match.part))
        {
            usedOld.insert(contentsOf: match.source)
            usedNew[match.edit].insert(contentsOf: match.part)
            chosen.append(match)
        }
        return chosen
    }

    /// All stretches of the same words, as long as they go on.
    private func candidates() -> [Match] {
        var matches: [Match] = []
        for (edit, units) in added.enumerated() {
            for index in units.indices.dropLast() {
                for place in places[[units[index].text, units[index + 1].text]] ?? []
                where !isContinued(edit, index, place) {
                    if let match = match(edit, index, place) { matches.append(match) }
                }
            }
        }
        return matches
    }

    /// Whether the words before are the same too, so that a longer stretch holds these.
    private func isContinued(
        _ edit: Int, _ index: Int, _ place: (edit: Int, index: Int)
    ) -> Bool {
        index > 0 && place.index > 0
            && added[edit][index - 1].text == removed[place.edit][place.index - 1].text
    }

    private func match(_ edit: Int, _ index: Int, _ place: (edit: Int, index: Int)) -> Match? {
        let new = added[edit][index...]
        let old = removed[place.edit][place.index...]
        let count = zip(new, old).prefix { $0.text == $1.text }.count
        let words = new.prefix(count).count { $0.isWord }
        guard words >= MoveFinder.leastWords, let first = new.first, let start = old.first else {
            return nil
        }
        let length = new.prefix(count).reduce(0) { $0 + $1.scalars.count }
        return Match(
            edit: edit, part: first.scalars.lowerBound..<first.scalars.lowerBound + length,
            source: start.scalars.lowerBound..<start.scalars.lowerBound + length)
    }
}
