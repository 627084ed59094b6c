/// What a member may do in a library. Each role includes the ones before it.
public enum Role: String, Hashable, Sendable, CaseIterable, Comparable {
    /// Reads articles and shared annotations.
    case reader
    /// Also annotates, replies and suggests, and changes or withdraws what is their own.
    case reviewer
    /// Also changes text, decides on suggestions, changes any note and settles any conflict.
    case editor
    /// Also has members, invitations and purging.
    case owner

    private var rank: Int {
        switch self {
        case .reader: 0
        case .reviewer: 1
        case .editor: 2
        case .owner: 3
        }
    }

    /// Whether the first may do less than the second.
    public static func < (left: Role, right: Role) -> Bool { left.rank < right.rank }
}
