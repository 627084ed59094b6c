import GlossCore
import Testing

@testable import GlossClient

/// Something that people disagree about without knowing of each other.
enum Dispute: String, CaseIterable {
    case body
    case proposal
    case target
    case name
    case withdrawnNote
    case withdrawnReply
    case verdict
    case wordings
    case overlap
    case replacedWords
    case deletedSentence
    case lostWords
    case rewrittenWords

    var kind: ConflictKind {
        switch self {
        case .body, .proposal, .target, .name: .value
        case .withdrawnNote, .withdrawnReply: .deleteEdit
        case .verdict, .wordings, .overlap: .verdict
        case .replacedWords, .deletedSentence: .text
        case .lostWords, .rewrittenWords: .anchor
        }
    }

    /// Whether each further person says something new.
    var takesMoreVersions: Bool {
        switch self {
        case .body, .proposal, .target, .name, .wordings, .replacedWords, .deletedSentence: true
        default: false
        }
    }

    /// What is asked after two different answers to it.
    func kinds(askedAfter first: String, _ second: String) -> [ConflictKind] {
        // Withdrawn here and written to there is a question besides.
        let isBoth = kind == .anchor && Set([first, second]) == ["withdraw", "done"]
        return isBoth ? [.deleteEdit, .resolution] : [.resolution]
    }

    /// What is there before anybody disagrees.
    struct Ground {
        var note: NoteReference?
        var other: NoteReference?
    }

    /// Prepares a panel: everybody knows what there is to disagree about.
    func prepare(_ panel: inout Panel) throws -> Ground {
        let (first, article) = (panel.people[0], panel.article)
        var ground = Ground()
        switch self {
        case .body, .target, .withdrawnNote, .lostWords, .rewrittenWords:
            ground.note = try first.note(on: "teach", "all of them?", in: article)
        case .withdrawnReply:
            let note = try first.note(on: "teach", "all of them?", in: article)
            let reply = try first.reply(to: note, body: "most", command: "reply")
            ground.note = NoteReference(article: article, id: reply, isReply: true)
        case .proposal, .verdict, .wordings:
            ground.note = try first.note(on: "teach", "", in: article, proposal: "show")
        case .overlap:
            ground.note = try first.note(on: "teach the", "", in: article, proposal: "show a")
            ground.other = try first.note(on: "the water", "", in: article, proposal: "rain")
        case .name, .replacedWords, .deletedSentence: break
        }
        try panel.meet()
        return ground
    }

    /// What one of the people says, the first of them first.
    func say(_ person: Int, of panel: Panel, on ground: Ground) throws {
        let (library, article) = (panel.people[person], panel.article)
        let note = ground.note.map { [$0] } ?? []
        let words = "version\(person)"
        switch self {
        case .body, .proposal:
            try library.set(
                self == .body ? .body : .proposal, to: .text(words), of: note, command: "edit")
        case .target:
            let places = ["Walls", "climb", "Rivers", "ask", "dike"]
            let found = QuoteFinder(in: try library.view(article).articleText).find(places[person])
            guard case .one(let range) = found, let note = note.first else { return }
            try library.attach(note, to: range, why: nil, command: "attach")
        case .name: try library.rename(article, to: words)
        case .withdrawnNote where person > 0:
            if let note = note.first {
                _ = try library.reply(to: note, body: words, command: "reply")
            }
        case .withdrawnReply where person > 0:
            // The same, so that only their being there is in question.
            try library.set(.body, to: .text("some"), of: note, command: "edit")
        case .withdrawnNote, .withdrawnReply:
            try library.set(.life, to: .withdrawn, of: note, command: "withdraw")
        case .verdict where person == 1:
            _ = try library.reject(note, why: "no", command: "reject")
        case .verdict: _ = try library.accept(note, message: nil, command: "accept")
        case .wordings:
            _ = try library.accept(note, wording: words, message: nil, command: "accept")
        case .overlap:
            let choice = person == 1 ? ground.other : ground.note
            _ = try library.accept(
                choice.map { [$0] } ?? [], message: nil, command: "accept")
        case .replacedWords: try library.replace("teach", with: words, in: article)
        case .deletedSentence where person == 0:
            try library.replace("Walls teach the water to climb. ", with: "", in: article)
        case .deletedSentence: try library.replace("water", with: words, in: article)
        case .lostWords:
            if person == 1 { try library.replace("teach", with: "", in: article) }
        case .rewrittenWords:
            if person == 1 { try library.replace("teach the", with: "show a", in: article) }
        }
    }
}
