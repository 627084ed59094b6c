import GlossProtocol
import Metrics

/// What the server counts for whoever watches over it.
struct Counters {
    private let commits = Counter(label: "glossd_commits_total")
    private let rows = Counter(label: "glossd_committed_changes_total")
    private let acknowledgements = Counter(label: "glossd_acks_total")

    /// A group commit has reached the disk.
    func committed(rows count: Int) {
        commits.increment()
        rows.increment(by: count)
    }

    /// A push was acknowledged.
    func acknowledged() {
        acknowledgements.increment()
    }

    /// A push was refused.
    func refused(_ code: ErrorCode) {
        Counter(label: "glossd_refusals_total", dimensions: [("code", code.rawValue)]).increment()
    }
}
