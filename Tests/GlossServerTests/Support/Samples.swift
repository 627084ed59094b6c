import GlossCore
import GlossProtocol

/// Ids that tests name.
enum Sample {
    static let article = DocumentID(high: 7, low: 2)
    static let set = article.annotations
    static let library = LibraryID(rawValue: 0x11)

    static func device(_ number: UInt64) -> DeviceID { DeviceID(rawValue: 0xd000 + number) }
    static func agent(_ number: UInt64) -> AgentID { AgentID(rawValue: 0xa000 + number) }

    /// A change that types `text` behind the character before it, at sequence number `seq`.
    static func typing(_ text: String, agent: AgentID, seq: Int = 0) -> Change {
        let left = seq == 0 ? nil : OpID(agent: agent, seq: seq - 1)
        let insertion = Insertion(left: left, right: nil, text: Array(text.unicodeScalars))
        return change([.insert(insertion)], agent: agent, seq: seq)
    }

    static func change(
        _ ops: [Op], agent: AgentID, seq: Int = 0, dependencies: [OpID] = []
    ) -> Change {
        Change(agent: agent, seq: seq, dependencies: dependencies, time: 1_000, ops: ops)
    }

    /// A note on the article as a whole, made at the given version of it.
    static func note(_ body: String, version: [OpID] = []) -> Op {
        .annotate(
            NewAnnotation(
                kind: .note,
                target: Target(
                    ranges: [], quote: Quote(exact: "", prefix: "", suffix: ""),
                    version: version),
                body: body))
    }

    static func suggestion(_ proposal: String) -> Op {
        .annotate(
            NewAnnotation(
                kind: .suggestion,
                target: Target(
                    ranges: [], quote: Quote(exact: "", prefix: "", suffix: ""), version: []),
                body: "", proposal: proposal))
    }
}

extension ChangeBatch {
    init(_ doc: DocumentID, _ changes: [Change]) throws {
        self.init(doc: doc, changes: try changes.map { try EncodedChange($0) })
    }
}

extension Push {
    init(id: Int, _ parts: [(DocumentID, [Change])]) throws {
        self.init(
            id: id,
            parts: try parts.map { doc, changes in
                PushPart(doc: doc, changes: try changes.map { RawChange(try EncodedChange($0)) })
            })
    }
}

extension ServerSession.PushDecision {
    /// Why it was refused; `nil` if it was not.
    var code: ErrorCode? {
        if case .refused(let refusal) = self { refusal.code } else { nil }
    }

    /// The positions of all changes, part after part; `nil` if it was refused.
    var positions: [Int]? {
        if case .committed(let parts, _) = self { parts.flatMap(\.positions) } else { nil }
    }
}
