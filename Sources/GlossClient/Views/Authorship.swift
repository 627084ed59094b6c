public import GlossCore
import GlossProtocol
import GlossStorage

/// Who did something, when, and on which device.
public struct Attribution: Hashable, Sendable {
    /// The account.
    public var user: String
    /// What their device is called.
    public var device: String
    /// When the server received it, or the author's clock until then; milliseconds since 1970.
    public var time: Int
    /// Whether it was the user of this library.
    public var isMine: Bool
    /// Whether the server has acknowledged it.
    public var isAcknowledged: Bool

    /// An attribution.
    public init(user: String, device: String, time: Int, isMine: Bool, isAcknowledged: Bool) {
        self.user = user
        self.device = device
        self.time = time
        self.isMine = isMine
        self.isAcknowledged = isAcknowledged
    }
}

/// Who made which operations of a document.
public struct Authorship: Sendable {
    private var changes: [AgentID: [(seq: Int, end: Int, attribution: Attribution)]] = [:]

    init(_ reader: LibraryReader, document: DocumentID, profile: Profile) throws(StoreError) {
        self.init(try reader.changes(of: document), profile: profile)
    }

    /// Of changes of one document.
    init(_ stored: [StoredChange], profile: Profile) {
        for stored in stored {
            let isLocal = stored.user == nil
            let attribution = Attribution(
                user: stored.user ?? profile.user, device: stored.deviceLabel ?? profile.label,
                time: stored.receivedAt ?? Authorship.time(of: stored),
                isMine: isLocal || stored.user == profile.user,
                isAcknowledged: stored.state == .acknowledged)
            changes[stored.agent, default: []].append(
                (stored.seq, stored.seq + stored.count, attribution))
        }
        for agent in changes.keys { changes[agent]?.sort { $0.seq < $1.seq } }
    }

    private static func time(of stored: StoredChange) -> Int {
        (try? ChangeCodec.decode(stored.bytes))?.time ?? 0
    }

    /// Who made an operation; `nil` if the library does not hold it. O(log n).
    public func attribution(of id: OpID) -> Attribution? {
        guard let all = changes[id.agent] else { return nil }
        let place = all.partitioningIndex { $0.end > id.seq }
        guard place < all.count, all[place].seq <= id.seq else { return nil }
        return all[place].attribution
    }
}
