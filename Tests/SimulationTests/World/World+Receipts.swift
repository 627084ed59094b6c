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
    var bytes: [UInt8]
}

extension Device {
    /// Notes what is covered by a receipt.
    func notePromises() throws {
        var found = Set(promises)
        try person.library.store.read { reader in
            for record in try reader.replicas() where !record.purged {
                let document = record.id
                var rows: [LogOutline] = []
                if let receipt = try reader.receipt(for: document) {
                    try reader.eachRow(of: document, after: 0, upTo: receipt.position) { row in
                        rows.append(row)
                    }
                }
                for log in try reader.formerLogs(of: document) { rows += try reader.rows(of: log) }
                for row in rows {
                    let change = try reader.change(of: document, holding: row.id)
                    found.insert(
                        Promise(
                            document: document, id: row.id, user: row.user,
                            deviceLabel: row.deviceLabel, bytes: change?.bytes ?? []))
                }
            }
        }
        promises = Array(found)
    }
}

extension World {
    /// What a device had a receipt for is on the server at the end, whoever made it, and under the
    /// name of whoever did.
    ///
    /// What stood on text that is gone may be there under another one.
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
            // Or it was its author's, refused like the text that it stands on.
            let isRefused = devices.contains { one in
                one.person.refused.contains {
                    $0.document == promise.document && $0.change.id == promise.id
                }
            }
            if waits || isRefused { continue }
            if try !isMadeAgain(promise.bytes, in: promise.document, by: device) {
                fail(
                    .loss,
                    "device \(device.number) had a receipt for \(promise.id) of "
                        + "\(promise.document), and it is gone")
            }
        }
    }
}
