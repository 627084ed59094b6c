extension Document {
    /// Stops the program unless every structure is right by itself and all of them tell the same.
    /// O(n²) in chains of the graph and O(n log n) in operations: for tests.
    ///
    /// What is being typed waits on: a copy is settled and checked.
    func checkInvariants() {
        guard burst.count == 0 else {
            let settled = settledCopy()
            precondition(
                settled.changeCount == changeCount && settled.operationCount == operationCount
                    && settled.versionVector == versionVector && settled.frontier == frontier
                    && settled.textCount == textCount,
                "what waits in a burst counts")
            return settled.checkInvariants()
        }
        agents.checkInvariants()
        graph.checkInvariants()
        changes.checkInvariants()
        ops.checkInvariants()
        tree.checkInvariants()
        precondition(
            graph.count == ops.count && graph.count == agents.versionCount
                && graph.count == changes.versionCount,
            "all tables hold the same operations")
        checkChanges()
        checkOrder()
        checkVisibility()
        checkText()
    }

    /// A change is of one agent, behind its agent's last one, and only its first operation has
    /// parents of its own: the ends of other changes.
    private func checkChanges() {
        var starts: Set<LocalVersion> = []
        for index in 0..<changes.count {
            let versions = changes.versions(of: index)
            starts.insert(versions.lowerBound)
            let first = identity(of: versions.lowerBound)
            let last = identity(of: versions.upperBound - 1)
            precondition(
                first.agent == last.agent && last.seq - first.seq == versions.count - 1,
                "a change is one stretch of one agent's operations")
            guard first.seq > 0 else { continue }
            let previous = version(of: OpID(agent: first.agent, seq: first.seq - 1))
            precondition(
                previous.map { graph.contains($0, inHistoryOf: versions.lowerBound) } ?? false,
                "a change follows its agent's last one")
        }
        for index in 0..<graph.entryCount {
            let start = graph.versions(ofEntry: index).lowerBound
            precondition(starts.contains(start), "a chain begins with a change")
            for parent in graph.parents(of: start) {
                precondition(
                    starts.contains(parent + 1) || parent + 1 == graph.count,
                    "parents are ends of changes")
            }
        }
    }

    /// Every character of the log is in the tree once, between its origins, in a run that shows
    /// whether it was typed right behind the one before.
    private func checkOrder() {
        var places = [Int](repeating: -1, count: ops.count)
        var place = 0
        tree.forEachRun { run in
            for version in run.first..<run.end {
                precondition(ops.kind(of: version) == .insertion, "the tree holds characters")
                precondition(places[version] < 0, "a character is in the tree once")
                places[version] = place
                place += 1
                let isGlued = version > 0 && ops.left(of: version) == version - 1
                precondition(
                    isGlued == (version > run.first || run.isGlued),
                    "characters are glued to those they were typed behind")
            }
        }
        precondition(place == ops.scalars.count, "every character is in the tree")
        for version in 0..<ops.count where places[version] >= 0 {
            let left = ops.left(of: version)
            let right = ops.right(of: version)
            precondition(
                left == SpanTree.documentStart || places[left] < places[version],
                "a character is behind its left origin")
            precondition(
                right == SpanTree.documentEnd || places[version] < places[right],
                "a character is in front of its right origin")
        }
    }

    /// The tree, the table and the lists of undos and acceptances say what the log says.
    private func checkVisibility() {
        let expected = VisibilityFromLog(self)
        tree.forEachRun { run in
            for version in run.first..<run.end {
                precondition(
                    run.isHidden != expected.shows[version], "the tree shows what the log shows")
            }
        }
        precondition(countChanges == expected.countChanges, "all counts are noted")
        precondition(acceptances == expected.acceptances, "all acceptances are noted")
        guard table.isKept else {
            precondition(countChanges.isEmpty, "undoing needs a table")
            precondition(
                acceptances.values.allSatisfy { $0.count < 2 }, "accepting twice needs one")
            return
        }
        precondition(table.count == ops.count, "the table holds every operation")
        for version in 0..<ops.count {
            precondition(
                Int(table.undoCount(of: version)) == expected.undoCounts[version],
                "the table knows the highest count")
            precondition(
                table.isRepeated(version) == expected.isRepeated[version],
                "the table knows what is repeated")
            guard ops.kind(of: version) == .insertion else { continue }
            precondition(
                table.shows(version) == expected.shows[version], "the table shows what the log does"
            )
        }
    }

    private func checkText() {
        guard keepsText else { return }
        buffer.checkInvariants()
        precondition(buffer.count == tree.visibleCount, "the text is as long as the tree shows")
        var position = 0
        tree.forEachRun { run in
            guard !run.isHidden else { return }
            for version in run.first..<run.end {
                precondition(
                    buffer[position] == ops.scalar(of: version), "the text is that of the tree")
                position += 1
            }
        }
    }
}
