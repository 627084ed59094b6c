import ArgumentParser
import GlossClient

/// Places given as `p3`, `p3-p5` or `chars=120,180`.
enum Addresses {
    static func range(_ address: String, in text: ArticleText) throws -> Range<Int> {
        do throws(TargetAddress.Failure) {
            return try TargetAddress(address).range(in: text)
        } catch {
            let reason =
                switch error {
                case .malformed: "“\(address)” is no place"
                case .empty: "“\(address)” holds nothing"
                case .beyondParagraphs(let count):
                    "“\(address)” is beyond the end: paragraphs are counted from p1 to p\(count)"
                case .beyondCharacters(let count):
                    "“\(address)” is beyond the end: the article has \(count) characters"
                }
            throw CommandError(
                .noMatch, "no_match", reason, tries: ["--at p3, --at p3-p5 or --at chars=120,180"])
        }
    }
}

/// Tags as people type them.
enum Tags {
    /// A tag without spaces and `#`, at most 64 bytes.
    static func checked(_ word: some StringProtocol) throws -> String {
        let tag = word.hasPrefix("#") ? String(word.dropFirst()) : String(word)
        guard !tag.isEmpty, tag.utf8.count <= 64, !tag.contains(where: \.isWhitespace) else {
            throw ValidationError("“\(word)” cannot be a tag: no spaces, at most 64 bytes.")
        }
        return tag
    }
}

extension String {
    /// Without white space at its ends.
    var trimmed: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }),
            let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}
