/// What histories and snapshots have in common: which document it is, who wrote when, and the
/// operations beside the text.
///
/// In order: the document's id (two words); how many operations; the agents (their number, their ids
/// as words) and the columns of their runs (agent, length); the columns of the causal graph's
/// entries (length, number of parents) and of all parents (how far in front of the entry they are);
/// the columns of the change table's rows (changes, tagged with whether they have a message; width;
/// time less the row's before) and the messages; the agents beside the document's (number, words);
/// the length of the other operations' bytes, and these: their number, the operations, the number of
/// details, each detail (version less the one's before, what it replaces, what it accepts), and if
/// any text was moved the number of moves, and each move (version likewise, what it was moved from).
extension Document {
    /// Writes it.
    func writeHead(to writer: inout ByteWriter) {
        writer.append(word: id.high)
        writer.append(word: id.low)
        writer.append(count: graph.count)
        writeAgents(to: &writer)
        writeGraph(to: &writer)
        writeChanges(to: &writer)
        var ops = OpWriter(agents)
        writeOthers(to: &ops)
        writer.append(count: ops.strangers.count)
        for agent in ops.strangers { writer.append(word: agent.rawValue) }
        writer.append(count: ops.bytes.count)
        writer.append(contentsOf: ops.bytes)
    }

    private func writeAgents(to writer: inout ByteWriter) {
        writer.append(count: agents.agentCount)
        for index in 0..<agents.agentCount { writer.append(word: agents.id(of: index).rawValue) }
        var owners = ColumnWriter()
        var lengths = ColumnWriter()
        for index in 0..<agents.runCount {
            let run = agents.run(at: index)
            owners.append(run.agent)
            lengths.append(run.versions.count)
        }
        owners.write(to: &writer)
        lengths.write(to: &writer)
    }

    private func writeGraph(to writer: inout ByteWriter) {
        var lengths = ColumnWriter()
        var parentCounts = ColumnWriter()
        var distances = ColumnWriter()
        for index in 0..<graph.entryCount {
            let versions = graph.versions(ofEntry: index)
            let parents = graph.parentRange(ofEntry: index)
            lengths.append(versions.count)
            parentCounts.append(parents.count)
            for place in parents {
                distances.append(versions.lowerBound - Int(graph.parents[place]))
            }
        }
        lengths.write(to: &writer)
        parentCounts.write(to: &writer)
        distances.write(to: &writer)
    }

    private func writeChanges(to writer: inout ByteWriter) {
        var repeats = ColumnWriter(tagCount: 2)
        var widths = ColumnWriter()
        var times = ColumnWriter()
        var messages = ByteWriter()
        var last = 0
        changes.forEachRow { count, width, time, message in
            repeats.append(count, tag: message == nil ? 0 : 1)
            widths.append(width)
            times.append(ZigZag.encode(time &- last))
            last = time
            if let message { messages.append(message) }
        }
        repeats.write(to: &writer)
        widths.write(to: &writer)
        times.write(to: &writer)
        writer.append(contentsOf: messages)
    }

    private func writeOthers(to writer: inout OpWriter) {
        writer.append(count: ops.others.count)
        for index in 0..<ops.others.count { writer.append(ops.others[index]) }
        writer.append(count: ops.details.count)
        var last = 0
        for detail in ops.details {
            writer.append(count: detail.version - last)
            last = detail.version
            writer.append(detail.replaces)
            writer.append(detail.accepts)
        }
        let moves = ops.details.filter { !$0.from.isEmpty }
        guard !moves.isEmpty else { return }
        writer.append(count: moves.count)
        last = 0
        for move in moves {
            writer.append(count: move.version - last)
            last = move.version
            writer.append(move.from)
        }
    }

    /// How many operations its stored form makes a reader remember or look at: its own, and as many
    /// more as undo and redo name, and insertions that say what they replace.
    var codecWeight: Int {
        var named = graph.count
        for index in 0..<ops.others.count where ops.others.form(of: index) == OpForm.visibility {
            named += Document.codecWeight(of: ops.others[index])
        }
        return ops.details.reduce(named) { $0 + Document.codecWeight(of: $1) }
    }

    static func codecWeight(of detail: OpRuns.Detail) -> Int {
        (detail.replaces + detail.from).reduce(0) { $0 + $1.count }
    }

    static func codecWeight(of op: Op) -> Int {
        guard case .visibility(let visibility) = op else { return 0 }
        return visibility.marks.reduce(0) { $0 + $1.span.count }
    }
}
