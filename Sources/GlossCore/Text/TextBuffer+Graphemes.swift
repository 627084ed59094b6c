/// Boundaries between what readers see as characters: the extended grapheme clusters of UAX #29.
///
/// They are Swift's own. Unicode changes them from version to version, so no document may depend on
/// them: they are for cursors and for what is shown.
///
/// Swift breaks strings, so a window is made one, and its ends must be boundaries of the whole text.
/// A safe break is one that holds whatever stands around it. The rules look at two scalars, and at
/// more only to join emoji around a zero-width joiner (GB11), to join consonants around a virama
/// (GB9c), and to pair flags (GB12, GB13). The first two need a mark or a format character in front
/// of the break, and flags join when seen alone. So two scalars that break alone are a safe break
/// unless the first is one of those; and nothing in front of a safe break matters behind it, since
/// all that those rules look at is one cluster or one run of flags.
extension TextBuffer {
    /// The last boundary that is not behind a position.
    ///
    /// - Complexity: O(w), the way back to a safe break: two scalars in most text, and as long as
    ///   clusters with marks, joiners or flags follow each other.
    func graphemeBoundary(atOrBefore position: Int) -> Int {
        precondition(position >= 0 && position <= count, "the position is in the text")
        if isSafeBreak(position) { return position }
        let start = safeBreak(before: position)
        // Whether there is a break before a scalar does not depend on anything behind it.
        var boundary = start
        for length in clusterLengths(start..<position + 1) where boundary + length <= position {
            boundary += length
        }
        return boundary
    }

    /// The first boundary behind a position, or the end.
    ///
    /// - Complexity: as ``graphemeBoundary(atOrBefore:)``, to both sides.
    func graphemeBoundary(after position: Int) -> Int {
        precondition(position >= 0 && position <= count, "the position is in the text")
        if position == count { return position }
        if isSafeBreak(position + 1) { return position + 1 }
        let start = isSafeBreak(position) ? position : safeBreak(before: position)
        var end = position + 2
        while !isSafeBreak(end) { end += 1 }
        var boundary = start
        for length in clusterLengths(start..<end) {
            boundary += length
            if boundary > position { break }
        }
        return boundary
    }

    /// The last safe break in front of a position that is not the start.
    private func safeBreak(before position: Int) -> Int {
        var start = position - 1
        while !isSafeBreak(start) { start -= 1 }
        return start
    }

    /// Whether a boundary stands at a position whatever else the text says.
    private func isSafeBreak(_ position: Int) -> Bool {
        if position == 0 || position == count { return true }
        let first = self[position - 1]
        let second = self[position]
        // Below U+0300 there are no marks, joiners or flags: only CR LF stays together (GB3).
        if first.value < 0x300 && second.value < 0x300 { return first != "\r" || second != "\n" }
        let properties = first.properties
        switch properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark, .format: return false
        default: break
        }
        if properties.isEmojiModifier { return false }
        return clusterLengths(position - 1..<position + 1).count == 2
    }

    /// How many scalars each cluster of a window has.
    private func clusterLengths(_ window: Range<Int>) -> [Int] {
        string(window).map { $0.unicodeScalars.count }
    }
}
