/// Two changed copies of a text made one again, word by word, or not at all.
public enum ThreeWayMerge {
    /// What both sides' changes to `base` give together; `nil` if they touch: if they change the
    /// same words or neighbouring ones differently. The same change on both sides is made once.
    ///
    /// - Complexity: as ``WordDiff/edits(from:to:)``.
    public static func merge(base: String, _ left: String, _ right: String) -> String? {
        if left == right, left.unicodeScalars.elementsEqual(right.unicodeScalars) { return left }
        let original = Array(base.unicodeScalars)
        let leftScalars = Array(left.unicodeScalars)
        let rightScalars = Array(right.unicodeScalars)
        let leftHunks = WordDiff.wordHunks(from: original, to: leftScalars)
        let rightHunks = WordDiff.wordHunks(from: original, to: rightScalars)
        var merged: [Unicode.Scalar] = []
        var offset = 0
        var (leftIndex, rightIndex) = (0, 0)
        while leftIndex < leftHunks.count || rightIndex < rightHunks.count {
            let leftHunk = leftIndex < leftHunks.count ? leftHunks[leftIndex] : nil
            let rightHunk = rightIndex < rightHunks.count ? rightHunks[rightIndex] : nil
            let next: (range: Range<Int>, text: ArraySlice<Unicode.Scalar>)
            switch (leftHunk, rightHunk) {
            case (let mine?, let theirs?) where touch(mine.old, theirs.old):
                guard mine.old == theirs.old, leftScalars[mine.new] == rightScalars[theirs.new]
                else { return nil }
                next = (mine.old, leftScalars[mine.new])
                leftIndex += 1
                rightIndex += 1
            case (let mine?, let theirs)
            where theirs.map { mine.old.lowerBound < $0.old.lowerBound } ?? true:
                next = (mine.old, leftScalars[mine.new])
                leftIndex += 1
            case (_, let theirs?):
                next = (theirs.old, rightScalars[theirs.new])
                rightIndex += 1
            case (_, nil):
                preconditionFailure("one side has a hunk left")
            }
            merged += original[offset..<next.range.lowerBound]
            merged += next.text
            offset = next.range.upperBound
        }
        merged += original[offset...]
        return Graphemes.string(merged)
    }

    private static func touch(_ left: Range<Int>, _ right: Range<Int>) -> Bool {
        left.lowerBound <= right.upperBound && right.lowerBound <= left.upperBound
    }
}
