import GlossCore
import GlossCrypto
import GlossProtocol
import GlossStorage

/// What is known of the receipts for a document in memory.
struct RoomReceipts {
    /// The last one made.
    var last: LogReceipt?
    /// When the last one was made because the log had grown, on the steady clock.
    var madeAt: Int?
}

/// What those who follow documents will be told when its time has come. It outlives the rooms: one
/// may be let go meanwhile. Each entry has a timer that takes it out, so there are no more than
/// documents that have grown within the time.
struct AttestationDebts {
    /// When the next receipt is due, on the steady clock.
    var receipts: [DocumentID: Int] = [:]
    /// Whose state is owed.
    var states: Set<DocumentID> = []
}

extension Rooms {
    /// Milliseconds from one receipt for a growing document to the next.
    private static let receiptPause = 1_000
    /// How long after a change those who follow the document are told its state.
    private static let statePause = Duration.seconds(60)

    // MARK: Where somebody comes

    /// The receipt for all that is on disk of a document; `nil` if none can be made, or if the log has
    /// grown meanwhile.
    func receipt(for header: DocumentHeader) async throws(StoreError) -> LogReceipt? {
        let id = header.record.id
        guard let signer else { return nil }
        if let chain = rooms[id]?.chain {
            let isThere = chain.position == header.record.head
            return isThere ? receipt(for: chain, of: id, by: signer) : nil
        }
        if let known = receipts.receipt(for: id), known.chain.position == header.record.head {
            return known
        }
        let chain: LogChain
        if let known = LogChain(header.record) {
            chain = known
        } else {
            chain = try await computeChain(of: id, to: header.record.head)
            guard chain.position == header.record.head else { return nil }
            // Another one may have made it while this one waited.
            if let known = receipts.receipt(for: id), known.chain == chain { return known }
        }
        let receipt = signer.receipt(for: chain, of: id)
        if let receipt { receipts.keep(receipt, for: id) }
        return receipt
    }

    private func receipt(
        for chain: LogChain, of id: DocumentID, by signer: ReceiptSigner
    ) -> LogReceipt? {
        if let last = rooms[id]?.receipts.last, last.chain == chain { return last }
        let receipt = signer.receipt(for: chain, of: id)
        rooms[id]?.receipts.last = receipt
        return receipt
    }

    // MARK: Where a log grows

    /// The receipt at the end of a log that has grown; `nil` if there was one a moment ago, and then
    /// those who follow get one when that moment is over.
    func receiptNow(of id: DocumentID) -> LogReceipt? {
        guard let signer, let room = rooms[id], let chain = room.chain else { return nil }
        if room.receipts.last?.chain == chain { return room.receipts.last }
        let now = clock.steady()
        let due = debts.receipts[id] ?? room.receipts.madeAt.map { $0 + Self.receiptPause } ?? now
        if due <= now {
            debts.receipts[id] = nil
            rooms[id]?.receipts.madeAt = now
            return receipt(for: chain, of: id, by: signer)
        }
        if debts.receipts[id] == nil {
            debts.receipts[id] = due
            Task { [weak self, clock] in
                try? await clock.sleep(.milliseconds(due - now))
                await self?.payReceipt(of: id)
            }
        }
        return nil
    }

    private func payReceipt(of id: DocumentID) async {
        guard debts.receipts.removeValue(forKey: id) != nil, followers[id] != nil else { return }
        if let room = rooms[id], room.chain != nil {
            guard let receipt = receiptNow(of: id) else { return }
            return attest(id, at: room.durableHead, receipt: receipt)
        }
        do throws(StoreError) {
            guard let header = try await store.header(of: id, at: 0),
                let receipt = try await receipt(for: header)
            else { return }
            let (head, sum) = (header.record.head, Checksum(rawValue: header.record.sum))
            attest(id, at: head, sum: sum, receipt: receipt)
        } catch {
            // Who follows gets it with the next change, if the process may go on.
            metrics.failed(error)
            if error.code == .fsyncFailed { onFatal(error) }
        }
    }

    /// Has the state of a document that has changed be told to those who follow it, in a while.
    func oweState(of id: DocumentID) {
        guard followers[id] != nil, debts.states.insert(id).inserted else { return }
        Task { [weak self, clock] in
            try? await clock.sleep(Self.statePause)
            await self?.payState(of: id)
        }
    }

    private func payState(of id: DocumentID) async {
        // Where nobody has loaded it, it is not worth that.
        guard debts.states.remove(id) != nil, followers[id] != nil, rooms[id] != nil else { return }
        guard let state = await state(of: id), state.head == rooms[id]?.durableHead else {
            // Changes are on their way to disk, or have come meanwhile: another time.
            return oweState(of: id)
        }
        attest(id, at: state.head, state: state.sum)
    }

    /// Tells those who follow a document something about the end of its log.
    private func attest(
        _ id: DocumentID, at head: Int, sum: Checksum? = nil, state: UInt64? = nil,
        receipt: LogReceipt? = nil
    ) {
        guard let sum = sum ?? rooms[id]?.marks.sum(at: head) else { return }
        tellFollowers(
            ServerSession.LogSlice(
                doc: id, after: head, rows: [], head: head, sum: sum, state: state,
                receipt: receipt))
    }
}
