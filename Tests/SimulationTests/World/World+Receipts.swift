import GlossCore
import GlossProtocol
import GlossStorage

@testable import GlossClient

/// A change that a device can bring back, whoever made it.
struct Promise: Hashable {
    var document: DocumentID
    var id: OpID
    var user: String
    var deviceLabel: String
}

extension Device {
    /// Notes what is covered by a receipt.
    func notePromises() throws {
        var found = Set(promises)
        try person.library.store.read { reader in
            for record in try reader.replicas() where !record.purged {
                let document = record.id
                func note(_ row: LogOutline) {
                    found.insert(
                        Promise(
                            document: document, id: OpID(agent: row.agent, seq: row.seq),
                            user: row.user, deviceLabel: row.deviceLabel))
                }
                if let receipt = try reader.receipt(for: document) {
                    try reader.eachRow(of: document, after: 0, upTo: receipt.position) { row in
                        note(row)
                    }
                }
                for log in try reader.formerLogs(of: document) {
                    for row in try reader.rows(of: log) { note(row) }
                }
            }
        }
        promises = Array(found)
    }
}

extension World {
    /// What a device had a receipt for is on the server at the end, whoever made it, and under the
    /// name of whoever did.
    func checkPromises(of device: Device) throws {
        // Another copy of a library may write under the agents of what was lost before it comes back.
        if tally.has(.copied) { return }
        for promise in device.promises {
            let rows = disk.logs[promise.document] ?? []
            if let row = rows.first(where: {
                $0.agent == promise.id.agent && $0.seq == promise.id.seq
            }) {
                if row.user != promise.user {
                    fail(.loss, "\(promise.id) is \(row.user)'s now, and was \(promise.user)'s")
                }
                continue
            }
            // What it stands on had no receipt, and its author has not come back.
            let waits = try device.person.library.store.read {
                try !$0.formerLogs(of: promise.document).isEmpty
            }
            if !waits {
                fail(
                    .loss,
                    "device \(device.number) had a receipt for \(promise.id) of "
                        + "\(promise.document), and it is gone")
            }
        }
    }
}
