/// Reading what ``writeHead(to:)`` wrote.
extension Document {
    /// The other operations of a document that is being read.
    struct Others {
        var ops: [Op]
        var details: [OpRuns.Detail]
        /// Every agent that ids may name.
        var agents: [AgentID]
    }

    /// Begins to read a document: its agents, graph and changes are there then.
    ///
    /// - Returns: the document, and the operations beside its text, which nobody has judged yet.
    static func readHead(
        _ reader: inout ByteReader, _ others: inout Others
    ) throws(CodecError) -> Document {
        let high = try reader.word()
        var document = Document(id: DocumentID(high: high, low: try reader.word()))
        let count = try reader.count(upTo: Int.max)
        guard count <= CausalGraph.limit else {
            throw CodecError(.tooLarge, "the document has more operations than it can")
        }
        try Envelope.check(weight: count, of: reader)
        try document.readAgents(&reader, count: count)
        try document.readGraph(&reader, count: count)
        try document.readChanges(&reader, count: count)
        try document.checkChains()
        try document.readOthers(&reader, &others)
        return document
    }

    private mutating func readAgents(_ reader: inout ByteReader, count: Int) throws(CodecError) {
        for _ in 0..<(try reader.count(upTo: AgentTable.agentLimit)) {
            let id = AgentID(rawValue: try reader.word())
            guard agents.index(of: id) == nil else { throw .damaged("an agent comes twice") }
            _ = agents.add(id)
        }
        let owners = try ColumnReader(&reader)
        var ownersBits = owners.start
        let lengths = try ColumnReader(&reader)
        var lengthsBits = lengths.start
        guard owners.count == lengths.count else { throw .damaged("columns differ in length") }
        let bytes = reader.bytes.span
        for _ in 0..<owners.count {
            let agent = try owners.next(&ownersBits, bytes, upTo: agents.agentCount - 1)
            let length = try lengths.next(&lengthsBits, bytes, upTo: count - agents.versionCount)
            guard length > 0 else { throw .damaged("a run is empty") }
            agents.append(agent: agent, seq: agents.nextSeq(of: agent), count: length)
        }
        try owners.finish(ownersBits)
        try lengths.finish(lengthsBits)
        guard agents.versionCount == count else {
            throw .damaged("not every operation has an agent")
        }
    }

    private mutating func readGraph(_ reader: inout ByteReader, count: Int) throws(CodecError) {
        let lengths = try ColumnReader(&reader)
        var lengthsBits = lengths.start
        let parentCounts = try ColumnReader(&reader)
        var parentCountsBits = parentCounts.start
        let distances = try ColumnReader(&reader)
        var distancesBits = distances.start
        guard lengths.count == parentCounts.count else {
            throw .damaged("columns differ in length")
        }
        let bytes = reader.bytes.span
        var distancesLeft = distances.count
        for _ in 0..<lengths.count {
            let start = graph.count
            let length = try lengths.next(&lengthsBits, bytes, upTo: count - start)
            let parentCount = try parentCounts.next(&parentCountsBits, bytes, upTo: distancesLeft)
            guard length > 0 else { throw .damaged("a chain is empty") }
            distancesLeft -= parentCount
            parents.truncate(to: 0)
            var last = -1
            for _ in 0..<parentCount {
                let parent = start - (try distances.next(&distancesBits, bytes, upTo: start))
                guard parent > last, parent < start else { throw .damaged("parents do not ascend") }
                parents.append(UInt32(truncatingIfNeeded: parent))
                last = parent
            }
            try checkParents(start)
            graph.append(count: length, parents: parents)
        }
        try lengths.finish(lengthsBits)
        try parentCounts.finish(parentCountsBits)
        try distances.finish(distancesBits)
        guard graph.count == count, distancesLeft == 0 else {
            throw .damaged("the graph has another length")
        }
    }

    /// Throws if some of ``parents`` follow others, or are what any operation there would follow.
    private func checkParents(_ start: LocalVersion) throws(CodecError) {
        if parents.count > 1, graph.isFrontier(parents) { return }
        switch parents.count {
        case 0: return
        case 1:
            guard Int(parents[0]) != start - 1 else { throw .damaged("a chain is cut in two") }
        case 2:
            guard !graph.contains(Int(parents[0]), inHistoryOf: Int(parents[1])) else {
                throw .damaged("a parent follows another")
            }
        default:
            let versions = (0..<parents.count).map { Int(parents[$0]) }
            guard graph.minimalFrontier(of: versions).count == versions.count else {
                throw .damaged("a parent follows another")
            }
        }
    }

