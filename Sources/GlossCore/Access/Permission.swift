/// Who may do what: the one table, used by the server to judge and by the client to warn.
public enum Permission {
    /// The least role that may make a change.
    ///
    /// - Parameters:
    ///   - change: the change.
    ///   - kind: the document it is for.
    ///   - isOwn: whether an annotation or reply was made by the change's author; `nil` if the id
    ///     names neither.
    public static func leastRole(
        for change: Change, to kind: DocumentKind, isOwn: (OpID) -> Bool?
    ) -> Role {
        change.ops.map { leastRole(for: $0, to: kind, isOwn: isOwn) }.max() ?? .reader
    }

    private static func leastRole(
        for op: Op, to kind: DocumentKind, isOwn: (OpID) -> Bool?
    ) -> Role {
        guard kind != .article else { return .editor }
        switch op {
        case .annotate, .reply: return .reviewer
        case .write(let write):
            guard let entity = write.entity, write.field != .verdict else { return .editor }
            // Who checks claims is seldom who marked them.
            if write.field == .check, isOwn(entity) != nil { return .reviewer }
            return isOwn(entity) == true ? .reviewer : .editor
        case .addTag(let addition): return isOwn(addition.annotation) == true ? .reviewer : .editor
        case .removeTag(let removal): return isOwn(removal.annotation) == true ? .reviewer : .editor
        case .resolve(let resolution):
            // Who may not decide on suggestions may not settle decisions either.
            if resolution.kind == .verdict { return .editor }
            return resolution.settles.contains { isOwn($0) == false } ? .editor : .reviewer
        case .insert, .delete, .visibility, .unknown: return .editor
        }
    }
}
