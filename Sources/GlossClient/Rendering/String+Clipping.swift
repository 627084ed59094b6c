extension String {
    /// One line of it, of at most so many characters.
    public func clipped(to count: Int) -> String {
        let line = replacing("\n", with: " ")
        return line.count > count ? line.prefix(count - 1) + "…" : line
    }
}
