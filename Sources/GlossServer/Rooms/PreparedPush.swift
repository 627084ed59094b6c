import GlossCore
import GlossProtocol

/// A push whose changes have been decoded, before any room has seen it.
struct PreparedPush {
    /// The changes for one document.
    struct Part {
        var document: DocumentID
        var changes: [EncodedChange]
    }

    var id: Int
    /// In the order of the push.
    var parts: [Part]
    /// Bytes of all changes.
    var byteCount: Int

    /// Decodes a push, or says which change cannot be read.
    ///
    /// - Complexity: O(size of the push).
    init(_ push: Push) throws(Refusal) {
        id = push.id
        parts = []
        byteCount = 0
        for part in push.parts {
            var changes: [EncodedChange] = []
            for raw in part.changes {
                do throws(WireError) {
                    changes.append(try EncodedChange(raw))
                } catch {
                    var refusal = Refusal(error.code, of: part.doc, message: error.message)
                    (refusal.agent, refusal.seq) = ChangeCodec.name(of: raw.bytes)
                    throw refusal
                }
                byteCount += raw.bytes.count
            }
            parts.append(Part(document: part.doc, changes: changes))
        }
    }
}

/// Who pushes, and when it arrived.
struct Pusher: Hashable {
    var user: String
    var device: DeviceID
    /// What the user calls the device.
    var label: String
    /// Milliseconds since 1970.
    var time: Int

    var owner: AgentOwner { AgentOwner(user: user, device: device) }
}

/// Whose an agent is: nobody else may write with it.
struct AgentOwner: Hashable {
    var user: String
    var device: DeviceID
}

/// What became of a push.
enum PushAnswer: Hashable {
    /// It is on disk.
    case committed(Ack)
    /// Nothing of it was committed.
    case refused(Nack)
}
