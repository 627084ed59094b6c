import GlossCore
import GlossProtocol
import GlossStorage
import TestSupport

@testable import GlossClient
@testable import GlossServer
@testable import GlossTransport

/// Programs start, connect, stop and die.
extension World {
    // MARK: The server

    func startServer() throws {
        guard server == nil else { return }
        let process = scheduler.newProcess()
        let (disk, scheduler, clock) = (disk, scheduler, serverClock)
        guard let base = try scheduler.perform(as: process, { try await disk.open() }) else {
            throw Inequality("the server does not start")
        }
        let store = SimulatedStore(base, on: disk, scheduler, seed: random.next())
        store.onCrash = { [unowned self, unowned store] in
            if server?.store === store { endServer(isSilent: true, restartingIn: 500) }
        }
        let time = ServerClock(
            wall: { clock.wall }, steady: { scheduler.now },
            sleep: { try await scheduler.sleep($0) })
        let started = SimulatedServer(
            store: store, clock: time, tick: .milliseconds(2), compactedRows: 4,
            signer: try ReceiptSigner(log: disk.lineage, seed: Array(repeating: 7, count: 32)),
            onFatal: { [unowned self] _ in
                note("the server stops: its disk did not confirm a write")
                if server?.process == process { endServer(isSilent: false, restartingIn: 500) }
            })
        server = ServerProcess(process: process, store: store, server: started)
        note("the server starts")
    }

    /// The server dies, and starts again in a while.
    ///
    /// - Parameter isSilent: whether the machine dies with it, so that nobody is told.
    func endServer(isSilent: Bool, restartingIn pause: Int) {
        guard let dead = server else { return }
        server = nil
        crash = nil
        tally.count(isSilent ? .serverVanished : .serverCrashed)
        note("the server dies")
        for link in dead.links where link.isWhole {
            // Its own end is gone in any case.
            link.notice = isSilent ? .server : .both
            if isSilent { tally.count(.halfOpen) }
            link.breakNow()
        }
        kill(dead)
        isStarting = true
        scheduler.after(pause, as: .world) { [weak self] in self?.isStarting = false }
    }

    func kill(_ server: ServerProcess?) {
        server?.store.isAlive = false
    }

    /// Starts what is due to start. Not done by a timer: starting runs the scheduler.
    func startServerIfDue() {
        guard server == nil, !isStarting else { return }
        do { try startServer() } catch { fail(.error, "the server does not start: \(error)") }
    }

    // MARK: Clients

    func start(_ device: Device, watching: Bool, lostWork: LostWork = .wait) {
        if device.running == .once || watching && device.running == .watching { return }
        if device.running == .watching { stop(device) }
        let process = scheduler.newProcess()
        device.process = process
        device.running = watching ? .watching : .once
        device.connections = 0
        device.staysAwayUntil = 0
        let library = device.person.library
        scheduler.run(as: process) {
            device.task = Task { [self] in
                do {
                    let report = try await library.sync(
                        watching ? .watch : .once, lostWork: lostWork,
                        dial: { [self] _ in try await dial(device, process) }, onEvent: { _ in })
                    ended(device, process, report, nil)
                } catch {
                    ended(device, process, nil, error)
                }
            }
        }
    }

    /// Stops a client as control-C does.
    func stop(_ device: Device) {
        device.task?.cancel()
        device.task = nil
        device.running = .nothing
    }

    /// The client dies, and its library is as its file is.
    func kill(_ device: Device) {
        guard device.running != .nothing else { return }
        tally.count(.clientKilled)
        note("client \(device.number) is killed")
        device.diesAfter = nil
        do {
            let old = device.person.library
            device.person.library = try old.rehearsal()
            try old.close()
            try device.person.lookAgain()
        } catch { fail(.error, "the library of \(device.number) is lost: \(error)") }
        if let link = device.link, link.isWhole {
            link.notice = random.chance(0.3) ? .client : .both
            if link.notice == .client { tally.count(.halfOpen) }
            link.breakNow()
        }
        stop(device)
        // What it still says while it ends is of no interest.
        device.process = .world
    }

    /// Counts the jobs down behind which somebody dies.
    func countDown() {
        for device in devices {
            guard let left = device.diesAfter else { continue }
            device.diesAfter = left - 1
            if left <= 0 { kill(device) }
        }
        if let crash {
            self.crash?.jobs = crash.jobs - 1
            if crash.jobs <= 0 {
                endServer(isSilent: crash.isSilent, restartingIn: crash.pause)
            }
        }
    }

    private func ended(
        _ device: Device, _ process: ProcessID, _ report: SyncReport?, _ error: (any Error)?
    ) {
        guard device.process == process else { return }
        device.running = .nothing
        note(
            "client \(device.number) ends: "
                + (report.map { "sent \($0.sent), received \($0.received)" } ?? "")
                + (error.map { "\($0)" } ?? ""))
        if let error = error as? ClientError, error.code == .library || error.code == .refused {
            fail(.error, "client \(device.number): \(error)")
        }
        let isExplained = tally.has(
            .removed, .roleChanged, .articleRoleChanged, .articleHidden, .restored, .rolledBack,
            .diskFailed, .diskFull, .diskLocked, .diskReadOnly)
        if let failure = report?.failures.first, !isExplained {
            fail(.error, "client \(device.number): \(failure.message)")
        }
    }

    // MARK: Connections

    func dial(_ device: Device, _ process: ProcessID) async throws -> LineConnection {
        try await scheduler.sleep(.milliseconds(2))
        guard device.process == process, device.running != .nothing else {
            throw CancellationError()
        }
        if device.heldUntil > scheduler.now {
            tally.count(.dialFailed)
            try await scheduler.sleep(.milliseconds(min(10_000, device.heldUntil - scheduler.now)))
            throw ClientError(.timedOut, server: Self.address)
        }
        if device.staysAwayUntil > scheduler.now, device.running == .watching {
            fail(.refusal, "device \(device.number) is back before it was told to be")
        }
        guard let server, !server.isDraining else {
            tally.count(.dialFailed)
            throw ClientError(.unreachable(reason: "refused"), server: Self.address)
        }
        let link = Link(
            scheduler, number: links.count, seed: random.next(), from: process,
            to: server.process)
        note("device \(device.number) connects")
        if device.connections > 0 { tally.count(.reconnection) }
        let unsent = try device.person.library.store.read { try $0.unacknowledged() }
        let isAckLost = unsent.contains { change in
            disk.holds(change.document, OpID(agent: change.agent, seq: change.seq), change.bytes)
        }
        if isAckLost { tally.count(.ackLost) }
        device.connections += 1
        links.append(link)
        device.link = link
        link.onLoss = { [unowned self] _ in
            tally.count(.bytesLost)
            // What it was told may not have come.
            device.staysAwayUntil = 0
        }
        watch.observe(link, of: device, with: server, in: self)
        let near = try link.client.connection()
        server.accept(link, try link.server.connection(), scheduler)
        return near
    }
}
