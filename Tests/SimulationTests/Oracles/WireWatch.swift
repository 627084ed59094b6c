import GlossCore
import GlossProtocol
import GlossStorage

@testable import GlossClient
@testable import GlossServer

/// What is said on all connections, and what must never be.
final class WireWatch: @unchecked Sendable {  // only ever used on the thread of its simulation
    /// A change that was acknowledged.
    struct Acknowledged {
        var document: DocumentID
        var id: OpID
        var bytes: [UInt8]
        var device: Int
    }

    /// One connection.
    private final class Talk {
        var framer = (up: LineSplitter(), down: LineSplitter())
        var isWelcome = false
        var pushes: [Int: [PushPart]] = [:]
        /// Those of them that give back.
        var gifts: [Int: Gift] = [:]
        var bytes = 0
        /// Up to where each log was sent, and from where it was asked for.
        var told: [DocumentID: Int] = [:]
        var asked: [DocumentID: Int] = [:]
        /// The documents by the `id` of their `sub`.
        var numbers: [Int: DocumentID] = [:]
        var device: DeviceID?
    }

    private(set) var acks: [Acknowledged] = []

    func observe(_ link: Link, of device: Device, with server: ServerProcess, in world: World) {
        let talk = Talk()
        talk.device = device.id
        link.client.onWrite = { [unowned self, unowned world] bytes in
            guard device.process == link.up.from else { return }
            for line in talk.framer.up.lines(in: bytes) { said(line, by: device, talk, world) }
        }
        link.server.onWrite = { [unowned self, unowned world] bytes in
            guard world.server === server, !link.isBroken else { return }
            for line in talk.framer.down.lines(in: bytes) {
                answered(line, to: device, talk, world, server)
            }
        }
    }

    // MARK: Clients

    private func said(_ line: [UInt8], by device: Device, _ talk: Talk, _ world: World) {
        let limit = talk.isWelcome ? WireLimits.line : WireLimits.lineBeforeLogin
        if line.count > limit { world.fail(.limits, "a line of \(line.count) bytes") }
        guard let message = try? ClientMessage.decode(line) else {
            return world.fail(.error, "a client says \(String(decoding: line, as: UTF8.self))")
        }
        switch message {
        case .push(let push):
            talk.pushes[push.id] = push.parts
            let size = Self.size(push.parts)
            talk.bytes += size
            let isOver = talk.bytes > WireLimits.bytesInFlight && talk.pushes.count > 1
            if talk.pushes.count > WireLimits.pushesInFlight || isOver {
                world.fail(.limits, "\(talk.bytes) bytes in \(talk.pushes.count) pushes")
            }
        case .give(let give):
            talk.gifts[give.id] = Gift(give, world.disk)
            talk.pushes[give.id] = [
                PushPart(doc: give.stretch.doc, changes: give.rows.map(\.change))
            ]
            talk.bytes += give.rows.reduce(0) { $0 + $1.change.bytes.count }
        case .err(let failure) where failure.code == .logMismatch:
            if !world.tally.has(
                .restored, .rolledBack, .copied, .removed, .roleChanged, .articleRoleChanged,
                .articleHidden)
            {
                world.fail(.convergence, "device \(device.number) diverged: \(failure)")
            }
        case .err(let failure):
            if failure.code != .timedOut {
                world.fail(.refusal, "a client is told nonsense: \(failure)")
            }
        case .sub(let request):
            talk.asked[request.doc] = request.at
            talk.numbers[request.id] = request.doc
        default: break
        }
    }

    private static func size(_ parts: [PushPart]) -> Int {
        parts.reduce(0) { $0 + $1.changes.reduce(0) { $0 + $1.bytes.count } }
    }

    // MARK: The server

