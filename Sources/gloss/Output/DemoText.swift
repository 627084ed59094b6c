import GlossClient
import GlossCore

/// What `gloss demo` explains.
enum DemoText {
    static func beginning(_ names: [String]) -> String {
        """
        Three people work on one article: you, \(names[0]) and \(names[1]). Each has a library of \
        their own, and all of you were offline. This is a practice library: nothing of yours is \
        touched, and it is gone when this ends.
        """
    }

    static let meeting = """
        Then you met again. Merging never stops and never asks: what it would bury becomes a \
        question, and all three of you have the same ones, under the same names.
        """

    /// What happened, and what there is to choose.
    static func explanation(of conflict: ConflictView) -> String {
        let other = conflict.otherPerson ?? "somebody"
        switch conflict.conflict.kind {
        case .value:
            return """
                You and \(other) changed one note at the same time. The card has what stood \
                before, what each of you made of it, and what both give together (key B).
                """
        case .verdict:
            return """
                A suggestion: \(other) accepted it, you rejected it. Its words are in the text \
                until somebody decides. With w you say why: the others see that.
                """
        case .deleteEdit:
            return """
                You withdrew a note while \(other) answered it. It is kept until somebody decides \
                (k keeps it, x withdraws it). Every answer can be taken back (u).
                """
        case .text, .anchor, .resolution: return ""
        }
    }

    /// A choice that somebody might make, and why.
    static func answer(to conflict: ConflictView) -> (take: String, why: String) {
        switch conflict.conflict.kind {
        case .value: ("both", "both have a point")
        case .verdict: ("theirs", "the licence is a source")
        case .deleteEdit: ("keep", "the answer is worth keeping")
        case .text, .anchor, .resolution: (conflict.choices[0], "")
        }
    }

    static func end(_ names: [String], open: Int, agree: Bool) -> String {
        let answers =
            agree
            ? "Your answers went to \(names[0]) and \(names[1]) like any edit: all three of you have the same text and notes"
            : "Your answers went to \(names[0]) and \(names[1]), but their libraries differ"
        let rest =
            open == 0
            ? ", and nobody is asked any more."
            : ". What you left open (\(open)) is open for everybody, and blocks nothing."
        return answers + rest + """

            That was all; the practice library is gone. With your own texts:
              gloss init && gloss add FILE     on this machine alone
              gloss join LINK                  with others, by their invitation
              gloss conflicts, gloss resolve   where you saw this
            """
    }
}
