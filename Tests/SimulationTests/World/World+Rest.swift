import GlossCore
import GlossProtocol
import GlossStorage
import TestSupport

@testable import GlossClient

/// What must be so once nothing goes wrong any more.
extension World {
    /// Ends all faults.
    private func heal() throws {
        disk.nextFault = nil
        crash = nil
        scheduler.resumeAll()
        for device in devices {
            device.diesAfter = nil
            device.heldUntil = 0
            device.link?.isHeld = false
            for pipe in [device.link?.up, device.link?.down] { pipe?.breaksAfter = nil }
        }
        for link in links { link.tellAll() }
        isStarting = false
        try startServer()
    }

    /// Ends all faults, and waits until everybody who is connected has everything.
    func comeToRest() throws {
        try heal()
        let end = scheduler.now + 180_000
        var open = unsettled()
        while !open.isEmpty, scheduler.now < end, failure == nil {
            pass(200)
            open = unsettled()
        }
        if !open.isEmpty { return fail(.liveness, "nothing moves any more: \(open)") }
        for device in devices where device.running == .watching {
            try device.person.lookAgain()
            try compare(device)
        }
    }

    /// Who does not have everything, or has not sent everything.
    private func unsettled() -> [String] {
        // What stands on work that the server has lost waits for whoever can give that back.
        let mayWait = tally.has(.restored, .rolledBack)
        return devices.compactMap { device in
            switch device.running {
            case .nothing: return nil
            case .once: return "device \(device.number) syncs"
            case .watching: break
            }
            guard disk.roles[device.library]?[device.person.name] != nil, let id = device.id,
                !disk.revoked.contains(id)
            else { return "device \(device.number) watches and may not" }
            // What is hidden waits, here and there, until it is not.
            if disk.hides(device.person.article, from: device.person.name) { return nil }
            // Of a log that was put back by hand it hears only once it is there.
            if tally.has(.rolledBack), device.link?.isWhole != true {
                return "device \(device.number) is not connected"
            }
            do {
                return try device.person.library.store.read { reader in
                    // Whose positions are of the log before may seem to have all of the new one.
                    if try reader.meta(.lineage) != "\(disk.lineage)" {
                        return "device \(device.number) has not been at the restored server"
                    }
                    for record in try reader.replicas() {
                        let head = disk.logs[record.id]?.count ?? 0
                        if record.position != head {
                            return "device \(device.number) is at \(record.position) of \(head)"
                        }
                    }
                    let waiting = try reader.unacknowledged().count
                    if waiting == 0 || mayWait { return nil }
                    return "device \(device.number) holds \(waiting) changes"
                }
            } catch { return "device \(device.number): \(error)" }
        }
    }

    /// Whoever knows what somebody knows sees what they see.
    private func compare(_ device: Device) throws {
        guard try isUpToDate(device) else { return }
        let (view, sight) = (try device.person.view(), try device.person.sight())
        for other in devices where other !== device && other.library == device.library {
            try other.person.lookAgain()
            guard try other.person.view().knows(what: view), try isUpToDate(other) else { continue }
            let isNamed = Self.namesAreSame(device, other)
            // What the server has lost has the time of whichever server had it last.
            let isTimed = try !hasLost(device) && !hasLost(other)
            let difference = difference(
                sight, try other.person.sight(), named: isNamed, timed: isTimed)
            if let difference {
                fail(.convergence, "devices \(device.number), \(other.number): \(difference)")
            }
        }
    }

    /// Whether a device has something of its article that the server has lost.
    private func hasLost(_ device: Device) throws -> Bool {
        let article = device.person.article
        return try device.person.library.store.read { reader in
            try [article, article.annotations].contains { document in
                try reader.changes(of: document).contains(where: \.isLost)
            }
        }
    }

    /// Whether a device has the times of the log that the server has.
    ///
    /// Who has not come back to a restored server, or may not see the article, has those of the one
    /// before; so has somebody who had from that one what its author sends again.
    private func isUpToDate(_ device: Device) throws -> Bool {
        let isAway =
            device.running == .nothing
            || disk.hides(device.person.article, from: device.person.name)
        if isAway, tally.has(.restored) { return false }
        return try device.person.library.outbox().allSatisfy { $0.refusal != nil }
    }

