import GlossCore
import GlossCrypto
import GlossProtocol
import Synchronization

/// Somebody who is in a document and hears of the others there.
protocol PresenceWatcher: AnyObject, Sendable {
    /// Somebody has come, moved or left. Must not block.
    func presenceChanged(_ news: PresenceNews)
}

/// Who is in which document: what connections show of themselves, for the others who follow the same
/// document. In memory only; it knows neither rooms nor the store.
final class PresenceBoard: Sendable {
    /// One document that somebody is in.
    private struct Place {
        var presence: DocumentPresence
        var keys: [ObjectIdentifier: UInt64] = [:]
        var watchers: [ObjectIdentifier: any PresenceWatcher] = [:]

        init(_ doc: DocumentID) {
            presence = DocumentPresence(doc: doc)
        }

        /// Tells everybody what there is to tell, if it is time.
        mutating func tell(now: Int) {
            guard let news = presence.takeNews(now: now) else { return }
            for watcher in watchers.values { watcher.presenceChanged(news) }
        }
    }

    private struct State {
        var places: [DocumentID: Place] = [:]
        /// Documents with news that is not due yet.
        var waiting: Set<DocumentID> = []
        var isTicking = false
    }

    /// What became of a report.
    struct Answer {
        /// Everybody who is there, for somebody who has just come.
        var everybody: PresenceNews?
        /// Whether they show as they wanted.
        var isShown: Bool
    }

    private let clock: ServerClock
    private let random: @Sendable () -> UInt64
    private let state = Mutex(State())

    /// - Parameter random: gives the bits of the keys by which connections are told apart.
    init(clock: ServerClock, random: @escaping @Sendable () -> UInt64 = PresenceBoard.randomBits) {
        self.clock = clock
        self.random = random
    }

    static let randomBits: @Sendable () -> UInt64 = {
        var random = SystemRandom()
        return random.next()
    }

    /// Lets a connection in, or moves it.
    func take(
        _ report: PresenceReport, of watcher: any PresenceWatcher, user: String, device: String
    ) -> Answer {
        change(report.doc) { place, now in
            let id = ObjectIdentifier(watcher)
            let key =
                place.keys[id]
                ?? place.presence.join(user: user, device: device, random: random)
            let isNew = place.keys.updateValue(key, forKey: id) == nil
            place.watchers[id] = watcher
            return Answer(
                everybody: isNew ? place.presence.everybody(for: key) : nil,
                isShown: place.presence.show(report.state, of: key, now: now))
        }
    }

    /// Lets a connection go.
    func leave(_ doc: DocumentID, _ watcher: any PresenceWatcher) {
        change(doc) { place, now in
            let id = ObjectIdentifier(watcher)
            place.watchers[id] = nil
            if let key = place.keys.removeValue(forKey: id) {
                place.presence.leave(key, now: now)
            }
        }
    }

    /// Everybody who is in a document, for a connection that is there and has missed something.
    func everybody(in doc: DocumentID, for watcher: any PresenceWatcher) -> PresenceNews? {
        state.withLock { state in
            guard let place = state.places[doc], let key = place.keys[ObjectIdentifier(watcher)]
            else { return nil }
            return place.presence.everybody(for: key)
        }
    }

    /// How many documents somebody is in.
    var count: Int { state.withLock { $0.places.count } }

    // News is handed over under the lock, so that nobody gets it in another order. Mailboxes take it
    // and never come back here.
    private func change<Result>(
        _ doc: DocumentID, _ body: (inout Place, _ now: Int) -> Result
    ) -> Result {
        let now = clock.steady()
        let (result, mustTick) = state.withLock { state -> (Result, Bool) in
            var place = state.places.removeValue(forKey: doc) ?? Place(doc)
            let result = body(&place, now)
            place.tell(now: now)
            if place.presence.isEmpty {
                state.waiting.remove(doc)
                return (result, false)
            }
            if place.presence.deadline != nil { state.waiting.insert(doc) }
            state.places[doc] = place
            let mustTick = !state.waiting.isEmpty && !state.isTicking
            if mustTick { state.isTicking = true }
            return (result, mustTick)
        }
        if mustTick { Task { await tick() } }
        return result
    }

    /// Tells what has waited for its time, until nothing does any more.
    private func tick() async {
        while true {
            try? await clock.sleep(.milliseconds(WireLimits.presencePause))
            let now = clock.steady()
            let isDone = state.withLock { state in
                for doc in state.waiting.sorted() {
                    state.places[doc]?.tell(now: now)
                    if state.places[doc]?.presence.deadline == nil { state.waiting.remove(doc) }
                }
                if state.waiting.isEmpty { state.isTicking = false }
                return state.waiting.isEmpty
            }
            if isDone { return }
        }
    }
}
