import GlossCore
import GlossCrypto
import GlossProtocol
import GlossStorage

/// A stretch of a log on its way back to the server.
struct Gift {
    var rows: [GivenRow]
    var causes: [GivenCause]
    /// How much of the document and of its article was there when it was sent. Only more can be there
    /// when it is judged.
    var head: Int
    var articleHead: Int

    init(_ give: Give, _ disk: ServerDisk) {
        let document = give.stretch.doc
        (rows, causes) = (give.rows, give.causes)
        head = disk.logs[document]?.count ?? 0
        articleHead = disk.logs[disk.article(of: document)]?.count ?? 0
    }

    /// Whether a log lacked a change that stands in front of the stretch, or had another in its place.
    func isMissing(_ id: OpID, in log: [NewRow]) -> Bool {
        guard let cause = causes.first(where: { $0.id == id }) else { return false }
        return !log.prefix(head).contains {
            $0.agent == id.agent && $0.seq + $0.count == id.seq + 1 && $0.hash == cause.hash.bytes
        }
    }
}

/// What an ack says beside positions.
extension WireWatch {
    /// Whoever sent what was there before is told the time that everybody else has of it.
    func checkTimes(of answer: AckPart, _ time: Int, isGift: Bool, _ world: World) {
        world.tally.earlierTimes += answer.earlierTimes.count
        // Whose rows are given back have their own times.
        if isGift, answer.earlierTimes.isEmpty { return }
        let rows = world.disk.logs[answer.doc] ?? []
        let positions = Set(answer.positions)
        for position in positions.union(answer.earlierTimes.keys).sorted() {
            guard !isGift, positions.contains(position), position <= rows.count else {
                world.fail(.error, "an ack with the time of something else: \(answer)")
                continue
            }
            let told = answer.earlierTimes[position] ?? time
            if told != rows[position - 1].receivedAt {
                world.fail(
                    .convergence,
                    "\(position) of \(answer.doc) is of \(rows[position - 1].receivedAt), and one "
                        + "device is told \(told)")
            }
        }
    }

    /// Says why each change that was left out could not be taken, or that there is no reason.
    func explain(
        _ leftOut: [LeftOut], of document: DocumentID, in gift: Gift?, _ world: World
    ) {
        guard !leftOut.isEmpty else { return }
        guard let gift,
            let changes = try? gift.rows.map({ try ChangeCodec.decode($0.change.bytes) })
        else { return world.fail(.error, "an ack leaves out what was not given back") }
        world.tally.leftOut += leftOut.count
        let ids = Set(leftOut.map(\.change))
        let left = changes.filter { ids.contains($0.id) }
        let log = world.disk.logs[document] ?? []
        let article = (world.disk.logs[world.disk.article(of: document)] ?? [])
            .prefix(gift.articleHead)
        for answer in leftOut {
            guard let index = changes.firstIndex(where: { $0.id == answer.change }) else {
                world.fail(.error, "an ack leaves out \(answer.change), which was not given back")
                continue
            }
            let (change, row) = (changes[index], gift.rows[index])
            let buildsOnOther = change.causes.contains { cause in
                left.contains { $0.contains(cause) } || gift.isMissing(cause, in: log)
            }
            let isPossible =
                switch answer.code {
                case .agentFork: log.contains { $0.hasOther(change, row) }
                // What has the number of its cause ends elsewhere.
                case .invalidOp: buildsOnOther
                case .missingDependency:
                    buildsOnOther
                        || change.ops.contains { op in
                            op.place?.version.contains { id in
                                !article.contains { $0.holds(id) }
                            } ?? false
                        }
                default: false
                }
            if !isPossible || answer.message.isEmpty || answer.retry != answer.code.retry {
                world.fail(.refusal, "\(answer) for no reason")
            }
        }
    }
}

extension NewRow {
    fileprivate func holds(_ id: OpID) -> Bool {
        id.agent == agent && (seq..<seq + count).contains(id.seq)
    }

    /// Whether there is no place for a change beside this row: its number has another one, or its
    /// agent is another user's.
    fileprivate func hasOther(_ change: Change, _ given: GivenRow) -> Bool {
        agent == change.agent
            && (user != given.user || holds(change.id) && bytes != given.change.bytes)
    }
}
