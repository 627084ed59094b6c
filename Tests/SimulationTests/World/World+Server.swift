import GlossProtocol
import TestSupport

@testable import GlossServer

/// What a server keeps for those who are connected, and how it takes leave of them.
extension World {
    /// Fails where more waits for one peer than may.
    func checkBounds() {
        guard let server, failure == nil else { return }
        for (link, connection) in server.served where link.isWhole {
            let waiting = connection.outbox.byteCount
            tally.mostWaiting = max(tally.mostWaiting, waiting)
            if waiting > Outbox.highWater, filled.insert(link.number).inserted {
                tally.count(.outboxFilled)
            }
            if waiting > Self.outboxLimit {
                fail(.limits, "\(waiting) bytes wait for one peer")
            }
            let mail = connection.mailbox.contents
            tally.mostMail = max(tally.mostMail, mail.bytes)
            let documents = articles.count * 2
            if mail.decisions > WireLimits.pushesInFlight
                || mail.rows > documents * Mailbox.newsLimit
                || mail.bytes > documents * WireLimits.page
            {
                fail(.limits, "\(mail) in one mailbox")
            }
        }
    }

    /// What was on its way when the peer stopped reading, and the pages that were being read then.
    private static let outboxLimit =
        Outbox.highWater + (WireLimits.readsInFlight + 1) * (WireLimits.page + WireLimits.change)

    /// The server takes no more connections, tells those there are when to come back, waits for them
    /// to go, and for what is being committed, and ends. It starts again in a while.
    func drainServer(grace: Int, restartingIn pause: Int) throws {
        guard let leaving = server, !leaving.isDraining else { return }
        tally.count(.drained)
        leaving.isDraining = true
        for (link, connection) in leaving.served where link.isWhole {
            connection.drain(delay: 200 + random.below(800 + 5 * leaving.served.count))
        }
        pass(grace)
        guard server === leaving else { return }
        try perform { await leaving.server.rooms.drain() }
        guard server === leaving else { return }
        note("the server ends")
        server = nil
        crash = nil
        for link in leaving.links where link.isWhole {
            link.notice = .both
            link.breakNow()
        }
        kill(leaving)
        isStarting = true
        scheduler.after(pause, as: .world) { [weak self] in self?.isStarting = false }
    }
}
