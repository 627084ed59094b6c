import GlossCore
import GlossStorage

/// What later work stands on some changes of one document, in words: taking them back leaves it.
struct LaterWork {
    /// One line for each field that was written again, and one for text that is gone already.
    let lines: [String]

    /// - Parameter isStep: whether an operation was made by taking something back or bringing it
    ///   back here.
    init(
        on changes: [Change], in replica: Replica, _ reader: LibraryReader, _ profile: Profile,
        isStep: (OpID) -> Bool
    ) throws {
        let authors = try Authorship(reader, document: replica.id, profile: profile)
        let article = try reader.article(reader.article(of: replica.id))?.name ?? ""
        var own: [AgentID: [Range<Int>]] = [:]
        for change in changes { own[change.agent, default: []].append(change.seq..<change.endSeq) }
        let isOwn = { (id: OpID) in own[id.agent]?.contains { $0.contains(id.seq) } ?? false }
        var lines: [String] = []
        for write in changes.flatMap(\.ops).compactMap(\.write) {
            let register =
                write.entity.map { replica.entity($0)?.register(write.field) ?? Register() }
                ?? replica.register(write.field)
            let heads = register.heads
            guard !heads.contains(where: { isOwn($0.id) || isStep($0.id) }),
                let later = heads.last, let author = authors.attribution(of: later.id)
            else { continue }
            let subject = try write.entity.map { "note \(try reader.shortID(of: $0))" } ?? article
            let who = author.isMine ? "you" : author.user
            let line = "\(write.field.noun) of \(subject), which \(who) wrote since"
            if !lines.contains(line) { lines.append(line) }
        }
        let gone = replica.deletedCount(insertedBy: changes)
        if gone > 0 {
            let count = gone == 1 ? "1 character" : "\(gone) characters"
            lines.append("what was written in \(article) in the place of \(count) of it")
        }
        self.lines = lines
    }
}

extension Op {
    /// The write, if it is one.
    var write: Write? { if case .write(let write) = self { write } else { nil } }
}

extension Field {
    /// What people call it.
    var noun: String {
        switch self {
        case .body: "the text"
        case .target: "the place"
        case .verdict: "the decision"
        default: "the \(rawValue)"
        }
    }
}
