public import GlossCore

/// Evidence as people type it.
public enum EvidenceText {
    /// A piece of evidence.
    ///
    /// - Parameters:
    ///   - source: a URL, words, or words with a URL behind them.
    ///   - page: a page of it; empty for none.
    ///   - time: a time in it, as `12:30` or `1:02:30`; empty for none.
    /// - Throws: ``ClientError`` `invalid` for what is none of these.
    public static func evidence(
        source: String, page: String = "", time: String = ""
    ) throws(ClientError) -> Check.Evidence {
        var words = SafeText.line(source).split(separator: " ").map(String.init)
        var evidence = Check.Evidence()
        if let link = words.first(where: isMeantAsLink) {
            guard isLink(link), link == words.last else {
                throw ClientError(
                    .invalid,
                    "“\(words.joined(separator: " "))” is no URL, nor words with one behind them: a URL looks like https://example.org/page.",
                    tries: ["--source URL", "--source \"WORDS URL\"", "--source WORDS"])
            }
            evidence.link = words.removeLast()
        }
        if !words.isEmpty { evidence.source = words.joined(separator: " ") }
        guard evidence.source != nil || evidence.link != nil else {
            throw ClientError(
                .invalid, "A source is a URL or words, and not empty.",
                tries: ["--source URL", "--source WORDS"])
        }
        let place = SafeText.line(page)
        if !place.isEmpty { evidence.page = place }
        if !time.isEmpty { evidence.time = try timeCode(time) }
        return evidence
    }

    private static func isMeantAsLink(_ word: String) -> Bool {
        word.contains("://") || word.hasPrefix("http:") || word.hasPrefix("https:")
    }

    /// Whether a word is an absolute URL: a scheme, `://`, and a host.
    private static func isLink(_ word: String) -> Bool {
        guard let colon = word.firstRange(of: "://") else { return false }
        let scheme = word[..<colon.lowerBound]
        let host = word[colon.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        return scheme.first?.isLetter == true && !host.isEmpty
            && scheme.allSatisfy {
                $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0))
            }
    }

    /// A time code in full: `00:12:30` for `12:30`.
    private static func timeCode(_ text: String) throws(ClientError) -> String {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { part in
            part.count <= 2 && part.allSatisfy { ("0"..."9").contains($0) } ? Int(part) : nil
        }
        guard (2...3).contains(parts.count), numbers.count == parts.count,
            numbers.suffix(2).allSatisfy({ $0 < 60 })
        else {
            throw ClientError(
                .invalid, "“\(text)” is no time code: those are hours, minutes and seconds.",
                tries: ["--time 00:12:30"])
        }
        let full = numbers.count == 2 ? [0] + numbers : numbers
        return full.map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
    }
}
