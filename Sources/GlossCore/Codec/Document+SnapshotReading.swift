/// Opening snapshots.
extension Document {
    /// A document from its state.
    ///
    /// - Parameters:
    ///   - bytes: what ``encodeSnapshot()`` gave.
    ///   - history: what ``encodeHistory()`` gave at the same time; read only when it is needed.
    /// - Throws: ``CodecError`` if the bytes cannot be such a state. They may come from anywhere:
    ///   memory stays within a multiple of their length.
    /// - Complexity: O(runs) and O(n) in the visible text; O(operations) where any were undone.
    public init(snapshot bytes: [UInt8], history: [UInt8]? = nil) throws(CodecError) {
        // A noncopyable value cannot come to be on some ways through an initializer only.
        self.init(id: DocumentID(high: 0, low: 0))
        try read(snapshot: bytes)
        absent.history = history
    }

    private mutating func read(snapshot bytes: [UInt8]) throws(CodecError) {
        self = try Document.read(snapshot: bytes)
    }

    private static func read(snapshot bytes: [UInt8]) throws(CodecError) -> Document {
        var reader = try Envelope.open(bytes, kind: .snapshot)
        var others = Others(ops: [], details: [], agents: [])
        var document = try Document.readHead(&reader, &others)
        let otherVersions = try document.readOtherVersions(&reader, count: others.ops.count)
        let text = try reader.part(try reader.count(upTo: reader.remaining))
        guard let buffer = TextBuffer(utf8: bytes.span.extracting(text)) else {
            throw .damaged("the text is not UTF-8")
        }
        document.buffer = buffer
        document.keepsText = true
        try document.readTree(&reader)
        document.ops = OpRuns(
            base: document.graph.count,
            others: PackedOps(others.ops, at: otherVersions), details: others.details)
        try document.take(others.ops, at: otherVersions)
        try document.readReplacements(&reader)
        try document.readAcceptances(&reader)
        try reader.finish()
        if !document.countChanges.isEmpty || document.acceptances.contains(where: { $1.count > 1 })
        {
            document.keepTableWithoutLog()
        }
        return document
    }

    /// The versions of the operations that are neither insertions nor deletions, ascending.
    private func readOtherVersions(
        _ reader: inout ByteReader, count: Int
    ) throws(CodecError) -> [LocalVersion] {
        let column = try ColumnReader(&reader)
        var columnBits = column.start
        guard column.count == count else { throw .damaged("columns differ in length") }
        var versions: [LocalVersion] = []
        var version = 0
        for index in 0..<count {
            let distance = try column.next(
                &columnBits, reader.bytes.span, upTo: graph.count - 1 - version)
            guard distance > 0 || index == 0 else { throw .damaged("operations do not ascend") }
            version += distance
            versions.append(version)
        }
        try column.finish(columnBits)
        return versions
    }

    private mutating func readTree(_ reader: inout ByteReader) throws(CodecError) {
        let lengths = try ColumnReader(&reader, tagCount: 4)
        var lengthsBits = lengths.start
        let starts = try ColumnReader(&reader)
        var startsBits = starts.start
        let count = lengths.count
        guard starts.count == count else { throw .damaged("columns differ in length") }
        let bytes = reader.bytes.span
        var runs = Slab<SpanTree.Run>(
            capacity: (count / tree.leafCapacity + 1) * tree.leafCapacity)
        runs.grow(by: count)
        // First what the columns say, as it fits: two of them at a time are read in the time of one.
        var allLengths: UInt64 = 0
        var allDistances: UInt64 = 0
        for index in stride(from: 0, to: count & ~1, by: 2) {
            let length = lengths.nextPair(&lengthsBits, bytes)
            let distance = starts.nextPair(&startsBits, bytes)
            allLengths |= length.first.value | length.second.value
            allDistances |= distance.first.value | distance.second.value
            runs[index] = Document.run(length.first, distance.first.value)
            runs[index &+ 1] = Document.run(length.second, distance.second.value)
        }
        if count & 1 == 1 {
            let length = lengths.next(&lengthsBits, bytes)
            let distance = starts.next(&startsBits, bytes).value
            allLengths |= length.value
            allDistances |= distance
            runs[count - 1] = Document.run(length, distance)
        }
        try lengths.finish(lengthsBits)
        try starts.finish(startsBits)
        guard allLengths < CausalGraph.limit, allDistances <= UInt32.max else {
            throw .damaged("a run is out of range")
        }
        let total = try placeRuns(&runs)
        tree = SpanTree(takingOver: runs, total: total)
        guard tree.visibleCount == buffer.count else {
            throw .damaged("the text has another length")
        }
        guard kind == .article || tree.totalCount == 0 else {
            throw .damaged("an annotation set has no text")
        }
    }

    /// A run that starts at a distance, for now.
    @inline(__always)
    private static func run(
        _ length: (value: UInt64, tag: Int), _ distance: UInt64
    ) -> SpanTree.Run {
        SpanTree.Run(
            start: Int(truncatingIfNeeded: distance), count: Int(truncatingIfNeeded: length.value),
            flags: length.tag)
    }

    /// Makes of each run's distance from the end of the one before it where it starts; gives how many
    /// characters there are.
    private func placeRuns(_ runs: inout Slab<SpanTree.Run>) throws(CodecError) -> Int {
        let limit = graph.count
        var last = SpanTree.Run(start: 0, count: 0, isGlued: false, isHidden: false)
        var end = 0
        var total = 0
        var cutCount = 0
        // Below 0 once a run begins before 0, ends behind all versions or is empty.
        var leastRoom = 0
        for index in 0..<runs.count {
            var run = runs[index]
            let start = end &+ ZigZag.decode(UInt64(run.start))
            run.start = UInt32(truncatingIfNeeded: start)
            end = start &+ run.count
            total &+= run.count
            leastRoom |= start | (limit &- end) | (run.count &- 1)
            cutCount &+= last.continues(into: run) ? 1 : 0
            runs[index] = run
            last = run
        }
        guard leastRoom >= 0 else { throw .damaged("a run is out of range") }
        guard cutCount == 0 else { throw .damaged("a run is cut in two") }
        guard total <= limit else { throw .damaged("an operation stands in two places") }
        return total
    }

