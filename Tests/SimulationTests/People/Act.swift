import GlossCore

/// The kinds of things that people do.
enum Act: String, CaseIterable {
    case replaceWords
    case deleteWords
    case insertWords
    case splitParagraph
    case joinParagraphs
    case moveSentence
    case takeInNewerText
    case note
    case noteOnArticle
    case reply
    case tag
    case untag
    case editBody
    case editProposal
    case suggest
    case accept
    case acceptOwnWords
    case reject
    case withdraw
    case restore
    case finish
    case reopen
    case attach
    case resolve
    case resolveAsRemembered
    case undo
    case redo
    case rename
    case retryRefused

    /// How often it is tried, beside the others.
    var weight: Int {
        switch self {
        case .resolve: 20
        case .retryRefused: 8
        case .suggest, .accept, .resolveAsRemembered: 6
        case .replaceWords, .acceptOwnWords, .reject, .withdraw, .editBody, .editProposal: 4
        case .deleteWords, .note, .undo, .reply, .attach, .rename: 3
        case .splitParagraph, .joinParagraphs, .noteOnArticle, .takeInNewerText, .redo: 1
        default: 2
        }
    }

    /// Whether only editors may do it.
    var needsEditor: Bool {
        switch self {
        case .replaceWords, .deleteWords, .insertWords, .splitParagraph, .joinParagraphs,
            .moveSentence, .takeInNewerText, .accept, .acceptOwnWords, .reject, .rename:
            true
        default: false
        }
    }

    /// Whether it takes up something of earlier, which what came in meanwhile may have overtaken.
    var buildsOnWhatWas: Bool {
        switch self {
        case .redo, .resolveAsRemembered, .retryRefused: true
        default: false
        }
    }

    /// Whether what others wrote may be among its causes.
    var canBuild: Bool {
        switch self {
        case .splitParagraph, .joinParagraphs, .takeInNewerText, .noteOnArticle, .untag, .finish,
            .reopen, .rename, .retryRefused:
            false
        default: true
        }
    }

    static func random(using random: inout some RandomNumberGenerator) -> Act {
        var number = Int.random(in: 0..<allCases.reduce(0) { $0 + $1.weight }, using: &random)
        return allCases.first { act in
            number -= act.weight
            return number < 0
        } ?? .resolve
    }
}