    private func answered(
        _ line: [UInt8], to device: Device, _ talk: Talk, _ world: World, _ server: ServerProcess
    ) {
        if server.mustStop { world.fail(.durability, "a server speaks whose disk failed") }
        if line.count > WireLimits.line { world.fail(.limits, "a line of \(line.count) bytes") }
        guard let message = try? ServerMessage.decode(line) else {
            return world.fail(.error, "a server says \(String(decoding: line, as: UTF8.self))")
        }
        checkAccess(message, device, talk, world)
        switch message {
        case .welcome: talk.isWelcome = true
        case .ack(let ack): check(ack, device, talk, world)
        case .nack(let nack):
            talk.gifts[nack.id] = nil
            talk.bytes -= Self.size(talk.pushes.removeValue(forKey: nack.id) ?? [])
            explain(nack.code, nack.message, nack.retry, world)
        case .err(let failure): explain(failure.code, failure.message, failure.retry, world)
        case .bye(let bye):
            explain(bye.code ?? .shuttingDown, bye.message, nil, world)
            guard server.isDraining else { break }
            world.tally.count(.sentAway)
            if bye.delay <= 0 { world.fail(.refusal, "a bye that does not say for how long") }
            device.staysAwayUntil = world.scheduler.now + bye.delay
        case .lag: world.tally.count(.slowReader)
        case .have(let have):
            check(have.doc, reaches: have.at, world)
            talk.told[have.doc] = nil
        case .live(let live):
            check(live.doc, reaches: live.at, world)
            talk.told[live.doc] = live.at
        case .ops(let page): check(page, talk, world)
        case .row(let row): check(row, talk, world)
        case .docs, .doc, .revoked, .role, .receipt, .pres, .ping, .pong: break
        }
    }

    private func check(_ document: DocumentID, reaches position: Int, _ world: World) {
        if position > world.disk.logs[document]?.count ?? 0 {
            world.fail(
                .visibility, "position \(position) of \(document) is told before it is on disk")
        }
    }

    private func check(_ page: LogPage, _ talk: Talk, _ world: World) {
        check(page.doc, reaches: page.to, world)
        let rows = world.disk.logs[page.doc] ?? []
        for row in page.changes where row.at <= rows.count {
            if rows[row.at - 1].bytes != row.change.bytes {
                world.fail(.visibility, "\(row.at) of \(page.doc) is not what is on disk")
            }
        }
        let told = talk.told[page.doc] ?? talk.asked[page.doc] ?? 0
        let isFromStart = talk.told[page.doc] == nil && page.from == 1
        if page.from != told + 1, !isFromStart {
            world.fail(.visibility, "a page of \(page.doc) goes on at \(page.from) behind \(told)")
        }
        talk.told[page.doc] = page.to
    }

    private func check(_ row: BriefRow, _ talk: Talk, _ world: World) {
        guard let document = talk.numbers[row.subscription],
            let told = talk.told[document] ?? talk.asked[document]
        else { return world.fail(.visibility, "a row of nothing that is followed") }
        world.tally.briefRows += 1
        let at = row.at ?? told + 1
        check(document, reaches: at, world)
        let rows = world.disk.logs[document] ?? []
        if at <= told || (at <= rows.count && rows[at - 1].bytes != row.change.bytes) {
            world.fail(.visibility, "\(at) of \(document) is not what is on disk")
        }
        talk.told[document] = at
    }

    private func check(_ ack: Ack, _ device: Device, _ talk: Talk, _ world: World) {
        guard let parts = talk.pushes.removeValue(forKey: ack.id) else {
            return world.fail(.error, "an ack of nothing")
        }
        talk.bytes -= Self.size(parts)
        let gift = talk.gifts.removeValue(forKey: ack.id)
        if gift != nil { world.tally.count(.givenBack) }
        for (part, answer) in zip(parts, ack.parts) {
            let rows = world.disk.logs[part.doc] ?? []
            let left = Set(answer.leftOut.map(\.change))
            let taken = part.changes.filter { change in
                guard !left.isEmpty, let id = try? ChangeCodec.decode(change.bytes).id else {
                    return true
                }
                return !left.contains(id)
            }
            if answer.doc != part.doc || answer.positions.count != taken.count {
                world.fail(.error, "an ack of something else: \(answer)")
            }
            explain(answer.leftOut, of: part.doc, in: gift, world)
            checkTimes(of: answer, ack.time, isGift: gift != nil, world)
            for (change, position) in zip(taken, answer.positions) {
                guard position <= rows.count, rows[position - 1].bytes == change.bytes else {
                    world.fail(.durability, "an ack of what is not on disk")
                    continue
                }
                let row = rows[position - 1]
                // Somebody else was told before.
                if gift != nil { continue }
                world.tally.acks += 1
                if part.doc.kind == .privateAnnotations { world.tally.count(.keptPrivate) }
                acks.append(
                    Acknowledged(
                        document: part.doc, id: OpID(agent: row.agent, seq: row.seq),
                        bytes: row.bytes, device: device.number))
            }
        }
    }

