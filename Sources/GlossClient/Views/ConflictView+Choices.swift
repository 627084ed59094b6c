import GlossCore

extension ConflictView {
    /// The choice that a word means: a letter, `mine`, `theirs`, `newest`, a person's name, what a device
    /// of this user's is called, or the name of a choice.
    ///
    /// - Throws: ``ClientError`` `noMatch` or `ambiguous` if no version, or several, are what it says;
    ///   `invalid` if it does not answer this conflict.
    public func choice(named word: String) throws(ClientError) -> ConflictChoice {
        let choice = try meaning(of: word)
        guard choices.contains(choice.name) else {
            throw ClientError(
                .invalid, "“\(word)” does not answer this conflict.", tries: answers)
        }
        return choice
    }

    private func meaning(of word: String) throws(ClientError) -> ConflictChoice {
        if let version = versions.first(where: { $0.letter == word.uppercased() }) {
            return .letter(version.letter)
        }
        if let choice = ConflictChoice(named: word) { return choice }
        switch word {
        case "newest": return .letter(newest)
        case "mine", "me": return .letter(try only(word) { $0.isMine })
        case "theirs":
            guard let other = otherPerson else {
                throw ClientError(
                    .ambiguous, "“theirs” needs exactly one other person in \(shortID).",
                    tries: answers)
            }
            return .letter(try only(word) { $0.user == other && !$0.isMine })
        default:
            let isUser = versions.flatMap(\.authors).contains { $0.user == word }
            return .letter(
                try only(word) { isUser ? $0.user == word : $0.isMine && $0.device == word })
        }
    }

    /// The one other person whose version it is, if there is exactly one.
    public var otherPerson: String? {
        let others = versions.flatMap(\.authors).filter { !$0.isMine }.map(\.user)
        return others.allSatisfy { $0 == others.first } ? others.first : nil
    }

    /// Whether one of the versions is this user's.
    public var isMine: Bool { versions.contains { $0.authors.contains(where: \.isMine) } }

    /// The choice to fall back on, where there is one: of text what is merged already, if that is what
    /// one of the versions says, or what their changes of whole words make together.
    public var recommendation: ConflictChoice? {
        guard conflict.kind == .text else { return nil }
        let versions = conflict.versions.map(\.content)
        let isClean =
            versions.count == 2
            && ThreeWayMerge.merge(base: conflict.base ?? "", versions[0], versions[1])
                == conflict.shown
        return isClean || versions.contains(conflict.shown) ? .merged : nil
    }

    /// The letter of the version said last.
    private var newest: String {
        func time(_ version: Version) -> Int { version.authors.map(\.time).max() ?? 0 }
        let latest = versions.map(time).max() ?? 0
        return versions.last { time($0) == latest }?.letter ?? "A"
    }

    private func only(
        _ word: String, _ isWanted: (Attribution) -> Bool
    ) throws(ClientError) -> String {
        let found = versions.filter { $0.authors.contains(where: isWanted) }
        if found.count == 1 { return found[0].letter }
        guard !found.isEmpty else {
            throw ClientError(
                .noMatch, "No version of \(shortID) is “\(word)”.", tries: answers)
        }
        let sides = found.map { version in
            let authors = version.authors.filter(isWanted)
            return "\(version.letter) from \(Self.devices(authors))"
        }
        throw ClientError(
            .ambiguous,
            "Several versions of \(shortID) are “\(word)”: \(sides.joined(separator: ", ")).",
            tries: found.map { "gloss resolve \(shortID) --take \($0.letter)" })
    }
}
