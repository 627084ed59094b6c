extension Conflict {
    /// The same question about text with more of what stands around it, which everybody has alike: for
    /// whoever wants to show, or have replaced, whole words.
    ///
    /// - Parameters:
    ///   - lead: what stands in front of the place in the text as it is.
    ///   - tail: what stands behind it.
    public func grown(by lead: String, _ tail: String) -> Conflict {
        guard case .text(let range) = subject, !lead.isEmpty || !tail.isEmpty else { return self }
        let (front, back) = (lead.unicodeScalars.count, tail.unicodeScalars.count)
        precondition(front <= range.lowerBound, "what stands in front is in the text")
        return Conflict(
            id: id, kind: kind, document: document,
            subject: .text(range.lowerBound - front..<range.upperBound + back),
            base: base.map { lead + $0 + tail },
            versions: versions.map { version in
                Version(
                    content: lead + version.content + tail, operations: version.operations,
                    why: version.why, value: version.value, suggestion: version.suggestion)
            },
            shown: lead + shown + tail, settles: settles, baseOperation: baseOperation, words: words
        )
    }
}
