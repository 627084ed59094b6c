import GlossCore
import GlossCrypto
import GlossProtocol
import GlossStorage

extension Rooms {
    /// Gives a judged push its place in the next commit.
    func enqueue(_ push: WaitingPush) {
        if push.rows.isEmpty, isDurable(push) { return acknowledge(push) }
        queue.append(push)
        if queue.byteCount >= limits.commitBytes { queue.tick?.cancel() }
        if !queue.isScheduled {
            queue.isScheduled = true
            Task { await commitWhatWaits() }
        }
    }

    /// Whether what a push has, or leaves out since something else is there, is on the disk.
    private func isDurable(_ push: WaitingPush) -> Bool {
        push.parts.allSatisfy { part in
            guard let room = rooms[part.document] else { return part.positions.isEmpty }
            return part.positions.allSatisfy { $0 <= room.durableHead }
                && (push.leftOut.isEmpty || room.isDurable)
        }
    }

    /// Commits until nothing waits. One such task runs at a time.
    private func commitWhatWaits() async {
        if queue.byteCount < limits.commitBytes {
            let (length, clock) = (limits.tick, clock)
            let tick = Task { _ = try? await clock.sleep(length) }
            queue.tick = tick
            await tick.value
            queue.tick = nil
        }
        while !queue.waiting.isEmpty {
            queue.start()
            await commit()
        }
        queue.isScheduled = false
        for waiter in queue.idleWaiters { waiter.resume() }
        queue.idleWaiters = []
    }

    private func commit() async {
        let changed = queue.rows
        let started = ContinuousClock.now
        do throws(StoreError) {
            let chains = changed.map { chain(of: $0.document, with: $0.rows) }
            let appends = zip(changed, chains).map { change, chain in
                Append(
                    document: change.document,
                    expectedHead: rooms[change.document]?.durableHead ?? 0, rows: change.rows,
                    chain: chain?.digest.bytes)
            }
            let appended = appends.isEmpty ? [] : try await store.commit(appends)
            let news = changed.indices.map { index in
                settle(changed[index], appended[index], chains[index])
            }
            metrics.committed(
                rows: changed.reduce(0) { $0 + $1.rows.count }, since: started)
            for push in queue.finish() { acknowledge(push) }
            for var slice in news where followers[slice.doc] != nil {
                slice.receipt = receiptNow(of: slice.doc)
                tellFollowers(slice)
            }
            dropSpoiledRooms()
        } catch {
            fail(error)
        }
    }

    /// The hash of a log with some more rows.
    private func chain(of document: DocumentID, with rows: [NewRow]) -> LogChain? {
        guard var chain = rooms[document]?.chain else { return nil }
        for row in rows {
            chain.append(
                user: row.user, device: row.deviceLabel, time: row.receivedAt, hash: row.hash)
        }
        return chain
    }

    private func settle(
        _ change: (document: DocumentID, rows: [NewRow]), _ result: Appended, _ chain: LogChain?
    ) -> ServerSession.LogSlice {
        let (document, rows) = change
        precondition(result.sums.count == rows.count, "the store appends every row")
        var settled: [LogRow] = []
        for (index, row) in rows.enumerated() {
            settled.append(
                LogRow(row, position: result.firstPosition + index, sum: result.sums[index]))
        }
        rooms[document]?.settle(settled, chain)
        considerCompacting(document)
        oweState(of: document)
        // Of much only that it is there: followers read it page by page, at their own pace.
        let isBrief =
            settled.count <= Mailbox.newsLimit
            && rows.reduce(0) { $0 + $1.bytes.count } <= WireLimits.page
        return ServerSession.LogSlice(
            doc: document, after: result.firstPosition - 1,
            rows: isBrief ? settled.map(CommittedChange.init) : [],
            head: result.firstPosition + rows.count - 1,
            sum: Checksum(rawValue: result.sums.last ?? 0))
    }

    private func acknowledge(_ push: WaitingPush) {
        let parts = push.parts.enumerated().map { index, part in
            AckPart(
                doc: part.document, positions: part.positions, sum: part.sum,
                earlierTimes: push.earlierTimes[index] ?? [:], leftOut: push.leftOut)
        }
        push.answer(.committed(parts: parts, time: push.time))
    }

    /// Forgets what did not reach the disk: the rooms are read again when they are next needed.
    private func fail(_ error: StoreError) {
        rooms.remove { !$0.isDurable }
        dropSpoiledRooms()
        let abandoned = queue.abandon()
        metrics.failed(error)
        if error.code == .fsyncFailed {
            onFatal(error)
            return
        }
        for push in abandoned {
            guard let first = push.parts.first else { continue }
            // What is gone is so for pushes to it only, not for those that were to be written with them.
            let isGone = push.parts.contains {
                purging.contains($0.document) || purged.contains($0.document)
            }
            let reason =
                error.code == .gone && !isGone ? StoreError(.io, error.message) : error
            push.answer(.refused(Refusal(reason, of: first.document).decision))
        }
    }

    /// Returns when nothing waits to be committed.
    func drain() async {
        guard queue.isScheduled else { return }
        await withCheckedContinuation { queue.idleWaiters.append($0) }
    }
}

extension LogRow {
    /// A row as the store has appended it.
    fileprivate init(_ row: NewRow, position: Int, sum: UInt64) {
        self.init(
            position: position, agent: row.agent, seq: row.seq, count: row.count,
            bytes: row.bytes, hash: row.hash, sum: sum, user: row.user, device: row.device,
            deviceLabel: row.deviceLabel, receivedAt: row.receivedAt)
    }
}
