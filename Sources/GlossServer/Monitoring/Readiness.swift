import GlossStorage
import Synchronization

/// Whether the server can take work: what a load balancer or an administrator asks.
final class Readiness: Sendable {
    private struct State {
        var isDraining = false
        var fsyncFailure: String?
        /// What the last try to write said, and when that was.
        var tried: (problem: String?, at: ContinuousClock.Instant)?
    }

    private let store: any Store
    /// Where the store is; `nil` if it is not on a disk.
    private let directory: String?
    private let state = Mutex(State())
    /// How long the outcome of a try to write is good for: asking often must not wear the disk.
    private static let validity = Duration.seconds(1)

    /// Called if the disk can no longer be trusted.
    private let onFatal: @Sendable (StoreError) -> Void

    init(
        store: any Store, directory: String? = nil,
        onFatal: @escaping @Sendable (StoreError) -> Void = { _ in }
    ) {
        self.store = store
        self.directory = directory
        self.onFatal = onFatal
    }

    func startDraining() { state.withLock { $0.isDraining = true } }

    func fsyncFailed(_ message: String) { state.withLock { $0.fsyncFailure = message } }

    /// Why the server is not ready; `nil` if it is. Tries to write where it did not just do so.
    func problem() async -> String? {
        let (known, isFresh) = state.withLock { state -> (String?, Bool) in
            if let failure = state.fsyncFailure { return (failure, true) }
            if state.isDraining { return ("shutting down", true) }
            guard let tried = state.tried, ContinuousClock.now - tried.at < Self.validity else {
                return (nil, false)
            }
            return (tried.problem, true)
        }
        if isFresh { return known }
        var problem: String?
        do throws(StoreError) {
            // A transaction that changes nothing is written and synced like any other.
            try await store.setLineage(store.info().lineage)
        } catch {
            problem = "the store cannot be written: \(error.message)"
            if error.code == .fsyncFailed { onFatal(error) }
        }
        if problem == nil, let directory, let space = DiskSpace.available(at: directory),
            space < DiskSpace.least
        {
            problem = "\(directory): no room is left on the disk for a commit. Make room."
        }
        let found = problem
        state.withLock { $0.tried = (found, ContinuousClock.now) }
        return found
    }
}
