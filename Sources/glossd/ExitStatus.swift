import GlossServer

/// What the process says to whoever started it.
enum ExitStatus: Int32 {
    case failed = 1
    case noMatch = 4
    case unreachable = 6
    case damaged = 9
    case usage = 64
    /// The disk did not confirm a write: what is on it has to be looked at before a new start.
    case uncertain = 74
    case badConfiguration = 78

    init(_ error: ServerError) {
        self =
            switch error.code {
            case .notFound: .noMatch
            case .exists, .io: .failed
            case .invalid: .usage
            case .configuration: .badConfiguration
            case .inUse, .damaged: .damaged
            case .unreachable: .unreachable
            }
    }
}
