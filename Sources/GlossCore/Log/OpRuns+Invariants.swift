extension OpRuns {
    /// Stops the program unless the runs follow each other without gap and say only what they can.
    /// O(n log n).
    func checkInvariants() {
        var next = (version: 0, scalar: 0, other: 0)
        for index in 0..<runs.count {
            let run = runs[index]
            let versions = versions(ofRun: index)
            precondition(run.start == next.version, "a run begins where the last ends")
            precondition(!versions.isEmpty, "a run is not empty")
            next.version = versions.upperBound
            switch run.kind {
            case .insertion:
                precondition(Int(run.scalar) == next.scalar, "scalars are in the order of the log")
                checkOrigins(run)
                next.scalar += versions.count
            case .deletion: checkTargets(run, count: versions.count)
            case .other:
                precondition(Int(run.subject) == next.other, "others are in the order of the log")
                precondition(versions.count == 1, "another operation has a run of its own")
                next.other += 1
            }
        }
        precondition(next.version == count, "the runs hold all versions")
        precondition(next.scalar == scalars.count, "every scalar was inserted")
        precondition(next.other == others.count, "every other operation has a run")
        checkNotes()
    }

    private func checkOrigins(_ run: Run) {
        let left = left(of: run.start)
        precondition(
            left == SpanTree.documentStart
                || left < run.start && kind(of: left) == .insertion,
            "a left origin is an earlier character")
        let right = Int(run.object)
        precondition(
            right == SpanTree.documentEnd || right < run.start && kind(of: right) == .insertion,
            "a right origin is an earlier character")
    }

    private func checkTargets(_ run: Run, count: Int) {
        let all = OpRuns.reversed | OpRuns.nextSpan | OpRuns.sameSpan
        precondition(run.object & ~all == 0, "a deletion has flags that are known")
        precondition(count > 1 || run.object & OpRuns.reversed == 0, "one deletion goes forward")
        for version in run.start..<run.start + count {
            guard let target = target(of: version) else {
                preconditionFailure("a deletion has a target")
            }
            precondition(
                target >= 0 && target < version && kind(of: target) == .insertion,
                "a deletion's target is an earlier character")
        }
    }

    private func checkNotes() {
        var last = -1
        for detail in details {
            precondition(detail.version > last && detail.version < count, "details ascend")
            precondition(kind(of: detail.version) != .other, "a detail is of text")
            last = detail.version
        }
        last = 0
        for index in 0..<replacements.count {
            let version = Int(replacements[index])
            precondition(version > last && version < count, "replacements ascend")
            precondition(
                kind(of: version) == .insertion && kind(of: version - 1) == .deletion,
                "a replacement stands behind what it replaces")
            last = version
        }
    }
}