    /// Says what has made a refusal of that kind possible, or that nothing has.
    private func explain(
        _ code: ErrorCode, _ message: String, _ retry: RetryClass?, _ world: World
    ) {
        let tally = world.tally
        let isRestored = tally.has(.restored, .rolledBack)
        let isFailed = tally.has(.diskFull, .diskReadOnly, .diskLocked, .diskFailed)
        let isPossible =
            switch code {
            case .timedOut:
                tally.has(.hold, .halfOpen, .clientHalted, .serverHalted, .serverVanished, .cut)
            case .slowConsumer: tally.has(.clientHalted, .hold)
            case .forbidden: isRestored || tally.has(.roleChanged, .removed, .articleRoleChanged)
            case .notFound: isRestored || tally.has(.removed, .revoked, .articleHidden)
            case .agentFork: isRestored || tally.has(.copied)
            // It builds on something in whose place a copy has put something else.
            case .invalidReceipt, .invalidOp:
                isRestored && tally.has(.copied)
                    && acks.contains { world.disk.hasOther($0.document, $0.id, $0.bytes) }
            case .missingDependency:
                isRestored || isFailed
                    || tally.has(
                        .roleChanged, .removed, .articleRoleChanged, .articleHidden, .copied)
            case .overloaded, .internal: isFailed
            case .deviceRevoked: tally.has(.revoked)
            case .shuttingDown: tally.has(.drained)
            case .logMismatch: isRestored
            default: false
            }
        if !isPossible || message.isEmpty || retry.map({ $0 != code.retry }) ?? false {
            world.fail(.refusal, "\(code.rawValue) for no reason: \(message)")
        }
    }

    // MARK: Access

    /// Nothing of a document goes to who may not read it.
    private func checkAccess(
        _ message: ServerMessage, _ device: Device, _ talk: Talk, _ world: World
    ) {
        let documents: [DocumentID] =
            switch message {
            case .docs(let page): page.documents.map(\.doc)
            case .doc(let appeared): [appeared.doc]
            case .have(let have): [have.doc]
            case .ops(let page): [page.doc]
            case .row(let row): talk.numbers[row.subscription].map { [$0] } ?? []
            case .live(let live): [live.doc]
            case .ack(let ack): ack.parts.map(\.doc)
            case .lag(let lag): [lag.doc]
            case .pres(let news): [news.doc]
            default: []
            }
        if documents.isEmpty { return }
        let user = device.person.name
        func isLate(_ what: String) -> Bool {
            world.scheduler.now - 1_000 > world.lostAccess[what] ?? 0
        }
        if let id = talk.device, world.disk.revoked.contains(id), isLate("\(id)") {
            world.fail(.privacy, "device \(device.number) was revoked, and hears \(message)")
        }
        for document in documents {
            guard let library = world.disk.libraries[document] else {
                world.fail(.visibility, "\(document) is not on disk")
                continue
            }
            if let owner = world.disk.owners[document], owner != user {
                world.fail(.privacy, "device \(device.number) hears of \(owner)'s: \(message)")
            }
            if world.disk.roles[library]?[user] == nil, isLate("\(library) \(user)") {
                world.fail(.privacy, "device \(device.number) may not read \(message)")
            }
            let article = world.disk.article(of: document)
            if world.disk.hides(article, from: user), isLate("\(article) \(user)") {
                world.fail(.privacy, "hidden from device \(device.number): \(message)")
            }
        }
    }
}

/// Cuts what is written into lines.
private struct LineSplitter {
    private var rest: [UInt8] = []

    mutating func lines(in bytes: [UInt8]) -> [[UInt8]] {
        rest += bytes
        guard let end = rest.lastIndex(of: UInt8(ascii: "\n")) else { return [] }
        let lines = rest[..<end].split(
            separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        rest = Array(rest[(end + 1)...])
        return lines.map { Array($0) }
    }
}
