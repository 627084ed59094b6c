import Glibc
import NIOCore
import TestSupport

@testable import GlossTransport

/// One connection between a device and a server.
final class Link: @unchecked Sendable {  // only ever used on the thread of its simulation
    /// Who notices that a connection is lost.
    enum Notice: String, Codable, CaseIterable {
        case both
        case client
        case server
    }

    static let reset = IOError(errnoCode: ECONNRESET, reason: "read")

    let scheduler: Scheduler
    let number: Int
    private(set) var isBroken = false
    /// Whether nothing passes for now.
    var isHeld = false {
        didSet {
            if !isHeld { pipes.forEach { $0.schedule() } }
        }
    }
    var notice = Notice.both
    /// Called when bytes were lost under way.
    var onLoss: (Int) -> Void = { _ in }
    private var random: SeededRandom
    private var pipes: [Pipe] = []
    private var ends: [LinkEnd] = []

    init(_ scheduler: Scheduler, number: Int, seed: UInt64, from: ProcessID, to: ProcessID) {
        self.scheduler = scheduler
        self.number = number
        random = SeededRandom(seed: seed)
        let (up, down) = (Pipe(self, from: from, to: to), Pipe(self, from: to, to: from))
        pipes = [up, down]
        ends = [
            LinkEnd(self, outgoing: up, incoming: down),
            LinkEnd(self, outgoing: down, incoming: up),
        ]
    }

    var client: LinkEnd { ends[0] }
    var server: LinkEnd { ends[1] }
    /// From the client, and to it.
    var up: Pipe { pipes[0] }
    var down: Pipe { pipes[1] }
    /// Whether it can be used from both ends.
    var isWhole: Bool { !isBroken && ends.allSatisfy(\.isOpen) }

    func latency() -> Int { random.chance(0.2) ? random.below(30) : 1 }

    func pieceSize(of count: Int) -> Int {
        random.chance(0.7) ? count : 1 + random.below(count)
    }

    /// Loses what is under way; those who are to notice do so in a moment.
    func breakNow() {
        guard !isBroken else { return }
        isBroken = true
        let lost = pipes.reduce(0) { $0 + $1.lose(telling: Link.reset) }
        if lost > 0 { onLoss(lost) }
        if notice != .server { tell(client, up.from) }
        if notice != .client { tell(server, down.from) }
    }

    /// Lets an end notice that the connection is lost.
    private func tell(_ end: LinkEnd, _ process: ProcessID) {
        scheduler.after(latency(), as: process) { end.lose() }
    }

    /// Lets whoever has not noticed a loss notice it.
    func tellAll() {
        guard isBroken else { return }
        tell(client, up.from)
        tell(server, down.from)
    }

    /// An end is closed whole: unless both had ended before, the other gets a reset.
    func closed(_ end: LinkEnd) {
        guard !isBroken, !pipes.allSatisfy(\.hasDeliveredEnd) else { return }
        notice = end === client ? .server : .client
        breakNow()
    }

    /// Ends it for good, when nobody uses it any more.
    func dispose() {
        ends.forEach { $0.dispose() }
        ends = []
        pipes = []
    }
}
