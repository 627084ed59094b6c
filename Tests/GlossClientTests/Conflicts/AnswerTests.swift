import GlossCore
import TestSupport
import Testing

@testable import GlossClient

/// Every kind of conflict, answered in every way there is, among two to five people.
@Suite("Answers to conflicts")
struct AnswerTests {
    /// A panel that disagrees.
    private static func panel(
        _ dispute: Dispute, _ count: Int, late: Int = 0
    ) throws -> (panel: Panel, ground: Dispute.Ground) {
        var panel = try Panel(count, seed: UInt64(count))
        let ground = try dispute.prepare(&panel)
        for person in 0..<count - late { try dispute.say(person, of: panel, on: ground) }
        try panel.meet(0..<count - late)
        #expect(try panel.question().conflict.kind == dispute.kind)
        return (panel, ground)
    }

    @Test(
        "Each settles it for everybody, and it stays settled", arguments: Dispute.allCases, [2, 5])
    func settled(dispute: Dispute, count: Int) throws {
        let (panel, _) = try Self.panel(dispute, count)
        for choice in try panel.question().choices {
            var panel = try panel.copy()
            let person = count - 1
            try panel.answer(panel.question(of: person), choice, by: person)
            #expect(try panel.questions(of: person).isEmpty, "\(choice)")
            try panel.meet()
            #expect(try panel.questions().isEmpty, "\(choice)")
            // Work elsewhere asks nothing anew.
            try panel.people[0].replace("old", with: "new", in: panel.article)
            try panel.people[1].note(on: "dike", "which?", in: panel.article)
            try panel.meet()
            #expect(try panel.questions().isEmpty, "\(choice)")
        }
    }

    @Test(
        "Equal ones are one answer, and different ones are asked about",
        arguments: Dispute.allCases)
    func twice(dispute: Dispute) throws {
        let (panel, _) = try Self.panel(dispute, 3)
        let question = try panel.question()
        for (index, first) in question.choices.enumerated() {
            for second in question.choices[index...] {
                var panel = try panel.copy()
                let results = [
                    try panel.answer(panel.question(of: 0), first, by: 0),
                    try panel.answer(panel.question(of: 1), second, by: 1),
                ]
                try panel.meet()
                let open = try panel.questions()
                // Values may be the same although the answers are not, and own words differ.
                let isField = dispute.kind == .value || dispute.kind == .deleteEdit
                let agree = isField ? results[0] == results[1] : first == second && first != "edit"
                #expect(
                    open.map(\.conflict.kind)
                        == (agree ? [] : dispute.kinds(askedAfter: first, second)),
                    "\(first) and \(second)")
                #expect(!open.contains { $0.conflict.id == question.conflict.id })
                try Self.settle(open, index, in: &panel, "\(first) and \(second)")
            }
        }
    }

    /// Answers the last question in one of the ways that it offers, and what is asked besides.
    private static func settle(
        _ open: [ConflictView], _ index: Int, in panel: inout Panel, _ comment: Comment
    ) throws {
        for question in open.dropLast() { try panel.answer(question, "keep", by: 2) }
        if let question = open.last {
            let choice = question.choices[index % question.choices.count]
            try panel.answer(question, choice, by: 2)
        }
        try panel.meet()
        #expect(try panel.questions().isEmpty, comment)
    }

    @Test(
        "What comes late asks again under another name",
        arguments: Dispute.allCases.filter(\.takesMoreVersions), [3, 4])
    func late(dispute: Dispute, count: Int) throws {
        let (panel, ground) = try Self.panel(dispute, count, late: 1)
        let question = try panel.question()
        for choice in question.choices {
            var panel = try panel.copy()
            try panel.answer(question, choice, by: 0)
            try panel.meet(0..<count - 1)
            #expect(try panel.questions().isEmpty)
            try dispute.say(count - 1, of: panel, on: ground)
            try panel.meet()
            let open = try panel.questions()
            // Who left a suggestion undecided does not disagree with who decides.
            let isDecided = dispute == .wordings && choice == "base"
            #expect(open.isEmpty == isDecided, "\(choice)")
            #expect(open.allSatisfy { $0.conflict.id != question.conflict.id }, "\(choice)")
            for question in open { try panel.answer(question, question.choices[0], by: 1) }
            try panel.meet()
            #expect(try panel.questions().isEmpty, "\(choice)")
        }
    }

    @Test("One that comes too late is refused, and writes nothing", arguments: Dispute.allCases)
    func stale(dispute: Dispute) throws {
        var (panel, _) = try Self.panel(dispute, 2)
        let question = try panel.question(of: 1)
        try panel.answer(panel.question(of: 0), question.choices[0], by: 0)
        try panel.meet()
        let before = try panel.people[1].view(panel.article).checksum
        for choice in question.choices {
            let error = #expect(throws: ClientError.self) {
                try panel.answer(question, choice, by: 1)
            }
            #expect(error?.code == .stale)
            #expect(error?.message.contains("person0 took \(question.choices[0])") == true)
            #expect(error?.message.contains("says person0") == true)
        }
        #expect(try panel.people[1].view(panel.article).checksum == before)
    }

    @Test(
        "One to a question that has grown is refused, and told of the new one",
        arguments: Dispute.allCases.filter(\.takesMoreVersions))
    func grown(dispute: Dispute) throws {
        var (panel, ground) = try Self.panel(dispute, 3, late: 1)
        let question = try panel.question(of: 1)
        try dispute.say(2, of: panel, on: ground)
        try panel.meet()
        let grown = try panel.question()
        #expect(grown.versions.count == 3 && grown.conflict.id != question.conflict.id)
        let error = #expect(throws: ClientError.self) {
            try panel.answer(question, question.choices[0], by: 1)
        }
        #expect(error?.code == .stale)
        #expect(error?.message.contains("it is \(grown.shortID) now") == true)
    }

    @Test("A name in one's own words is one that people can type")
    func name() throws {
        let (panel, _) = try Self.panel(.name, 2)
        let question = try panel.question()
        let error = #expect(throws: ClientError.self) {
            try panel.people[0].resolve(question, .words("two words"), command: "resolve")
        }
        #expect(error?.code == .invalid)
        #expect(try panel.question().conflict.id == question.conflict.id)
    }
}
