public import GlossCore
import GlossStorage

extension Library {
    /// Gives a verdict on the words that a note stands on as they are.
    ///
    /// - Returns: whether that is anything new; a check equal to the one that shows is not.
    /// - Throws: ``ClientError`` `invalid` for a note that has no words or asks for no check, `stale`
    ///   for one whose words are gone.
    @discardableResult
    public func check(
        _ note: NoteReference, _ verdict: Verdict, evidence: [Check.Evidence] = [],
        remark: String? = nil, command: String
    ) throws -> Bool {
        try perform(command) { workspace in
            let target = try workspace.wordsToCheck(note)
            return try workspace.write(
                Check(verdict: verdict, evidence: evidence, remark: remark, target: target),
                to: note)
        }
    }

    /// Gives the verdict on a note's words that shows, with its evidence, on the words as they are now.
    ///
    /// - Parameter remark: another remark than it had.
    /// - Returns: the check as it stood before; `nil` if it was fresh, and nothing was written.
    /// - Throws: as ``check(_:_:evidence:remark:command:)``, and `invalid` if there is no check or
    ///   several stand.
    public func checkAgain(
        _ note: NoteReference, remark: String? = nil, command: String
    ) throws -> CheckStanding? {
        try perform(command) { workspace in
            let content = try workspace.annotated(note)
            let name = try workspace.writer.shortID(of: note.id)
            guard let entity = content.annotations.entity(note.id),
                case let register = entity.register(.check), let former = register.value?.check
            else {
                throw ClientError(
                    .invalid, "Nobody has checked \(name) yet.",
                    tries: Verdict.known.map { "gloss check \(name) \($0.rawValue)" })
            }
            guard !register.isContested else {
                throw ClientError(
                    .invalid, "Several checks of \(name) stand, and they differ.",
                    tries: ["gloss thread \(name)", "gloss resolve"])
            }
            let standing = content.standing(ofCheckOn: entity, in: content.article.textIndex)
            var check = former
            check.target = try workspace.wordsToCheck(note)
            check.remark = remark ?? former.remark
            guard standing.state != .fresh || check != former else { return nil }
            return try workspace.write(check, to: note) ? standing : nil
        }
    }
}

extension Workspace {
    /// The words that a note stands on, as they are, as a target.
    fileprivate func wordsToCheck(_ note: NoteReference) throws -> Target {
        let content = try annotated(note)
        let name = try writer.shortID(of: note.id)
        guard let entity = content.annotations.entity(note.id),
            case .annotation(let made) = entity.kind
        else {
            throw ClientError(
                .invalid, "\(name) is a reply, and has no words to check.",
                tries: ["gloss thread \(name)"])
        }
        guard made.kind != .suggestion, made.kind != .note else {
            throw ClientError(
                .invalid,
                "\(name) is a \(made.kind.rawValue): claims, quotes and facts are checked.",
                tries: [
                    ShellWords.joined([
                        "gloss", "note", content.article.shortName,
                        made.target.quote.exact, "--kind", "claim",
                    ])
                ])
        }
        let placement = content.placement(of: entity, in: content.article.textIndex)
        let ranges = placement.ranges.filter { !$0.isEmpty }
        guard placement.state != .whole else {
            throw ClientError(
                .invalid, "\(name) stands on the article as a whole, and has no words to check.",
                tries: ["gloss attach \(name) WORDS"])
        }
        guard placement.state != .pending, !ranges.isEmpty else {
            throw ClientError(
                .stale, "The words of \(name) are gone.",
                tries: ["gloss thread \(name)", "gloss attach \(name) WORDS"])
        }
        let target = entity.register(.target).value?.place ?? made.target
        return content.article.target(at: ranges, withinStretchOf: target)
    }

    /// Writes the check of a note, unless it says nothing new.
    fileprivate func write(_ check: Check, to note: NoteReference) throws -> Bool {
        let document = note.set
        let replica = try replica(document)
        let content = try annotated(note)
        guard let entity = content.annotations.entity(note.id) else { return false }
        let isKnown =
            entity.register(.check).heads.count == 1
            && entity.register(.check).value == .check(check)
            && content.standing(ofCheckOn: entity, in: content.article.textIndex).state == .fresh
        guard !isKnown else { return false }
        try commit([replica.write(.check(check), to: .check, of: note.id)], to: document)
        return true
    }
}
