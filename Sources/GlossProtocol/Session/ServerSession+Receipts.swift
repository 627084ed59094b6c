import GlossCore

extension ServerSession {
    /// Tells a client that has everything what the server has signed or computed there.
    mutating func attested(_ slice: LogSlice) {
        guard let subscription = subscriptions[slice.doc], !subscription.isReading,
            subscription.told.position == slice.head, subscription.head == slice.head,
            stalledSince == nil
        else { return }
        send(
            .live(
                Live(
                    doc: slice.doc, at: slice.head, sum: slice.sum, state: slice.state,
                    receipt: slice.receipt)))
    }

    mutating func take(_ give: Give) {
        if pushes[give.id] != nil { return reject(give.id, .badField, "the id is in use") }
        let doc = give.stretch.doc
        var changes: [EncodedChange] = []
        var bytes = 0
        for row in give.rows {
            do {
                changes.append(try EncodedChange(row.change))
            } catch {
                let name = ChangeCodec.name(of: row.change.bytes)
                return send(
                    .nack(
                        Nack(
                            id: give.id, doc: doc, agent: name.agent, seq: name.seq,
                            code: error.code, message: error.message)))
            }
            bytes += row.change.bytes.count
        }
        if !takesLines {
            return send(
                .nack(
                    Nack(
                        id: give.id, doc: doc, agent: nil, seq: nil, code: .rateLimited,
                        message: "more in flight than announced")))
        }
        pushes[give.id] = [ChangeBatch(doc: doc, changes: changes)]
        giving.insert(give.id)
        pushBytes += bytes
        actions.append(.give(give, changes: changes))
    }

    mutating func sign(_ request: ReceiptRequest) {
        if hasTooManyRequests { return reject(request.id, .rateLimited, "too many requests") }
        if !signing.insert(request.id).inserted {
            return reject(request.id, .badField, "the id is in use")
        }
        actions.append(.makeReceipt(request))
    }

    /// Passes on what a client has to say about a document that it follows.
    mutating func note(_ failure: Failure) {
        guard let doc = failure.doc, subscriptions[doc] != nil else { return }
        // Once for each subscription.
        drop(doc)
        actions.append(.clientReported(failure))
    }
}
