/// What a server measures: the one list of names, for the code and for `/metrics`.
enum MetricFamily: String, CaseIterable {
    case connections = "glossd_connections"
    case accepted = "glossd_connections_accepted_total"
    case turnedAway = "glossd_connections_refused_total"
    case handshakeFailures = "glossd_handshake_failures_total"
    case loginRefusals = "glossd_logins_refused_total"
    case pushes = "glossd_pushes_total"
    case changesIn = "glossd_changes_received_total"
    case changesOut = "glossd_changes_sent_total"
    case bytesIn = "glossd_received_bytes_total"
    case bytesOut = "glossd_sent_bytes_total"
    case bytesWaiting = "glossd_outbound_waiting_bytes"
    case commitSize = "glossd_commit_changes"
    case commitSeconds = "glossd_commit_seconds"
    case answerSeconds = "glossd_push_answer_seconds"
    case lags = "glossd_lagged_subscriptions_total"
    case slowConsumers = "glossd_slow_consumers_total"
    case nacks = "glossd_nacks_total"
    case errors = "glossd_errs_total"
    case rooms = "glossd_documents_in_memory"
    case evictions = "glossd_document_evictions_total"
    case checksumMismatches = "glossd_checksum_mismatches_total"
    case givenBack = "glossd_changes_given_back_total"
    case storeErrors = "glossd_store_errors_total"

    enum Kind: String {
        case counter, gauge, histogram
    }

    var kind: Kind {
        switch self {
        case .connections, .bytesWaiting, .rooms: .gauge
        case .commitSize, .commitSeconds, .answerSeconds: .histogram
        default: .counter
        }
    }

    /// What it counts, for people.
    var help: String {
        switch self {
        case .connections: "Connections that are open."
        case .accepted: "Connections whose handshake was done."
        case .turnedAway: "Connections closed at once: too many were open or waiting."
        case .handshakeFailures: "Connections whose handshake failed or took too long."
        case .loginRefusals: "Logins refused, by code."
        case .pushes: "Pushes received."
        case .changesIn: "Changes received in pushes."
        case .changesOut: "Changes sent to followers."
        case .bytesIn: "Bytes of lines received."
        case .bytesOut: "Bytes of lines put on their way to clients."
        case .bytesWaiting: "Bytes of lines that clients have not taken yet."
        case .commitSize: "Changes in one commit."
        case .commitSeconds: "Time one commit took, with its fsync."
        case .answerSeconds: "Time from a push to its acknowledgement or refusal."
        case .lags: "Subscriptions that fell behind and went on from the log."
        case .slowConsumers: "Connections closed because nothing was read for too long."
        case .nacks: "Pushes refused, by code."
        case .errors: "Errors told to clients, by code."
        case .rooms: "Documents in memory."
        case .evictions: "Documents let go of to make space."
        case .checksumMismatches: "Times that a client had another checksum than the server."
        case .givenBack: "Changes given back by a receipt, those that were there included."
        case .storeErrors: "Failures of the store, by code."
        }
    }

    /// The upper bounds of a histogram's buckets, in changes or in nanoseconds.
    var bounds: [Int] {
        switch self {
        case .commitSize: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 5_000]
        case .commitSeconds, .answerSeconds:
            [500, 1_000, 2_000, 3_000, 5_000, 10_000, 20_000, 50_000, 100_000, 250_000, 1_000_000]
                .map { $0 * 1_000 }
                + [5_000_000_000]
        default: []
        }
    }

    /// How many of a histogram's units make one that is shown.
    var scale: Int { self == .commitSize ? 1 : 1_000_000_000 }
}
