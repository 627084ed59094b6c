extension OpRuns {
    /// The index of the run that holds an operation. O(1) for the last, else O(log r).
    @inline(__always)
    func index(of version: Int) -> Int {
        assert(version >= 0 && version < count, "the version is in the log")
        precondition(version >= base, "the log is there; see Document.needsLog")
        let last = runs.count &- 1
        if runs[last].start <= version { return last }
        var low = 0
        var length = last
        while length > 1 {
            let half = length / 2
            if runs[low &+ half].start <= version { low &+= half }
            length &-= half
        }
        return low
    }

    /// The local versions of a run. O(1).
    @inline(__always)
    func versions(ofRun index: Int) -> Range<Int> {
        runs[index].start..<(index &+ 1 < runs.count ? runs[index &+ 1].start : count)
    }

    /// What kind of operation it is. O(log r).
    func kind(of version: Int) -> Kind { runs[index(of: version)].kind }

    /// The left origin of a character. O(log r).
    @inline(__always)
    func left(of version: Int) -> Int {
        let run = runs[index(of: version)]
        if version > run.start { return version &- 1 }
        return run.subject == UInt32.max ? SpanTree.documentStart : Int(run.subject)
    }

    /// The right origin of a character. O(log r).
    @inline(__always)
    func right(of version: Int) -> Int { Int(runs[index(of: version)].object) }

    /// The character that an operation inserted. O(log r).
    @inline(__always)
    func scalar(of version: Int) -> Unicode.Scalar {
        let run = runs[index(of: version)]
        return scalars[Int(run.scalar) &+ version &- run.start]
    }

    /// The character that an operation deleted, or `nil` if it deleted none. O(log r).
    func target(of version: Int) -> Int? {
        let run = runs[index(of: version)]
        guard run.kind == .deletion else { return nil }
        let offset = version - run.start
        return Int(run.subject) + (run.object & OpRuns.reversed == 0 ? offset : -offset)
    }

    /// The characters that a run's operations from `versions` delete, ascending.
    @inline(__always)
    func targets(ofRun index: Int, _ versions: Range<Int>) -> Range<Int> {
        let run = runs[index]
        let offset = versions.lowerBound &- run.start
        if run.object & OpRuns.reversed == 0 {
            let first = Int(run.subject) &+ offset
            return first..<first &+ versions.count
        }
        let last = Int(run.subject) &- offset
        return last &+ 1 &- versions.count..<last &+ 1
    }

    /// Goes through the parts of runs that a range of versions has, in order.
    @inline(__always)
    func forEachRun<Failure: Error>(
        in range: Range<Int>,
        _ body: (_ index: Int, _ versions: Range<Int>) throws(Failure) -> Void
    ) throws(Failure) {
        guard !range.isEmpty else { return }
        var index = index(of: range.lowerBound)
        var start = range.lowerBound
        while start < range.upperBound {
            let end = min(versions(ofRun: index).upperBound, range.upperBound)
            try body(index, start..<end)
            start = end
            index &+= 1
        }
    }

    /// What the insertion or deletion starting at a version says beside its text. O(log n).
    func detail(at version: Int) -> Detail? {
        var low = 0
        var high = details.count
        while low < high {
            let middle = (low + high) / 2
            if details[middle].version < version { low = middle + 1 } else { high = middle }
        }
        return low < details.count && details[low].version == version ? details[low] : nil
    }

    /// Whether the insertion at a version replaces just what the deletion before it deletes.
    /// O(log n).
    func isReplacement(_ version: Int) -> Bool {
        var low = 0
        var high = replacements.count
        while low < high {
            let middle = (low + high) / 2
            if Int(replacements[middle]) < version { low = middle + 1 } else { high = middle }
        }
        return low < replacements.count && Int(replacements[low]) == version
    }
}
