/// What people call a user, a device or a library.
public enum DisplayName {
    /// The rule in words.
    public static let rule = "1 to \(WireLimits.name) bytes of text without control characters"

    /// Whether a peer takes a text for a name: ``rule``.
    public static func isValid(_ text: String) -> Bool {
        (1...WireLimits.name).contains(text.utf8.count)
            && !text.unicodeScalars.contains { $0.properties.generalCategory == .control }
    }
}
