/// The version of Gloss.
public enum GlossVersion {
    /// As `gloss --version` prints it.
    public static let current = "0.1.0"
}
