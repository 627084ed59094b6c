/// The state of a document as bytes, from which it opens without its log.
///
/// In an ``Envelope``: the head (``writeHead(to:)``); the column of where the operations beside the
/// text stand in the log, each less the one before; the length of the visible text in UTF-8, and
/// this; the columns of the tree's runs in document order (length, tagged with 1 where hidden and 2
/// where glued; first version less the end of the run before, zigzag); what was typed to stand for
/// what; and which changes accept which suggestion.
extension Document {
    /// The state as bytes: all that reading, editing and placing anchors need, and what each
    /// character is called, but not what deleted ones were.
    ///
    /// - Complexity: O(runs) and O(n) in the visible text.
    public func encodeSnapshot() -> [UInt8] {
        guard burst.count == 0 else { return settledCopy().encodeSnapshot() }
        var body = Envelope.begin(.snapshot)
        body.reserve(tree.visibleCount + tree.visibleCount / 2 + 1024)
        writeHead(to: &body)
        writeOtherVersions(to: &body)
        if keepsText {
            body.append(buffer)
        } else {
            var text: [UInt8] = []
            appendText(to: &text)
            body.append(count: text.count)
            body.append(contentsOf: text)
        }
        writeTree(to: &body)
        writeReplacements(to: &body)
        writeAcceptances(to: &body)
        return Envelope.seal(&body, weight: codecWeight)
    }

    private func writeOtherVersions(to writer: inout ByteWriter) {
        var column = ColumnWriter()
        var last = 0
        for index in 0..<ops.others.count {
            column.append(ops.others.version(of: index) - last)
            last = ops.others.version(of: index)
        }
        column.write(to: &writer)
    }

    private func writeTree(to writer: inout ByteWriter) {
        var lengths = ColumnWriter(tagCount: 4)
        var starts = ColumnWriter()
        let most = (0..<tree.leaves.count).reduce(0) { $0 + Int(tree.leaves[$1].count) }
        lengths.grow(by: most)
        starts.grow(by: most)
        var last = SpanTree.Run(start: 0, count: 0, isGlued: false, isHidden: false)
        var count = 0
        tree.forEachRun { run in
            if last.continues(into: run), count > 0 {
                last.extend(by: run.count)
                count &-= 1
            } else {
                starts.set(ZigZag.encode(run.first &- last.end), at: count)
                last = run
            }
            lengths.set(UInt64(truncatingIfNeeded: last.count), tag: last.flags, at: count)
            count &+= 1
        }
        lengths.truncate(to: count)
        starts.truncate(to: count)
        lengths.write(to: &writer)
        starts.write(to: &writer)
    }

    private func writeReplacements(to writer: inout ByteWriter) {
        let replacements = replacements
        writer.append(count: replacements.count)
        for replacement in replacements {
            writer.append(replacement.inserted)
            writer.append(replacement.replaced)
        }
    }

    private func writeAcceptances(to writer: inout ByteWriter) {
        writer.append(count: acceptances.count)
        for suggestion in acceptances.keys.sorted() {
            let all = acceptances[suggestion] ?? []
            writer.append(word: suggestion.agent.rawValue)
            writer.append(varint: UInt64(bitPattern: Int64(suggestion.seq)))
            writer.append(count: all.count)
            for acceptance in all {
                writer.append(count: version(of: acceptance.change) ?? 0)
                writer.append(acceptance.operations)
                writer.append(acceptance.inserted)
            }
        }
    }
}

extension ByteWriter {
    fileprivate mutating func append(_ range: Range<Int>) {
        append(count: range.lowerBound)
        append(count: range.count)
    }

    fileprivate mutating func append(_ ranges: [Range<Int>]) {
        append(count: ranges.count)
        for range in ranges { append(range) }
    }
}
