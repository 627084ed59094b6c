/// A question that a merge would bury: what disagrees, who said what, and what shows meanwhile.
///
/// Conflicts never stop a merge. They are a pure function of the operations known, so every replica
/// lists the same ones, under the same ids, with the versions lettered in the same order.
public struct Conflict: Hashable, Sendable {
    /// The name of the question.
    public let id: ConflictID
    /// What kind it is.
    public let kind: ConflictKind
    /// The document whose operations disagree, where the answer belongs.
    public let document: DocumentID
    /// The annotation, reply or field it is about.
    public let subject: Subject
    /// What stood before anybody disagreed, where there was one thing.
    public let base: String?
    /// The versions, in ascending order of time: A, B, C and so on.
    public let versions: [Version]
    /// What shows until somebody settles it.
    public let shown: String
    /// What an answer to it settles, in ascending order of ids.
    public let settles: [OpID]
    /// The operation that wrote ``base``, where one operation did.
    public var baseOperation: OpID?
    /// Of edits of the text: the words that they touch, without the sentences around them.
    public var words: Words?

    /// Words of the text that people disagree on.
    public struct Words: Hashable, Sendable {
        /// Where they stand: scalars of the text as it is.
        public let range: Range<Int>
        /// What they were before anybody made one of the edits.
        public let base: String
        /// What they are.
        public let shown: String
        /// What each version makes of them.
        public let versions: [String]
    }

    /// What a conflict is about.
    public enum Subject: Hashable, Sendable {
        /// A field of the document.
        case field(Field)
        /// A field of an annotation or reply.
        case entityField(OpID, Field)
        /// The life of an annotation or reply.
        case entity(OpID)
        /// Suggestions that are one choice, ascending by id.
        case suggestions([OpID])
        /// A place in the text: scalars of the text as it is.
        case text(Range<Int>)
    }

    /// One of the things said.
    public struct Version: Hashable, Sendable {
        /// What it says, for people: a value, a text, or what was done.
        public let content: String
        /// The operations that say it, in ascending order of time. Who, when, on which device and
        /// why follow from them.
        public let operations: [OpID]
        /// Why, where its author said so.
        public let why: String?
        /// The value to write to choose it, for a field.
        public let value: Value?
        /// The suggestion it decides on, for a verdict.
        public var suggestion: OpID?
    }

    /// The letter of a version: A for the first. Past Z come AA, AB and so on.
    public static func letter(_ index: Int) -> String {
        var letters: [Character] = []
        var rest = index + 1
        while rest > 0 {
            rest -= 1
            letters.append(Character(Unicode.Scalar(UInt8(ascii: "A") + UInt8(rest % 26))))
            rest /= 26
        }
        return String(letters.reversed())
    }

    /// Which version a letter stands for, from 0; `nil` if it is none that ``letter(_:)`` gives.
    public static func index(ofLetter letter: String) -> Int? {
        guard (1...4).contains(letter.utf8.count) else { return nil }
        var index = 0
        for byte in letter.utf8 {
            guard (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) else { return nil }
            index = index * 26 + Int(byte - UInt8(ascii: "A")) + 1
        }
        return index - 1
    }
}

extension Conflict {
    /// Beyond how many operations ``versionCount(whenItWas:)`` does not look.
    private static let searchedOperations = 10

    /// How many versions it had when it was the question of another name, before the last of its
    /// operations joined it; `nil` if it never was, or has too many of them to tell.
    public func versionCount(whenItWas isName: (ConflictID) -> Bool) -> Int? {
        let operations = versions.flatMap(\.operations)
        guard operations.count <= Conflict.searchedOperations else { return nil }
        for chosen in 1..<max(1, 1 << operations.count - 1) where chosen & (chosen - 1) != 0 {
            let subset = operations.indices.filter { chosen >> $0 & 1 == 1 }.map { operations[$0] }
            let id = ConflictID(
                kind: kind, document: document, about: about, field: field, versions: subset)
            guard isName(id) else { continue }
            return versions.count { version in version.operations.contains { subset.contains($0) } }
        }
        return nil
    }

    private var about: [OpID] {
        switch subject {
        case .field, .text: []
        case .entityField(let id, _), .entity(let id): [id]
        case .suggestions(let ids): ids
        }
    }

    private var field: Field? {
        switch (subject, kind) {
        case (.field(let field), _), (.entityField(_, let field), _): field
        case (_, .anchor): .target
        case (_, .verdict): .verdict
        default: nil
        }
    }
}

extension ConflictID {
    /// The id of a question: a hash of its kind, document, subject and operations.
    init(kind: ConflictKind, document: DocumentID, about: [OpID], field: Field?, versions: [OpID]) {
        var hash = Hash64()
        hash.combine(kind.rawValue)
        hash.combine(document.high)
        hash.combine(document.low)
        hash.combine(about.count)
        for id in about { hash.combine(id) }
        hash.combine(field?.rawValue ?? "")
        for id in versions.sorted() { hash.combine(id) }
        self.init(rawValue: hash.finalize())
    }
}
