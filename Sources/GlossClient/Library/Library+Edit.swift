public import GlossCore

extension Library {
    /// Changes the text of an article.
    ///
    /// - Parameters:
    ///   - edits: ascending, disjoint ranges of the text at `version`.
    ///   - version: the version the edits were made on.
    ///   - draft: what they were kept as meanwhile: it is gone then. Other drafts stay.
    /// - Returns: whether anything changed.
    /// - Throws: ``ClientError`` `stale` if the version is not in the article any more.
    public func edit(
        _ article: DocumentID, _ edits: [TextEdit], at version: [OpID],
        from draft: ArticleDraft? = nil, message: String?, command: String
    ) throws -> Bool {
        try perform(command) { workspace in
            let present = try workspace.replica(article).frontier
            guard try workspace.replica(article).holds(version) else {
                throw ClientError.textIsGone(
                    tries: "gloss edit ARTICLE --resume, if you wrote in an editor")
            }
            if let draft { try workspace.writer.drop(draft) }
            let size = edits.reduce(0) { $0 + $1.replacement.count }
            guard version == present, size > Library.chunk else {
                return try workspace.edit(
                    edits, of: article, at: version == present ? nil : version, message: message)
                    != nil
            }
            var left = edits
            while !left.isEmpty {
                let (now, later) = left.divided(at: Library.chunk)
                try workspace.edit(now, of: article, message: message)
                left = later
            }
            return true
        }
    }
}

extension Replica {
    /// Whether all operations of a version are here.
    func holds(_ version: [OpID]) -> Bool {
        let known = versionVector
        return version.allSatisfy { known.contains($0) }
    }

    /// A target on ranges of what somebody saw; meanwhile the text may have changed.
    ///
    /// - Throws: ``ClientError`` `stale` if that is not here any more.
    func target(on ranges: [Range<Int>], seenAt version: [OpID]?) throws -> Target {
        let version = version ?? frontier
        if version == frontier, let last = ranges.last, last.upperBound <= textCount {
            return target(at: ranges)
        }
        guard holds(version), let target = target(at: ranges, of: version) else {
            throw ClientError.textIsGone(tries: "the same command again")
        }
        return target
    }
}

extension ClientError {
    fileprivate static func textIsGone(tries: String) -> ClientError {
        ClientError(
            .stale, "Some of the text that you opened was undone or refused meanwhile.",
            tries: [tries])
    }
}

extension Workspace {
    /// Makes an edit of the text as it is in as many changes as its length takes.
    func write(_ edit: TextEdit, into article: DocumentID, message: String? = nil) throws {
        let scalars = edit.replacement
        var range = edit.range
        var start = 0
        repeat {
            let end = min(scalars.count, start + Library.chunk)
            let part = String(String.UnicodeScalarView(scalars[start..<end]))
            try self.edit([TextEdit(range, part)], of: article, message: message)
            let next = range.lowerBound + (end - start)
            range = next..<next
            start = end
        } while start < scalars.count
    }
}
