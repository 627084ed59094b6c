import GlossCore
import GlossStorage

extension Library {
    /// What became of a question that was open when somebody looked, as far as can be told.
    func stale(_ view: ConflictView) throws -> ClientError? {
        try whatBecame(of: view.shortID) { $0 == view.conflict.id }
    }

    /// What became of a question that is not open: whose answer settled it, or which one it grew to;
    /// `nil` if there never was one, as far as can be told.
    ///
    /// - Parameter isName: whether an id is what the name stands for.
    func whatBecame(
        of name: String, _ isName: (ConflictID) -> Bool
    ) throws -> ClientError? {
        for view in try allConflicts() {
            guard let count = view.conflict.versionCount(whenItWas: isName) else { continue }
            return ClientError(
                .stale,
                "Conflict \(name) had \(count) versions then, and has \(view.versions.count) now: it is \(view.shortID) now. Nothing was written.",
                tries: ["gloss conflicts show \(view.shortID)"])
        }
        guard let settled = try lastAnswer(to: isName) ?? lastWrite(answering: isName) else {
            return nil
        }
        let who = settled.author.isMine ? "you" : settled.author.user
        let why = settled.why.map { " (“\($0)”)" } ?? ""
        let take = settled.take == "edit" ? "wrote other words" : "took \(settled.take)"
        return ClientError(
            .stale,
            "Conflict \(name) is settled: \(who) \(take)\(why). Nothing was written.",
            tries: ["gloss conflicts show \(name)", "gloss conflicts"])
    }

    /// The write that settled a question without a resolution.
    private func lastWrite(
        answering isName: (ConflictID) -> Bool
    ) throws -> (take: String, why: String?, author: Attribution)? {
        let settled = try allSettledConflicts().first { isName($0.question.conflict.id) }
        return settled?.answers.last.map { ($0.take, $0.why, $0.author) }
    }

    /// What the last standing resolution that names a question took, and who made it.
    private func lastAnswer(
        to isName: (ConflictID) -> Bool
    ) throws -> (take: String, why: String?, author: Attribution)? {
        let profile = try profile()
        return try read { reader in
            var found: (resolution: Resolution, author: Attribution)?
            for record in try reader.replicas() {
                let answers = try reader.loadReplica(record.id).resolutions.filter { entity in
                    guard case .resolution(let resolution) = entity.kind else { return false }
                    return isName(resolution.conflict)
                }
                guard let last = answers.last, case .resolution(let resolution) = last.kind,
                    let author = try Authorship(reader, document: record.id, profile: profile)
                        .attribution(of: last.id)
                else { continue }
                if found == nil || found?.author.time ?? 0 <= author.time {
                    found = (resolution, author)
                }
            }
            return found.map { ($0.resolution.take, $0.resolution.why, $0.author) }
        }
    }
}

extension ClientError {
    /// Something came in that changed a question, or settled it.
    init(changed name: String) {
        self.init(
            .stale,
            "Conflict \(name) is not what it was: something came in or settled it. Nothing was written.",
            tries: ["gloss conflicts"])
    }
}