    private mutating func readChanges(_ reader: inout ByteReader, count: Int) throws(CodecError) {
        let repeats = try ColumnReader(&reader, tagCount: 2)
        var repeatsBits = repeats.start
        let widths = try ColumnReader(&reader)
        var widthsBits = widths.start
        let times = try ColumnReader(&reader, isWide: true)
        var timesBits = times.start
        guard repeats.count == widths.count, repeats.count == times.count else {
            throw .damaged("columns differ in length")
        }
        let file = reader.bytes
        let bytes = file.span
        var time = 0
        for _ in 0..<repeats.count {
            let (repeated, tag) = repeats.next(&repeatsBits, bytes)
            let left = count - changes.versionCount
            let width = try widths.next(&widthsBits, bytes, upTo: left)
            guard width > 0, repeated > 0, repeated <= UInt64(left / width) else {
                throw .damaged("a change has another length")
            }
            let distance =
                times.isWide
                ? times.nextWide(&timesBits, bytes) : times.next(&timesBits, bytes).value
            time &+= ZigZag.decode(distance)
            if tag == 0 {
                changes.append(Int(repeated), ofWidth: width, time: time)
            } else {
                guard repeated == 1 else { throw .damaged("changes share a message") }
                changes.append(width: width, time: time, message: try reader.text())
            }
        }
        try repeats.finish(repeatsBits)
        try widths.finish(widthsBits)
        try times.finish(timesBits)
        guard changes.versionCount == count else {
            throw .damaged("not every operation is of a change")
        }
    }

    /// Throws unless agents and chains change only between changes, every change follows its agent's
    /// one before, and nothing follows a part of a change.
    private mutating func checkChains() throws(CodecError) {
        var entry = 0
        for index in 0..<agents.runCount {
            let versions = agents.run(at: index).versions
            guard changes.isStart(versions.lowerBound) else {
                throw .damaged("a change has two agents")
            }
            let earlier = Int(agents.runs[index].previous)
            guard earlier < index else { continue }
            while graph.versions(ofEntry: entry).upperBound <= versions.lowerBound { entry += 1 }
            let previous = agents.run(at: earlier).versions.upperBound - 1
            guard graph.contains(previous, inRecalledHistoryOfEntry: entry) else {
                throw .damaged("an agent's change does not follow the one before it")
            }
        }
        var run = 0
        for index in 0..<graph.entryCount {
            let start = graph.versions(ofEntry: index).lowerBound
            guard changes.isStart(start) else {
                throw .damaged("a chain ends inside a change")
            }
            while agents.run(at: run).versions.upperBound <= start { run += 1 }
            guard
                agents.run(at: run).versions.lowerBound == start
                    || graph.contains(start - 1, inHistoryOfEntry: index)
            else {
                throw .damaged("an agent's change does not follow the one before it")
            }
            for place in graph.parentRange(ofEntry: index) {
                guard changes.isStart(Int(graph.parents[place]) + 1) else {
                    throw .damaged("a change follows a part of another")
                }
            }
        }
    }

    private mutating func readOthers(
        _ reader: inout ByteReader, _ others: inout Others
    ) throws(CodecError) {
        others.agents = (0..<agents.agentCount).map { agents.id(of: $0) }
        for _ in 0..<(try reader.count(upTo: reader.remaining / 8)) {
            others.agents.append(AgentID(rawValue: try reader.word()))
        }
        let part = try reader.part(try reader.count(upTo: reader.remaining))
        var ops = OpReader(bytes: ByteReader(reader.bytes, part), agents: others.agents)
        var weight = graph.count
        for _ in 0..<(try ops.bytes.listCount()) {
            let op = try ops.op()
            weight += Document.codecWeight(of: op)
            try Envelope.check(weight: weight, of: reader)
            others.ops.append(op)
        }
        var version = 0
        for index in 0..<(try ops.bytes.listCount()) {
            let distance = try ops.bytes.count(upTo: graph.count)
            version += distance
            guard version < graph.count, distance > 0 || index == 0 else {
                throw .damaged("details do not ascend")
            }
            let replaces = try ops.spans()
            let detail = OpRuns.Detail(
                version: version, replaces: replaces, accepts: try ops.optionalID())
            weight += Document.codecWeight(of: detail)
            try Envelope.check(weight: weight, of: reader)
            others.details.append(detail)
        }
        if ops.bytes.remaining > 0 { try readMoves(&ops, &others, &weight, of: reader) }
        try ops.bytes.finish()
    }

    /// Reads what the text of insertions that have details was moved from.
    private func readMoves(
        _ ops: inout OpReader, _ others: inout Others, _ weight: inout Int, of reader: ByteReader
    ) throws(CodecError) {
        var version = 0
        var place = 0
        for index in 0..<(try ops.bytes.listCount()) {
            let distance = try ops.bytes.count(upTo: graph.count)
            version += distance
            while place < others.details.count, others.details[place].version < version {
                place += 1
            }
            guard distance > 0 || index == 0, place < others.details.count,
                others.details[place].version == version
            else { throw .damaged("moves do not ascend, or are no details") }
            others.details[place].from = try ops.spans()
            weight += Document.codecWeight(of: others.details[place])
            try Envelope.check(weight: weight, of: reader)
        }
    }
}
