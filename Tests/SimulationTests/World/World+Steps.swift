import GlossCore
import GlossStorage
import TestSupport

@testable import GlossClient
@testable import GlossServer

extension World {
    /// Does one step of a plan.
    func perform(_ step: FaultStep) throws {
        note("\(step)")
        switch step {
        case .act(let number, let seed): try act(device(number), seed)
        case .build(let number, let seed): try act(device(number), seed, onOthers: true)
        case .keep(let number, let seed): try keep(device(number), seed)
        case .flood(let number, let seed): try flood(device(number), seed)
        case .sync(let number): start(device(number), watching: false)
        case .leaveOut(let number):
            tally.count(.wentWithout)
            start(device(number), watching: false, lostWork: .leaveOut)
        case .watch(let number): start(device(number), watching: true)
        case .leave(let number): if device(number).running == .watching { stop(device(number)) }
        case .pass(let milliseconds): pass(milliseconds)
        case .hold(let number, let milliseconds): hold(device(number), milliseconds)
        case .cut(let number, let bytes, let isUp, let notice):
            cut(device(number), bytes, isUp, notice)
        case .halt(let number, let milliseconds):
            let device = device(number)
            guard device.running != .nothing else { break }
            tally.count(.clientHalted)
            scheduler.halt(device.process, for: milliseconds)
        case .haltServer(let milliseconds):
            guard let server else { break }
            tally.count(.serverHalted)
            scheduler.halt(server.process, for: milliseconds)
            // While it stands still it cuts nobody off.
            for (access, time) in lostAccess where time < .max && time + 1_000 > scheduler.now {
                lostAccess[access] = time + milliseconds
            }
        case .kill(let number, let jobs): device(number).diesAfter = jobs
        case .crash(let jobs, let isSilent, let pause):
            if server != nil { crash = (jobs, isSilent, pause) }
        case .drain(let grace, let pause): try drainServer(grace: grace, restartingIn: pause)
        case .disk(let fault): disk.nextFault = fault
        case .backUp: disk.backUp()
        case .restore(let isByHand): try restore(isByHand: isByHand)
        case .copy(let number): try copy(device(number))
        case .setClock(let number, let milliseconds):
            tally.count(.clockStep)
            device(number).clock.offset += milliseconds
        case .setServerClock(let milliseconds):
            tally.count(.clockStep)
            serverClock.offset += milliseconds
        case .role(let number, let role):
            try setRole(role.flatMap { Role(rawValue: $0) }, of: device(number))
        case .articleRole(let number, let role): try setArticleRole(role, of: device(number))
        case .revoke(let number): try revoke(device(number))
        case .quiet: try comeToRest()
        }
        pass(1 + random.below(40))
    }

    private func device(_ number: Int) -> Device { devices[number % devices.count] }

    /// Lets time pass, and a dead server start.
    func pass(_ milliseconds: Int) {
        let end = scheduler.now + milliseconds
        while scheduler.now < end, failure == nil {
            scheduler.run(for: min(50, end - scheduler.now))
            startServerIfDue()
        }
    }

    // MARK: People

    private func act(_ device: Device, _ seed: UInt64, onOthers: Bool = false) throws {
        device.person.random = SeededRandom(seed: seed)
        device.person.isBuilding = onOthers
        defer { device.person.isBuilding = false }
        try device.person.lookAgain()
        // Until something can be done.
        for _ in 0..<12 {
            let act = device.person.nextAct()
            let outcome = try device.person.perform(act)
            guard case .done = outcome else { continue }
            tally.acts += 1
            return note("device \(device.number): \(act) \(outcome)")
        }
    }

    private func keep(_ device: Device, _ seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        // What they saw when they last looked.
        let view = try device.person.view()
        let count = view.scalars.count
        let start = random.below(max(1, count))
        let body = "for oneself \(seed)"
        do {
            _ = try device.person.library.annotate(
                device.person.article, at: count > 0 ? start..<min(count, start + 9) : nil,
                of: view.version, body: body, isPrivate: true, command: "note river --private")
            device.person.kept.add(body, as: .body)
        } catch let error as ClientError where error.code == .stale {
            note("device \(device.number): \(error.message)")
        }
        try device.person.lookAgain()
    }