    /// Sees that every operation stands in one place only. O(runs) once, and put off until
    /// something is looked up by its version: reading and typing does not.
    mutating func checkCharacters() throws(CodecError) {
        guard !absent.isChecked else { return }
        var characters = VersionBits(count: ops.base)
        var isRight = true
        tree.forEachRun { run in
            let end = min(run.end, ops.base)
            if run.first < end, !characters.insertNew(run.first..<end) { isRight = false }
        }
        // Those behind the base are this document's own.
        for index in 0..<ops.others.count {
            let version = ops.others.version(of: index)
            if version >= ops.base { break }
            if characters.contains(version) { isRight = false }
        }
        guard isRight else { throw .damaged("an operation stands in two places") }
        absent.characters = characters
        absent.isChecked = true
    }

    /// Takes in the operations beside the text, which are in the log already.
    private mutating func take(
        _ others: [Op], at otherVersions: [LocalVersion]
    ) throws(CodecError) {
        for (op, version) in zip(others, otherVersions) {
            if case .visibility(let visibility) = op {
                for mark in visibility.marks {
                    guard mark.count > 0, let ranges = versions(of: mark.span),
                        ranges.allSatisfy({ $0.upperBound <= version })
                    else { throw .damaged("an undo is of nothing its author knew") }
                    for range in ranges {
                        countChanges.append(
                            CountChange(
                                version: version, targets: range, count: Int32(mark.count)))
                    }
                }
                continue
            }
            do throws(ChangeError) {
                if kind == .article {
                    switch op {
                    case .annotate, .reply, .addTag, .removeTag:
                        throw ChangeError(.invalidOp, "an article has no annotations of its own")
                    default: break
                    }
                }
                let entry = graph.entryIndex(of: version)
                try check(op) { document, id in
                    guard let known = document.version(of: id) else { return false }
                    return known < version
                        && document.graph.contains(known, inRecalledHistoryOfEntry: entry)
                }
                take(op, id: identity(of: version))
            } catch {
                throw .damaged(error.message)
            }
        }
    }

    private mutating func readReplacements(_ reader: inout ByteReader) throws(CodecError) {
        let count = try reader.listCount()
        if count > 0 { try checkCharacters() }
        var end = 0
        for _ in 0..<count {
            let inserted = try readRange(&reader)
            guard inserted.lowerBound >= end else { throw .damaged("replacements do not ascend") }
            end = inserted.upperBound
            guard areCharacters(inserted) else { throw .damaged("a replacement is no text") }
            absent.replacements.append(
                TextIndex.Replacement(inserted: inserted, replaced: try readRanges(&reader)))
        }
    }

    private mutating func readAcceptances(_ reader: inout ByteReader) throws(CodecError) {
        // Every operation accepts one suggestion at most.
        var left = graph.count
        let count = try reader.listCount()
        if count > 0 { try checkCharacters() }
        for _ in 0..<count {
            let agent = AgentID(rawValue: try reader.word())
            let suggestion = OpID(agent: agent, seq: try reader.count(upTo: OpID.limit - 1))
            guard acceptances[suggestion] == nil else { throw .damaged("a suggestion comes twice") }
            var all: [Acceptance] = []
            for _ in 0..<(try reader.listCount()) {
                let change = try reader.count(upTo: graph.count - 1)
                let operations = try readRanges(&reader)
                let inserted = try readRanges(&reader)
                left -= operations.reduce(0) { $0 + $1.count }
                guard left >= 0, !operations.isEmpty,
                    Document.isPart(inserted, of: operations),
                    inserted.allSatisfy({ areCharacters($0) })
                else {
                    throw .damaged("an acceptance is no text")
                }
                all.append(
                    Acceptance(
                        change: identity(of: change), operations: operations, inserted: inserted))
            }
            guard !all.isEmpty else { throw .damaged("nothing accepts a suggestion") }
            acceptances[suggestion] = all
        }
    }

    private func readRange(_ reader: inout ByteReader) throws(CodecError) -> Range<LocalVersion> {
        let start = try reader.count(upTo: graph.count - 1)
        let count = try reader.count(upTo: graph.count - start)
        guard count > 0 else { throw .damaged("a range is empty") }
        return start..<start + count
    }

    private func readRanges(
        _ reader: inout ByteReader
    ) throws(CodecError) -> [Range<LocalVersion>] {
        var ranges: [Range<LocalVersion>] = []
        for _ in 0..<(try reader.listCount()) { ranges.append(try readRange(&reader)) }
        return ranges
    }

    /// Whether a list is what is left of another after taking some out. O(n).
    private static func isPart(
        _ some: [Range<LocalVersion>], of all: [Range<LocalVersion>]
    ) -> Bool {
        var rest = all[...]
        return some.allSatisfy { range in
            guard let place = rest.firstIndex(of: range) else { return false }
            rest = rest[(place + 1)...]
            return true
        }
    }

    private func areCharacters(_ range: Range<LocalVersion>) -> Bool {
        let end = absent.characters.end(
            ofStretchFrom: range.lowerBound, true, limit: range.upperBound)
        return end == range.upperBound
    }
}
