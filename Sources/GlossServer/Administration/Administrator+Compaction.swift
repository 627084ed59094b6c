import GlossCore
import GlossProtocol
import GlossStorage

extension Administrator {
    /// Compacts every document of a library, or of all.
    func compact(_ request: AdminRequest) async throws -> AdminReport {
        let libraries =
            request.library == nil
            ? try await store.libraries() : [try await library(request.library)]
        var report = AdminReport("compactions")
        report.compactions = []
        for library in libraries {
            var last: DocumentID?
            while true {
                let page = try await store.documents(
                    in: library.id, after: last, limit: WireLimits.documents)
                for record in page {
                    if let entry = try await compact(record.id, isDry: request.dry ?? false) {
                        report.compactions?.append(entry)
                    }
                }
                guard let next = page.last?.id else { break }
                last = next
            }
        }
        return report
    }

    /// Compacts a document; `nil` if there is too little to be gained. One that is damaged does not keep
    /// the others from it.
    private func compact(
        _ document: DocumentID, isDry: Bool
    ) async throws(StoreError) -> AdminReport.Compaction? {
        do throws(StoreError) {
            let outcome: Compaction.Outcome?
            if let rooms, !isDry {
                outcome = try await rooms.compact(document)
            } else {
                outcome = try await Compaction(store: store)
                    .compact(document, isRehearsal: isDry)
            }
            return outcome.map {
                AdminReport.Compaction(
                    id: "\(document)", changes: $0.count, before: $0.bytesBefore,
                    after: $0.bytesAfter)
            }
        } catch {
            switch error.code {
            case .corrupt, .invalid, .stale:
                return AdminReport.Compaction(
                    id: "\(document)", changes: 0, before: 0, after: 0, failure: error.message)
            default: throw error
            }
        }
    }
}
