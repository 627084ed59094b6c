/// Finding out which runs of operations can be stored by position, by making them all again.
extension Document {
    func writeOperations(to writer: inout HistoryWriter) {
        var scratch = Document(id: id)
        scratch.agents = agents.copy()
        scratch.graph = graph.copy()
        scratch.changes = changes.copy()
        for detail in ops.details { scratch.ops.append(detail) }
        scratch.tree.buildIndex(for: graph.count)
        var events = ReplayEvents(of: scratch)
        for index in 0..<ops.runs.count {
            var versions = ops.versions(ofRun: index)
            while !versions.isEmpty {
                let end = min(versions.upperBound, events.next)
                let part = scratch.shownPrefix(ofRun: index, versions.lowerBound..<end, of: self)
                write(run: index, part, replayedBy: &scratch, to: &writer)
                do throws(CodecError) {
                    try scratch.replay(run: index, part, of: self)
                } catch {
                    preconditionFailure("what was once taken in can be again: \(error)")
                }
                if part.upperBound == events.next {
                    writer.stop()
                    scratch.settle(&events)
                }
                versions = part.upperBound..<versions.upperBound
            }
        }
    }

    private func write(
        run index: Int, _ versions: Range<LocalVersion>, replayedBy scratch: inout Document,
        to writer: inout HistoryWriter
    ) {
        switch ops.runs[index].kind {
        case .other: writer.other()
        case .insertion: writeInsertion(index, versions, replayedBy: &scratch, to: &writer)
        case .deletion: writeDeletion(index, versions, replayedBy: &scratch, to: &writer)
        }
    }

    private func writeInsertion(
        _ index: Int, _ versions: Range<LocalVersion>, replayedBy scratch: inout Document,
        to writer: inout HistoryWriter
    ) {
        let left = ops.left(of: versions.lowerBound)
        let right = ops.right(of: versions.lowerBound)
        let continues = versions.lowerBound > ops.runs[index].start
        let replaces = ops.isReplacement(versions.lowerBound)
        if !continues, replaces == (left >= 0 && left == writer.lastDeleted) {
            if left == SpanTree.documentStart {
                if scratch.tree.version(ofRunAt: 0, in: 0) == right {
                    return writer.insert(versions.count, at: 0)
                }
            } else {
                let place = scratch.tree.place(of: left)
                if scratch.tree.version(behind: place) == right {
                    if replaces { return writer.replace(versions.count) }
                    if !scratch.tree.run(at: place).isHidden {
                        let position = scratch.tree.offset(of: place) + 1
                        return writer.insert(versions.count, at: position)
                    }
                }
            }
        }
        let flags =
            (continues ? HistoryForm.Escape.continues : 0)
            | (replaces ? HistoryForm.Escape.replaces : 0)
        writer.insertByID(versions, left: left, right: right, flags: flags)
    }

    private func writeDeletion(
        _ index: Int, _ versions: Range<LocalVersion>, replayedBy scratch: inout Document,
        to writer: inout HistoryWriter
    ) {
        let flags = ops.runs[index].object
        let targets = ops.targets(ofRun: index, versions)
        let continues = versions.lowerBound > ops.runs[index].start
        if let start = scratch.offset(ofShown: targets) {
            switch flags {
            case 0, OpRuns.reversed:
                if continues {
                    let last = ops.target(of: versions.upperBound - 1) ?? -1
                    return writer.deleteMore(targets, at: start, last: last)
                }
                let isForward =
                    targets.count > 1
                    ? flags == 0
                    : isFurtherSpan(run: index + 1)
                        || abs(start - writer.cursor) < abs(start + 1 - writer.cursor)
                if isForward { return writer.deleteForward(targets, at: start) }
                return writer.deleteBackward(targets, at: start)
            case OpRuns.nextSpan
            where start == writer.cursor && versions == ops.versions(ofRun: index):
                return writer.deleteFurther(targets)
            default: break
            }
        }
        let first = ops.target(of: versions.lowerBound) ?? 0
        writer.deleteByID(
            versions, first: first, flags: flags,
            continues: continues)
    }

    private func isFurtherSpan(run index: Int) -> Bool {
        guard index < ops.runs.count else { return false }
        return ops.runs[index].kind == .deletion && ops.runs[index].object == OpRuns.nextSpan
    }

    /// As much of a part of a run as deletes characters that show in a row; all of it for anything
    /// but such a deletion.
    private mutating func shownPrefix(
        ofRun index: Int, _ part: Range<LocalVersion>, of other: borrowing Document
    ) -> Range<LocalVersion> {
        let run = other.ops.runs[index]
        guard run.kind == .deletion, part.count > 1, run.object & ~OpRuns.reversed == 0 else {
            return part
        }
        let isReversed = run.object == OpRuns.reversed
        let targets = other.ops.targets(ofRun: index, part)
        var end = part.lowerBound
        var last: Int?
        while end < part.upperBound {
            let done = end - part.lowerBound
            let target = isReversed ? targets.upperBound - 1 - done : targets.lowerBound + done
            let place = tree.place(of: target)
            let run = tree.run(at: place)
            let offset = tree.offset(of: place)
            if run.isHidden || (last.map { $0 + (isReversed ? -1 : 1) != offset } ?? false) {
                break
            }
            let count = min(
                part.upperBound - end, isReversed ? place.offset + 1 : run.count - place.offset)
            end += count
            last = offset + (isReversed ? 1 - count : count - 1)
        }
        return end == part.lowerBound ? part : part.lowerBound..<end
    }

    /// Where some characters with consecutive local versions show in a row, or `nil`.
    private mutating func offset(ofShown targets: Range<LocalVersion>) -> Int? {
        var start: Int?
        var version = targets.lowerBound
        while version < targets.upperBound {
            let place = tree.place(of: version)
            let run = tree.run(at: place)
            if run.isHidden { return nil }
            let offset = tree.offset(of: place)
            if let start, offset != start + version - targets.lowerBound { return nil }
            start = start ?? offset
            version += run.count - place.offset
        }
        return start
    }
}