    /// Whether two who know the same call everything the same: what was refused has names, too, and so
    /// has what one keeps to oneself.
    private static func namesAreSame(_ one: Device, _ other: Device) -> Bool {
        [one.person, other.person].allSatisfy { $0.refused.isEmpty && !$0.keepsNotes }
    }

    /// What differs for two who know the same.
    private func difference(
        _ one: Sight, _ other: Sight, named isNamed: Bool, timed isTimed: Bool = true
    ) -> String? {
        if isTimed, !tally.has(.rolledBack) {
            return one.difference(from: other, named: isNamed)
        }
        // A log that was put back by hand and then given the same again has other times of receipt
        // under the same checksum.
        let isSame =
            one.text == other.text && one.checksum == other.checksum
            && one.conflicts.map(\.id) == other.conflicts.map(\.id)
        return isSame ? nil : "text, state or conflicts"
    }

    /// Syncs a device once, while nothing goes wrong.
    @discardableResult
    func syncToEnd(_ device: Device, lostWork: LostWork = .wait) throws -> SyncReport {
        let process = scheduler.newProcess()
        device.process = process
        device.running = .once
        device.connections = 0
        let library = device.person.library
        let report = try scheduler.perform(as: process) { [self] in
            try await library.sync(
                .once, lostWork: lostWork, dial: { [self] _ in try await dial(device, process) },
                onEvent: { _ in })
        }
        device.running = .nothing
        guard let report else { throw Inequality("the sync of \(device.number) came to no end") }
        try device.person.lookAgain()
        return report
    }

    /// All faults end, everybody syncs, and everybody and the server have the same; nothing that was
    /// acknowledged or written is lost.
    func end() throws {
        try comeToRest()
        if failure != nil { return }
        for device in devices { stop(device) }
        scheduler.run(for: 8_000)
        for device in devices {
            try setRole(device.role, of: device)
            try setArticleRole("default", of: device)
        }
        let able = devices.filter { $0.id.map { !disk.revoked.contains($0) } ?? false }
        // What has no receipt its author brings back, and whoever else has it goes on without it then.
        var remedies = tally.has(.restored, .rolledBack) ? [bringBack, leaveOut] : []
        while let stuck = try syncAll(able) {
            if remedies.isEmpty { return fail(.convergence, "what nobody can send: \(stuck)") }
            try remedies.removeFirst()(able)
        }
        if failure != nil { return }
        try checkOutboxes(able)
        for device in able { try checkSame(device, among: able) }
        try checkLoss(able)
    }

    /// Syncs everybody until nothing moves any more.
    ///
    /// - Returns: what the server still lacks; `nil` if there is nothing, or something failed.
    private func syncAll(_ able: [Device]) throws -> String? {
        for _ in 0..<8 {
            var moved = 0
            var stuck: String?
            for device in able {
                let report = try syncToEnd(device)
                if failure != nil { return nil }
                if let what = report.failures.first {
                    fail(.convergence, "device \(device.number): \(what.message)")
                    return nil
                }
                moved += report.sent + report.received + report.refused + report.returned
                if report.lost > 0 { stuck = "device \(device.number) has \(report.lost) alone" }
                if let what = report.postponed.first { stuck = "device \(device.number): \(what)" }
            }
            if moved == 0 { return stuck }
        }
        fail(.convergence, "there is always more to sync")
        return nil
    }

    /// Everybody may do everything, and sends what was refused once more.
    private func bringBack(_ able: [Device]) throws {
        for device in able {
            try setRole(.editor, of: device)
            try syncToEnd(device)
            let library = device.person.library
            let items = try library.outbox().filter { $0.refusal != nil }
            // What cannot stand alone any more stays refused.
            for item in items {
                do {
                    try library.retry([item], command: "outbox --retry")
                } catch let error as ClientError {
                    if error.code != .stale { throw error }
                }
            }
        }
    }

    /// Everybody goes on without what others do not bring back.
    private func leaveOut(_ able: [Device]) throws {
        tally.count(.wentWithout)
        for device in able { try syncToEnd(device, lostWork: .leaveOut) }
    }