    private func flood(_ device: Device, _ seed: UInt64) throws {
        try device.person.lookAgain()
        guard device.person.role >= .reviewer else { return }
        var random = SeededRandom(seed: seed)
        for _ in 0..<7 {
            let letter = Unicode.Scalar(UInt8(97 + random.below(26)))
            let body = String(repeating: Character(letter), count: 60_000)
            _ = try device.person.library.annotate(
                device.person.article, at: nil, body: body, command: "note river")
        }
        try device.person.lookAgain()
    }

    // MARK: The network

    private func hold(_ device: Device, _ milliseconds: Int) {
        device.heldUntil = max(device.heldUntil, scheduler.now + milliseconds)
        if let link = device.link, link.isWhole {
            tally.count(.hold)
            link.isHeld = true
        }
        scheduler.after(milliseconds, as: .world) { [unowned self] in
            if device.heldUntil <= scheduler.now { device.link?.isHeld = false }
        }
    }

    private func cut(_ device: Device, _ bytes: Int, _ isUp: Bool, _ notice: Link.Notice) {
        guard let link = device.link, link.isWhole else { return }
        tally.count(notice == .both ? .cut : .halfOpen)
        link.notice = notice
        (isUp ? link.up : link.down).breaksAfter = bytes
    }

    // MARK: Whoever runs the server

    private func restore(isByHand: Bool) throws {
        if server != nil { endServer(isSilent: false, restartingIn: 300) }
        let isLoss = disk.restore(lineage: isByHand ? nil : random.next())
        if isLoss {
            tally.count(isByHand ? .rolledBack : .restored)
            for device in devices { try device.notePromises() }
        }
    }

    private func copy(_ device: Device) throws {
        tally.count(.copied)
        var person = device.person
        person.library = try device.person.library.rehearsal()
        devices.append(
            Device(
                number: devices.count, library: device.library, role: device.role, person: person,
                clock: device.clock))
    }

    func setRole(_ role: Role?, of device: Device) throws {
        let (user, library) = (device.person.name, device.library)
        guard let server, disk.roles[library]?[user] != role else { return }
        tally.count(role == nil ? .removed : .roleChanged)
        try taking(role == nil ? "\(library) \(user)" : nil) {
            try administer {
                try await server.server.services.store.setRole(role, of: user, in: library)
                try await server.server.services.accounts.refreshRoles(of: user)
            }
            return disk.roles[library]?[user] == nil
        }
    }

    func setArticleRole(_ role: String, of device: Device) throws {
        let (user, article) = (device.person.name, device.person.article)
        guard let server, disk.libraries[article] != nil,
            disk.roles[device.library]?[user] != nil,
            disk.articleRole(of: user, on: article) != role
        else { return }
        let isHiding = role == DocumentRole.none
        tally.count(isHiding ? .articleHidden : .articleRoleChanged)
        try taking(isHiding ? "\(article) \(user)" : nil) {
            try administer {
                try await server.server.setRole(named: role, of: user, on: article)
            }
            return disk.hides(article, from: user)
        }
    }

    private func revoke(_ device: Device) throws {
        guard let server, let id = device.id, !disk.revoked.contains(id) else { return }
        tally.count(.revoked)
        let (user, now) = (device.person.name, serverClock.wall)
        try taking("\(id)") {
            try administer {
                try await server.server.services.store.revokeDevice(id, now: now)
                server.server.services.access.revoke(id, of: user)
            }
            return disk.revoked.contains(id)
        }
    }

    /// Takes access away, and notes when that was done, if it was. While it is under way nobody is late.
    private func taking(_ access: String?, _ isTaken: () throws -> Bool) throws {
        if let access { lostAccess[access] = .max }
        let isTaken = try isTaken()
        if let access { lostAccess[access] = isTaken ? scheduler.now : nil }
    }

    /// Does what an administrator does. If the server dies over it, the disk tells whether it is done.
    private func administer(_ body: @escaping @Sendable () async throws -> Void) throws {
        let server = server
        do { try perform(body) } catch {
            guard server?.store.isAlive == false else { throw error }
            note("the server dies over it")
        }
    }
}
