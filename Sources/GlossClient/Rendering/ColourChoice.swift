/// When to write colours: what `--color` takes.
public enum ColourChoice: String, Hashable, Sendable, CaseIterable {
    /// On a terminal that can, unless the environment says no.
    case auto
    /// Whatever the output is.
    case always
    /// Not at all.
    case never

    /// Whether to write colours to an output.
    ///
    /// - Parameter environment: looked at for `NO_COLOR` and `GLOSS_NO_COLOR`, either not empty, and
    ///   `TERM`.
    public func isOn(isTerminal: Bool, environment: [String: String]) -> Bool {
        switch self {
        case .always: true
        case .never: false
        case .auto:
            isTerminal && environment["NO_COLOR", default: ""].isEmpty
                && environment["GLOSS_NO_COLOR", default: ""].isEmpty
                && environment["TERM"] != "dumb"
        }
    }
}
