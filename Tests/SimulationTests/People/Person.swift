import GlossCore
import GlossStorage
import TestSupport

@testable import GlossClient

/// Somebody with a library of their own, and what they did with it.
struct Person {
    let name: String
    /// What this person may do, as far as their library knows.
    private(set) var role: Role
    var library: Library
    let article: DocumentID
    var random: SeededRandom
    /// What the commands that succeeded wrote.
    var written = Written()
    /// What they wrote for themselves alone.
    var kept = Written()
    /// How often each kind of conflict was answered in each way, by anybody.
    var answers = AnswerCounts()
    /// The article as this person opened it some time ago, and has it open still.
    var opened: ArticleView?
    /// Whether there is something that this person keeps to themselves.
    var keepsNotes = false
    /// Whether what is being done is done to that.
    var isOnFormer = false
    /// Whether what is done is done to what was written, most often, and not to the first text.
    var isBuilding = false
    /// A question that this person has looked at.
    var remembered: ConflictView?
    private var last = Act.note
    /// What this person sees, until something changes.
    private var seen: (view: ArticleView, sight: Sight)?
    /// Changes that the server refused.
    private(set) var refused: [OutboxItem] = []

    init(_ name: String, _ role: Role, _ library: Library, article: DocumentID, seed: UInt64) {
        self.name = name
        self.role = role
        self.library = library
        self.article = article
        random = SeededRandom(seed: seed)
    }

    /// What became of an act.
    enum Outcome: Equatable {
        /// It was done; what it was about, in a few words.
        case done(String)
        /// There was nothing to do it with.
        case nothing
        /// It is not allowed to this person, and left no trace.
        case notAllowed
        /// It was about something that had changed, and left no trace.
        case stale
    }

    mutating func view() throws -> ArticleView { try look().view }

    mutating func sight() throws -> Sight { try look().sight }

    private mutating func look() throws -> (view: ArticleView, sight: Sight) {
        if let seen { return seen }
        // What is private others do not see: it is looked at apart.
        let view = try library.view(article).showing(onlyPrivate: false)
        let new = (view, Sight(view, of: name))
        seen = new
        return new
    }

    /// To be called after a sync.
    mutating func lookAgain() throws {
        seen = nil
        // The server tells of a change for an article and for its notes in two lines.
        role =
            try library.read { reader in
                let role = try reader.profile().role
                return try [article, article.annotations]
                    .compactMap { try reader.replica($0)?.role ?? role }.min()
            } ?? role
        refused = try library.outbox().filter { $0.refusal != nil }
        keepsNotes = try library.read { reader in
            try reader.sets(of: article).contains { $0.kind == .privateAnnotations }
        }
    }

    /// What to do next. Who may not change text tries it now and then.
    mutating func nextAct() -> Act {
        if last == .undo, random.chance(0.5) { return .redo }
        while true {
            let act = Act.random(using: &random)
            if isBuilding, !act.canBuild { continue }
            if role >= .editor || !act.needsEditor || random.chance(0.1) { return act }
        }
    }

    /// Tries to do something, as its command line does.
    mutating func perform(_ act: Act) throws -> Outcome {
        last = act
        isOnFormer = false
        let before = try view().checksum
        let former = written
        do {
            let done = try attempt(act)
            if done != nil { try lookAgain() }
            return done.map { .done($0) } ?? .nothing
        } catch let error as ClientError where error.code == .notAllowed && role < .editor {
            return try .notAllowed.leaving(before, former, in: &self)
        } catch let error as ClientError
            where error.code == .stale && (act.buildsOnWhatWas || isOnFormer)
        {
            return try .stale.leaving(before, former, in: &self)
        }
    }

    private mutating func attempt(_ act: Act) throws -> String? {
        switch act {
        case .replaceWords: try replaceWords()
        case .deleteWords: try deleteWords()
        case .insertWords: try insertWords()
        case .splitParagraph: try splitParagraph()
        case .joinParagraphs: try joinParagraphs()
        case .moveSentence: try moveSentence()
        case .takeInNewerText: try takeInNewerText()
        case .note: try note()
        case .noteOnArticle: try noteOnArticle()
        case .reply: try reply()
        case .tag: try tag()
        case .untag: try untag()
        case .editBody: try editBody()
        case .editProposal: try editProposal()
        case .suggest: try suggest()
        case .accept: try accept(inOwnWords: false)
        case .acceptOwnWords: try accept(inOwnWords: true)
        case .reject: try reject()
        case .withdraw: try set(.life, to: .withdrawn)
        case .restore: try set(.life, to: .active)
        case .finish: try set(.status, to: .done)
        case .reopen: try set(.status, to: .open)
        case .attach: try attach()
        case .resolve: try resolve()
        case .resolveAsRemembered: try resolveAsRemembered()
        case .undo: try library.undo()?.command
        case .redo: try library.redo()?.command
        case .rename: try rename()
        case .retryRefused: try retryRefused()
        }
    }
}

extension Person.Outcome {
    /// The outcome of an act that failed, if it left everything as it was.
    fileprivate func leaving(
        _ checksum: String, _ written: Written, in person: inout Person
    ) throws -> Person.Outcome {
        try person.lookAgain()
        person.written = written
        guard try person.view().checksum == checksum else {
            throw Inequality("\(person.name)'s \(self) act left a trace")
        }
        return self
    }
}

/// Something that must be equal is not.
struct Inequality: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
