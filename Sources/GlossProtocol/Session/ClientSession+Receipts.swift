import GlossCore

extension ClientSession {
    mutating func give(
        _ stretch: SignedStretch, _ rows: [GivenRow], _ causes: [GivenCause]
    ) {
        guard phase == .ready else { return }
        isSettled = false
        let id = newID()
        let bytes = rows.reduce(0) { $0 + $1.change.bytes.count }
        returning[id] = (stretch.doc, bytes)
        bytesInFlight += bytes
        send(.give(Give(id: id, stretch: stretch, rows: rows, causes: causes)))
    }

    mutating func askReceipt(_ stretch: SignedStretch, _ rows: [RowOutline]) {
        guard phase == .ready else { return }
        isSettled = false
        let id = newID()
        returning[id] = (stretch.doc, 0)
        send(.receipt(ReceiptRequest(id: id, stretch: stretch, rows: rows)))
    }

    /// Takes the answer to what was given back; false if it is to something else.
    mutating func takeGiven(_ ack: Ack) -> Bool {
        guard let (doc, _) = endReturning(ack.id) else { return false }
        // It comes back with its positions: nothing is in line before that.
        let highest = ack.parts.flatMap(\.positions).max() ?? 0
        let known = replicas[doc]?.acknowledged ?? 0
        replicas[doc]?.acknowledged = max(known, highest)
        actions.append(.given(doc, leftOut: ack.parts.flatMap(\.leftOut)))
        offerNext()
        return true
    }

    mutating func takeReceipt(_ answer: ReceiptAnswer) {
        guard endReturning(answer.id) != nil else { return }
        actions.append(.receiptMade(answer))
    }

    /// Takes a refusal of what was given back; false if it is of something else.
    mutating func refuseGiven(_ id: Int, _ failure: Failure) -> Bool {
        guard let (doc, _) = endReturning(id) else { return false }
        actions.append(.giveRefused(doc, failure))
        offerNext()
        return true
    }

    private mutating func endReturning(_ id: Int) -> (doc: DocumentID, byteCount: Int)? {
        guard let ended = returning.removeValue(forKey: id) else { return nil }
        bytesInFlight -= ended.byteCount
        hasNothingMore = false
        return ended
    }
}

extension Failure {
    /// What a refused push was refused for.
    init(_ nack: Nack) {
        self.init(
            id: nack.id, scope: .message, doc: nack.doc, code: nack.code, retry: nack.retry,
            message: nack.message)
    }
}
