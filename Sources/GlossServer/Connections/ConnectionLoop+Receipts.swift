import GlossCore
import GlossProtocol
import Logging

extension ConnectionLoop {
    mutating func submit(_ give: Give, _ changes: [EncodedChange]) async {
        guard let admission else { preconditionFailure("who gives has logged in") }
        let giver = Pusher(admission, time: services.clock.wall())
        let (mailbox, metrics) = (connection.mailbox, services.metrics)
        await services.rooms.submit(give, changes: changes, by: giver) { decision in
            if case .committed(let parts, _) = decision {
                metrics.given(changes: parts.reduce(0) { $0 + $1.positions.count })
            }
            mailbox.post(decision: .pushDecided(id: give.id, decision))
        }
    }

    mutating func sign(_ request: ReceiptRequest) async {
        guard let admission else { preconditionFailure("who asks has logged in") }
        let (rooms, clock) = (services.rooms, services.clock)
        guard await rooms.receiptGuard.begin(admission.user, now: clock.steady()) else {
            return enqueue(
                .receiptRefused(
                    id: request.id, code: .rateLimited, message: Rooms.tooManyFalseReceipts))
        }
        let answer = rooms.signer?.answer(request)
        rooms.receiptGuard.finish(admission.user, failed: answer == nil, now: clock.steady())
        if let answer { return enqueue(.receiptMade(answer)) }
        enqueue(
            .receiptRefused(
                id: request.id, code: .invalidReceipt,
                message: "this server has not signed these rows as they are given"))
    }

    /// Counts what a client has found to differ, and says so in the log.
    func note(_ failure: Failure) {
        guard failure.code == .logMismatch else { return }
        services.metrics.checksumDiffered()
        services.log.warning(
            "a client found another checksum",
            metadata: [
                "document": "\(failure.doc.map { "\($0)" } ?? "")",
                "user": "\(admission?.user ?? "")", "device": "\(admission?.label ?? "")",
            ])
    }
}

extension Pusher {
    /// Whoever has logged in.
    init(_ admission: ServerSession.Admission, time: Int) {
        self.init(
            user: admission.user, device: admission.device, label: admission.label, time: time)
    }
}
