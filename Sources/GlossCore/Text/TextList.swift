/// The characters of an article in document order, deleted ones included: a FugueMax list.
///
/// Each character has an id, the neighbours it was typed between (its origins), and a place that
/// never changes. Order follows from origins alone: Weidner and Kleppmann, "The Art of the Fugue"
/// (2023), in the list form that Seph Gentle calls YjsMod. Consecutive characters that were typed
/// one after the other are stored as one run.
struct TextList: Sendable {
    /// Stands for the start of the document as a left origin.
    static let documentStart = -1
    /// Stands for the end of the document as a right origin.
    static let documentEnd = Int.max

    /// Consecutive characters; each but the first has the one before it as its left origin.
    struct Run: Sendable {
        var start: LocalVersion
        var count: Int
        /// The left origin of the first character.
        var left: LocalVersion
        /// The right origin of all of them.
        var right: LocalVersion
        var isVisible: Bool

        var end: LocalVersion { start + count }
    }

    private(set) var runs: [Run] = []
    /// How many characters show.
    private(set) var visibleCount = 0

    /// Where a character stands: a run and the offset in it.
    struct Place: Comparable {
        var run: Int
        var offset: Int

        static func < (left: Place, right: Place) -> Bool {
            (left.run, left.offset) < (right.run, right.offset)
        }
    }

    /// The place of a character. O(runs).
    func place(of version: LocalVersion) -> Place? {
        for index in runs.indices
        where runs[index].start <= version && version < runs[index].end {
            return Place(run: index, offset: version - runs[index].start)
        }
        return nil
    }

    /// Splits so that a run starts at `offset` of `run`; gives the index of that run.
    @discardableResult
    mutating func split(_ run: Int, at offset: Int) -> Int {
        let whole = runs[run]
        if offset == 0 { return run }
        if offset == whole.count { return run + 1 }
        runs[run].count = offset
        runs.insert(
            Run(
                start: whole.start + offset, count: whole.count - offset,
                left: whole.start + offset - 1, right: whole.right, isVisible: whole.isVisible),
            at: run + 1)
        return run + 1
    }

    /// Puts a run into an existing index, joining it to the run before where it continues that.
    mutating func place(_ run: Run, at index: Int) {
        if run.isVisible { visibleCount += run.count }
        if index > 0 {
            let before = runs[index - 1]
            if before.end == run.start, run.left == before.end - 1, before.right == run.right,
                before.isVisible == run.isVisible
            {
                runs[index - 1].count += run.count
                return
            }
        }
        runs.insert(run, at: index)
    }

    /// Shows or hides characters with consecutive local versions, wherever they stand. O(runs).
    mutating func setVisible(_ versions: Range<LocalVersion>, _ isVisible: Bool) {
        var index = 0
        while index < runs.count {
            let overlap = versions.clamped(to: runs[index].start..<runs[index].end)
            guard !overlap.isEmpty, runs[index].isVisible != isVisible else {
                index += 1
                continue
            }
            let first = split(index, at: overlap.lowerBound - runs[index].start)
            split(first, at: overlap.count)
            runs[first].isVisible = isVisible
            visibleCount += isVisible ? overlap.count : -overlap.count
            index = first + 1
        }
    }
}
