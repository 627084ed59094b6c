extension Document {
    /// How many scalars the text has. O(1).
    public var textCount: Int { keepsText ? buffer.count : tree.visibleCount }

    /// The text as it is. O(n).
    public var text: String {
        if keepsText { return buffer.string }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(tree.visibleCount + tree.visibleCount / 8)
        tree.forEachRun { run in
            if !run.isHidden { appendUTF8(of: run.first..<run.end, to: &bytes) }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Adds the text in UTF-8 to some bytes, from the log. O(n).
    func appendText(to bytes: inout [UInt8]) {
        bytes.reserveCapacity(bytes.count + tree.visibleCount + tree.visibleCount / 8)
        tree.forEachRun { run in
            if !run.isHidden { appendUTF8(of: run.first..<run.end, to: &bytes) }
        }
    }

    /// The text as it is, in scalars: the unit of all positions. O(n).
    public var scalars: [Unicode.Scalar] {
        if keepsText { return buffer.scalars(0..<buffer.count) }
        var scalars: [Unicode.Scalar] = []
        scalars.reserveCapacity(tree.visibleCount)
        tree.forEachRun { run in
            if !run.isHidden { append(run.first..<run.end, to: &scalars) }
        }
        return scalars
    }

    /// The text at an earlier version.
    ///
    /// - Parameter version: a frontier of known operations; unknown ones are passed over.
    /// - Throws: ``CodecError`` if it is an earlier one, and the log is needed and not to be had: see
    ///   ``needsLog``.
    /// - Complexity: O(n) in operations, one pass over the runs.
    public mutating func text(at version: [OpID]) throws(CodecError) -> String {
        settle()
        if needsLog {
            if history(of: version).ranges == [0..<graph.count] { return text }
            try loadLog()
        }
        return settledText(at: version)
    }

    func settledText(at version: [OpID]) -> String {
        var bytes: [UInt8] = []
        forEachPiece(at: history(of: version)) { versions, isVisible in
            if isVisible { appendUTF8(of: versions, to: &bytes) }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Some of the visible text, who typed it.
    public struct Blame: Hashable, Sendable {
        /// Where it stands: scalars of the text as it is.
        public let range: Range<Int>
        /// Its first character's insertion; the others follow it, of the same agent and change.
        public let id: OpID
    }

    /// Who typed what: the visible text in order, as stretches that one change inserted. O(runs).
    public mutating func blame() -> [Blame] {
        settle()
        return settledBlame()
    }

    func settledBlame() -> [Blame] {
        var stretches: [Blame] = []
        var offset = 0
        tree.forEachRun { run in
            guard !run.isHidden else { return }
            var version = run.first
            while version < run.end {
                let change = changes.versions(of: changes.index(of: version))
                let end = min(change.upperBound, run.end)
                let id = identity(of: version)
                stretches.append(Blame(range: offset..<offset + end - version, id: id))
                offset += end - version
                version = end
            }
        }
        return stretches
    }

    /// The operations that a frontier names or follows from; unknown ones are passed over.
    func history(of version: [OpID]) -> VersionSet {
        graph.history(of: version.compactMap { self.version(of: $0) })
    }

    /// The text of some characters, in the order given.
    func string(of parts: some Sequence<Range<LocalVersion>>) -> String {
        var bytes: [UInt8] = []
        for part in parts { appendUTF8(of: part, to: &bytes) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Some characters, in the order given.
    func scalars(of parts: some Sequence<Range<LocalVersion>>) -> [Unicode.Scalar] {
        var scalars: [Unicode.Scalar] = []
        for part in parts { append(part, to: &scalars) }
        return scalars
    }

    private func appendUTF8(of versions: Range<LocalVersion>, to bytes: inout [UInt8]) {
        ops.forEachRun(in: versions) { index, part in
            let run = ops.runs[index]
            let first = Int(run.scalar) + part.lowerBound - run.start
            ops.scalars.append(utf8Of: first..<first + part.count, to: &bytes)
        }
    }

    private func append(_ versions: Range<LocalVersion>, to scalars: inout [Unicode.Scalar]) {
        ops.forEachRun(in: versions) { index, part in
            let run = ops.runs[index]
            let first = Int(run.scalar) + part.lowerBound - run.start
            ops.scalars.append(scalarsOf: first..<first + part.count, to: &scalars)
        }
    }
}
