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
    private var members: [Int: Member] = [:]
    private var lastKey = 0
    private var shownCount = 0
    /// Members of whom the others do not know the latest.
    private var changed: Set<Int> = []
    /// Members that the others know and that are gone.
    private var left: Set<Int> = []
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
    /// - Returns: a key that nobody else had in this document.
    public mutating func join(user: String, device: String) -> Int {
        lastKey += 1
        members[lastKey] = Member(user: user, device: device)
        return lastKey
    }

    /// Shows somebody in another state, or no longer.
    ///
    /// - Returns: false if they cannot be seen since ``WireLimits/presenceEntries`` are seen already.
    public mutating func show(_ state: PresenceState?, of key: Int, now: Int) -> Bool {
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
    public mutating func leave(_ key: Int, now: Int) {
        guard let member = members[key] else { preconditionFailure("who leaves is there") }
        if member.state != nil {
            shownCount -= 1
            members[key]?.state = nil
            noteChange(of: key, now: now)
        }
        if member.told != nil { left.insert(key) }
        changed.remove(key)
        members[key] = nil
    }

    private mutating func noteChange(of key: Int, now: Int) {
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
        }
        // Who came and went in between was never there.
        if present.isEmpty, left.isEmpty { return nil }
        toldAt = now
        return PresenceNews(doc: doc, present: present, left: left.sorted().map(String.init))
    }

    /// Everybody who was seen when there was news last, for somebody who is there: what they get next
    /// goes on from that.
    ///
    /// - Complexity: O(members · log members).
    public func everybody(for key: Int) -> PresenceNews {
        let seen = members.filter { $0.value.told != nil }.sorted { $0.key < $1.key }
        return PresenceNews(
            doc: doc, own: String(key),
            present: seen.compactMap { key, member in member.told.map { entry(key, member, $0) } })
    }

    private func entry(
        _ key: Int, _ member: Member, _ state: PresenceState
    ) -> PresenceNews.Entry {
        PresenceNews.Entry(
            key: String(key), user: member.user, device: member.device, state: state)
    }
}
