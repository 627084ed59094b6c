import GlossCore
import GlossProtocol
import GlossStorage

@testable import GlossClient

/// What people keep to themselves.
extension World {
    /// What everybody kept is in their library, whether it was sent or not, and where it was
    /// acknowledged, on the server in their own set. No other log has any of it.
    func checkKept() throws {
        let logs = try disk.logs.sorted { $0.key < $1.key }.map { document, rows in
            (document, Ledger(try rows.map { try ChangeCodec.decode($0.bytes) }))
        }
        for device in devices {
            let (person, number) = (device.person, device.number)
            let set = DocumentID.privateSet(of: person.article, for: person.name)
            try checkKept(in: set, by: device)
            if disk.owners[set].map({ $0 != person.name }) ?? false {
                fail(.privacy, "the set of \(person.name) is somebody else's")
            }
            for (document, ledger) in logs where document != set {
                if ledger.missing(person.kept).count < person.kept.entries.count {
                    fail(.privacy, "\(document) has what device \(number) keeps to itself")
                }
            }
        }
    }

    private func checkKept(in set: DocumentID, by device: Device) throws {
        let (changes, recalled) = try device.person.library.store.read { reader in
            (try reader.changes(of: set), try reader.recalled().filter { $0.document == set })
        }
        let held = try (changes + recalled).map { try ChangeCodec.decode($0.bytes) }
        let missing = Ledger(held).missing(device.person.kept)
        if !missing.isEmpty {
            return fail(.loss, "device \(device.number) has lost \(missing) of its own")
        }
        // A device that was revoked does not come back after a restore.
        if let id = device.id, disk.revoked.contains(id) { return }
        for change in changes where change.state == .acknowledged {
            let id = OpID(agent: change.agent, seq: change.seq)
            if !disk.holds(set, id, change.bytes) {
                fail(.loss, "\(id) that device \(device.number) keeps is gone from the server")
            }
        }
    }
}