    private func checkOutboxes(_ able: [Device]) throws {
        for device in able {
            let outbox = try device.person.library.outbox()
            for item in outbox {
                guard let refusal = item.refusal else {
                    return fail(.convergence, "device \(device.number) still holds \(item.summary)")
                }
                guard let code = ErrorCode(rawValue: refusal.code), code != .unrecognized,
                    !refusal.message.isEmpty
                else { return fail(.refusal, "\(refusal) explains nothing") }
            }
            tally.refusals += outbox.count
        }
    }

    private func checkSame(_ device: Device, among able: [Device]) throws {
        for other in able where other.number > device.number && other.library == device.library {
            guard try other.person.view().knows(what: device.person.view()) else {
                return fail(
                    .convergence, "devices \(device.number) and \(other.number) know other changes")
            }
            try checkPrivateNotes(device, other)
            let isNamed = Self.namesAreSame(device, other)
            let (one, another) = (try device.person.sight(), try other.person.sight())
            if let difference = difference(one, another, named: isNamed) {
                return fail(
                    .convergence, "devices \(device.number), \(other.number): \(difference)")
            }
        }
    }

    /// Two devices of one user have the same of their own; others' have none of it.
    private func checkPrivateNotes(_ device: Device, _ other: Device) throws {
        let notes = try [device, other].map { device in
            try device.person.library.view(device.person.article).showing(onlyPrivate: true)
                .notes.map { "\($0.id) \($0.body)" }
        }
        let isSame = device.person.name == other.person.name
        if isSame ? notes[0] != notes[1] : !Set(notes[0]).isDisjoint(with: notes[1]) {
            fail(
                .convergence,
                "devices \(device.number), \(other.number) keep \(notes[0]) and \(notes[1])")
        }
    }

    /// Whether a change that the server had lost is there under another name, or is refused under it: a
    /// copy of its library has taken its number meanwhile, or what stood in front of it is not allowed any
    /// more, or was left out.
    func isMadeAgain(
        _ bytes: [UInt8], in document: DocumentID, by author: Device?
    ) throws -> Bool {
        guard tally.has(.copied, .roleChanged, .removed, .articleRoleChanged, .wentWithout),
            tally.has(.restored, .rolledBack), !bytes.isEmpty
        else { return false }
        let lost = try ChangeCodec.decode(bytes)
        let refused = author?.person.refused.filter { $0.document == document } ?? []
        let held = try (disk.logs[document] ?? []).map { try ChangeCodec.decode($0.bytes) }
        // Whoever goes without somebody's work has nothing left to delete of it, or to answer.
        let isWithout = tally.has(.wentWithout)
        func counted(_ change: Change) -> Int {
            change.ops.count { op in
                switch op {
                case .delete, .resolve: !isWithout
                default: true
                }
            }
        }
        return (held + refused.map(\.change)).contains { change in
            change.agent != lost.agent && change.time == lost.time
                && counted(change) == counted(lost) && Ledger([change]).says(Ledger([lost]))
        }
    }

    private func checkLoss(_ able: [Device]) throws {
        for ack in watch.acks where !disk.holds(ack.document, ack.id, ack.bytes) {
            let owner = devices.first { $0.number == ack.device }
            let isOut = !able.contains { $0 === owner }
            let isBack = owner?.person.refused.contains { $0.change.id == ack.id } ?? false
            if tally.has(.restored, .rolledBack), isOut || isBack { continue }
            if try isMadeAgain(ack.bytes, in: ack.document, by: owner) { continue }
            return fail(.loss, "\(ack.id) of \(ack.document) was acknowledged and is gone")
        }
        for device in able { try checkPromises(of: device) }
        try checkKept()
        for device in able {
            let store = device.person.library.store
            let documents = [device.person.article, device.person.article.annotations]
            var held = documents.flatMap { disk.logs[$0] ?? [] }.map(\.bytes)
            held += try store.read { try $0.recalled() }.map(\.bytes)
            let changes = try held.map { try ChangeCodec.decode($0) }
            let missing = Ledger(changes + device.person.refused.map(\.change))
                .missing(device.person.written)
            // What was refused once may have been made anew in other words, or dropped with its text.
            if !missing.isEmpty {
                return fail(.loss, "device \(device.number) has lost \(missing)")
            }
        }
    }
}
