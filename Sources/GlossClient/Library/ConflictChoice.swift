import GlossCore

/// How a person answers a conflict.
public enum ConflictChoice: Hashable, Sendable {
    /// The version of that letter.
    case letter(String)
    /// What stood before.
    case base
    /// For text: as it is merged now.
    case merged
    /// Both versions of a text field: merged where that is clean, else one below the other.
    case both
    /// The answerer's own words.
    case words(String)
    /// For a withdrawn annotation: withdrawn after all.
    case withdraw
    /// For a withdrawn annotation: kept.
    case keep
    /// For a loose annotation: left without a place.
    case loose
    /// For a loose annotation: dealt with.
    case done

    /// The names of the choices that may answer a conflict, the usual one first.
    static func legal(for conflict: Conflict) -> [String] {
        let letters = conflict.versions.indices.map { Conflict.letter($0) }
        switch (conflict.kind, conflict.subject) {
        case (_, .entityField(_, .body)), (_, .entityField(_, .proposal)):
            return letters + ["both", "edit"] + (conflict.base == nil ? [] : ["base"])
        case (_, .field(.archived)), (_, .entityField): return letters
        case (_, .field): return letters + ["edit"] + (conflict.base == nil ? [] : ["base"])
        case (_, .suggestions(let suggestions)):
            return letters + (suggestions.count > 1 ? ["merged"] : []) + ["base"]
        case (.deleteEdit, _): return ["keep", "withdraw"] + letters
        case (.text, _): return ["merged"] + letters + ["base", "edit"]
        case (.anchor, _): return ["loose", "done", "withdraw"]
        case (.resolution, .text): return letters + ["merged", "base", "edit"]
        case (.resolution, _), (.value, _), (.verdict, _): return letters
        }
    }

    /// Those that are a name and nothing more.
    private static let plain: [ConflictChoice] = [
        .base, .merged, .both, .withdraw, .keep, .loose, .done,
    ]

    /// The choice that is that name and nothing more; `nil` for letters and one's own words.
    init?(named name: String) {
        guard let choice = ConflictChoice.plain.first(where: { $0.name == name }) else {
            return nil
        }
        self = choice
    }

    /// The choice as it stands in the resolution.
    public var name: String {
        switch self {
        case .letter(let letter): letter
        case .base: "base"
        case .merged: "merged"
        case .both: "both"
        case .words: "edit"
        case .withdraw: "withdraw"
        case .keep: "keep"
        case .loose: "loose"
        case .done: "done"
        }
    }
}
