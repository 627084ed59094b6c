/// What somebody found of words when they checked them. Words this version does not know are kept and
/// shown like the others.
///
/// Verdicts are compared by their bytes.
public struct Verdict: Hashable, Sendable, RawRepresentable {
    /// The verdict as it stands in a change.
    public var rawValue: String { name.text }
    private let name: ExactText

    /// A verdict of the given name.
    public init(rawValue: String) {
        name = ExactText(rawValue)
    }

    /// It is as the words say.
    public static let confirmed = Verdict(rawValue: "confirmed")
    /// It is not.
    public static let wrong = Verdict(rawValue: "wrong")
    /// It is, and yet the words leave a false impression.
    public static let misleading = Verdict(rawValue: "misleading")
    /// Nobody can tell.
    public static let unproven = Verdict(rawValue: "unproven")

    /// Those that have a meaning of their own here.
    public static let known = [confirmed, wrong, misleading, unproven]
}

/// A verdict on some words, with what it rests on: one value, written whole.
///
/// Two are equal if verdict, evidence, remark and the exact words are, by their bytes. Where the
/// words stood does not count: who finds the same of the same words does not disagree.
public struct Check: Hashable, Sendable {
    /// Something that the verdict rests on. It has a source, a link, or both.
    public struct Evidence: Hashable, Sendable {
        /// What it is, in words.
        public var source: String?
        /// Where it is to be had: a URL.
        public var link: String?
        /// Which page of it.
        public var page: String?
        /// When in it, for sound and pictures: `00:12:30`.
        public var time: String?

        /// A piece of evidence.
        public init(
            source: String? = nil, link: String? = nil, page: String? = nil, time: String? = nil
        ) {
            self.source = source
            self.link = link
            self.page = page
            self.time = time
        }

        /// Whether the bytes are the same.
        public static func == (left: Evidence, right: Evidence) -> Bool { left.key == right.key }

        /// Hashes the bytes.
        public func hash(into hasher: inout Hasher) { hasher.combine(key) }

        private var key: [ExactText?] {
            [source, link, page, time].map { $0.map { ExactText($0) } }
        }

        /// The evidence in one line: `Deltares report, p. 12`.
        public var summary: String {
            [source, link, page.map { "p. \($0)" }, time].compactMap { $0 }.joined(separator: ", ")
        }
    }

    /// What was found.
    public var verdict: Verdict
    /// What it rests on, in the order its author gave it.
    public var evidence: [Evidence]
    /// What its author had to say about it.
    public var remark: String?
    /// The words it was given on.
    public var target: Target

    /// A verdict on the words of a target.
    public init(
        verdict: Verdict, evidence: [Evidence] = [], remark: String? = nil, target: Target
    ) {
        self.verdict = verdict
        self.evidence = evidence
        self.remark = remark
        self.target = target
    }

    /// Whether both find the same of the same words.
    public static func == (left: Check, right: Check) -> Bool {
        left.verdict == right.verdict && left.evidence == right.evidence
            && left.texts == right.texts
    }

    /// Hashes what equality compares.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(verdict)
        hasher.combine(evidence)
        hasher.combine(texts)
    }

    private var texts: [ExactText?] {
        [remark.map { ExactText($0) }, ExactText(target.quote.exact)]
    }

    /// The check in one line, for people: verdict, words, evidence, remark.
    public var summary: String {
        (["\(verdict.rawValue) on: \(target.quote.exact)"] + evidence.map(\.summary)
            + [remark].compactMap { $0 }).joined(separator: "; ")
    }
}
