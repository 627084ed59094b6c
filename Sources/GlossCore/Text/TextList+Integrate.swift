extension TextList {
    /// What the integration rule needs to know about the rest of the document.
    struct Context {
        /// Whether the insertion's author knew an operation.
        var isKnown: (LocalVersion) -> Bool
        /// Whether the first operation's id is below the second's, by agent and number.
        var isBelow: (LocalVersion, LocalVersion) -> Bool
    }

    /// Puts a new run where FugueMax wants it.
    ///
    /// - Throws: `invalid_op` if the right origin is not behind the left one, or if something
    ///   between them was in the author's history; the list is then as it was, but for splits.
    /// - Complexity: O(runs).
    mutating func integrate(_ run: Run, in context: Context) throws(ChangeError) {
        var index = 0
        if run.left != TextList.documentStart {
            guard let place = place(of: run.left) else {
                throw ChangeError(.invalidOp, "a left origin is not a character")
            }
            index = split(place.run, at: place.offset + 1)
        }
        if run.right != TextList.documentEnd {
            guard let place = place(of: run.right) else {
                throw ChangeError(.invalidOp, "a right origin is not a character")
            }
            guard place.run >= index else {
                throw ChangeError(.invalidOp, "the origins are the wrong way round")
            }
            split(place.run, at: place.offset)
        }
        try checkGap(from: index, of: run, in: context)
        place(run, at: destination(of: run, from: index, in: context))
    }

    /// Checks that everything between the origins is concurrent with the insertion.
    private func checkGap(from start: Int, of run: Run, in context: Context) throws(ChangeError) {
        var index = start
        while index < runs.count, runs[index].start != run.right {
            guard !context.isKnown(runs[index].start) else {
                throw ChangeError(.invalidOp, "something its author knew lies between its origins")
            }
            index += 1
        }
        guard run.right == TextList.documentEnd || index < runs.count else {
            throw ChangeError(.invalidOp, "the origins are the wrong way round")
        }
    }

    /// The index to insert at: FugueMax's choice among concurrent insertions between the origins.
    ///
    /// Only heads of runs need a look: the other characters hang below the one before them. A run
    /// that the left origin split has that origin as its own left origin, so it counts as a head.
    private func destination(of run: Run, from start: Int, in context: Context) -> Int {
        var index = start
        var destination = start
        var isScanning = false
        while index < runs.count, runs[index].start != run.right {
            let other = runs[index]
            let order = compareOrigins(other.left, run.left)
            if order < 0 { break }
            if order == 0 {
                if other.right == run.right {
                    if context.isBelow(run.start, other.start) { break }
                    isScanning = false
                } else {
                    isScanning = compareOrigins(other.right, run.right) < 0
                }
            }
            index += 1
            if !isScanning { destination = index }
        }
        return destination
    }

    /// Compares two origins by their places: negative, zero or positive.
    private func compareOrigins(_ first: LocalVersion, _ second: LocalVersion) -> Int {
        if first == second { return 0 }
        if first == TextList.documentStart || second == TextList.documentEnd { return -1 }
        if second == TextList.documentStart || first == TextList.documentEnd { return 1 }
        guard let left = place(of: first), let right = place(of: second) else {
            preconditionFailure("origins were checked when their insertion came")
        }
        return left < right ? -1 : 1
    }
}
