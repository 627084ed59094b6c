public import GlossCore

/// Who is in one document, as the server keeps it: in memory, as long as they are connected.
///
/// A value that is told the time. What changes is collected, so that there is news at most once in
/// ``WireLimits/presencePause``, however many move how often.
public struct DocumentPresence: Sendable {
    private struct Member {
        var user: String
        var device: String
        var state: PresenceState?
        /// What the others have been told it shows.
        var told: PresenceState?
    }

    private let doc: DocumentID
    private var members: [UInt64: Member] = [:]
    private var shownCount = 0
    /// Members that the others have been told of.
    private var told: Set<UInt64> = []
    /// Members of whom the others do not know the latest.
    private var changed: Set<UInt64> = []
    /// Members that the others know and that are gone.
    private var left: Set<UInt64> = []
    /// When there was news last.
    private var toldAt: Int?
    /// When something changed that nobody was told of yet.
    private var changedAt: Int?

    /// A document that nobody is in.
    public init(doc: DocumentID) {
        self.doc = doc
    }

    /// Whether nobody is there, not even unseen.
    public var isEmpty: Bool { members.isEmpty }

    /// When ``takeNews(now:)`` is due; `nil` if there is nothing to tell.
    public var deadline: Int? {
        changedAt.map { max($0, (toldAt ?? .min) &+ WireLimits.presencePause) }
    }

    /// Lets somebody in, unseen at first.
    ///
    /// - Parameter random: gives random bits for the key, which so says nothing of how many came before,
    ///   unseen.
    /// - Returns: a key that nobody else has in this document.
    public mutating func join(
        user: String, device: String, random: () -> UInt64
    ) -> UInt64 {
        var key = random()
        while members[key] != nil || left.contains(key) { key = random() }
        members[key] = Member(user: user, device: device)
        return key
    }

    /// Shows somebody in another state, or no longer.
    ///
    /// - Returns: false if they cannot be seen since ``WireLimits/presenceEntries`` are seen already.
    public mutating func show(_ state: PresenceState?, of key: UInt64, now: Int) -> Bool {
        guard let former = members[key] else { preconditionFailure("who moves is there") }
        if former.state == state { return true }
        if former.state == nil {
            if shownCount == WireLimits.presenceEntries { return false }
            shownCount += 1
        } else if state == nil {
            shownCount -= 1
        }
        members[key]?.state = state
        noteChange(of: key, now: now)
        return true
    }

    /// Lets somebody go.
    public mutating func leave(_ key: UInt64, now: Int) {
        guard let member = members[key] else { preconditionFailure("who leaves is there") }
        if member.state != nil {
            shownCount -= 1
            members[key]?.state = nil
            noteChange(of: key, now: now)
        }
        if told.remove(key) != nil { left.insert(key) }
        changed.remove(key)
        members[key] = nil
    }

    private mutating func noteChange(of key: UInt64, now: Int) {
        changed.insert(key)
        changedAt = changedAt ?? now
    }

    /// What has changed since there was news last; `nil` if nothing has, or it is not time yet.
    ///
    /// - Complexity: O(what changed · log of it).
    public mutating func takeNews(now: Int) -> PresenceNews? {
        guard let deadline, deadline <= now else { return nil }
        changedAt = nil
        defer {
            changed = []
            left = []
        }
        var present: [PresenceNews.Entry] = []
        for key in changed.sorted() {
            guard let member = members[key] else { preconditionFailure("who has changed is there") }
            if let state = member.state, state != member.told {
                present.append(entry(key, member, state))
            } else if member.state == nil, member.told != nil {
                left.insert(key)
            }
            members[key]?.told = member.state
            if member.state == nil { told.remove(key) } else { told.insert(key) }
        }
        // Who came and went in between was never there.
        if present.isEmpty, left.isEmpty { return nil }
        toldAt = now
        return PresenceNews(doc: doc, present: present, left: left.sorted().map(String.init))
    }

    /// Everybody who was seen when there was news last, for somebody who is there: what they get next
    /// goes on from that.
    ///
    /// - Complexity: O(seen · log seen), however many look on.
    public func everybody(for key: UInt64) -> PresenceNews {
        let present = told.sorted().compactMap { key in
            members[key].flatMap { member in member.told.map { entry(key, member, $0) } }
        }
        return PresenceNews(doc: doc, own: String(key), present: present)
    }

    private func entry(
        _ key: UInt64, _ member: Member, _ state: PresenceState
    ) -> PresenceNews.Entry {
        PresenceNews.Entry(
            key: String(key), user: member.user, device: member.device, state: state)
    }
}
