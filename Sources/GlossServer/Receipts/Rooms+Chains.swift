import GlossCore
import GlossCrypto
import GlossProtocol
import GlossStorage

/// The logs that are being hashed whole: each once, however many ask, and one at a time, so that many
/// newcomers on many old logs do not read them all at once.
struct ChainQueue {
    /// What is computed of each document, and of which position.
    var underWay: [DocumentID: Task<LogChain, any Error>] = [:]
    /// What was begun last.
    var last: Task<LogChain, any Error>?
}

extension Rooms {
    /// The chain of a log that its store does not have, as of logs from before there were receipts. It
    /// is kept in the store then, if that can be written.
    ///
    /// - Returns: the chain at `head`, or at the head that somebody else asked for before.
    func computeChain(
        of id: DocumentID, to head: Int
    ) async throws(StoreError) -> LogChain {
        let task = chainings.underWay[id] ?? startChaining(id, to: head)
        do {
            return try await task.value
        } catch {
            throw error as? StoreError
                ?? StoreError(.io, "The log of \(id) could not be read: \(error)")
        }
    }

    private func startChaining(_ id: DocumentID, to head: Int) -> Task<LogChain, any Error> {
        let (store, former) = (store, chainings.last)
        let task = Task { [weak self] in
            _ = await former?.result
            let result: Result<LogChain, StoreError>
            do throws(StoreError) {
                let chain = try await LogChain(of: id, to: head, in: store)
                do throws(StoreError) {
                    try await store.setChain(chain.digest.bytes, of: id, at: head)
                } catch  where error.code != .fsyncFailed {
                    // Another time: a full disk is no reason not to read.
                }
                result = .success(chain)
            } catch {
                result = .failure(error)
            }
            await self?.endChaining(id)
            return try result.get()
        }
        chainings.underWay[id] = task
        chainings.last = task
        return task
    }

    private func endChaining(_ id: DocumentID) {
        chainings.underWay[id] = nil
        if chainings.underWay.isEmpty { chainings.last = nil }
    }
}
