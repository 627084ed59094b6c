extension Replica {
    /// Text that one change deleted.
    public struct DeletedText: Hashable, Sendable {
        /// The text.
        public let text: String
        /// Its characters, in order.
        public let characters: [OpSpan]
        /// Where it stood: how many scalars of the text as it is stand in front of it.
        public let offset: Int
        /// The first operation of the change that deleted it, the first one of several.
        public let removal: OpID
    }

    /// What was deleted, and neither replaced by text that shows nor moved, in the order of the text.
    ///
    /// - Complexity: O(n) in operations.
    public func deletedText() -> [DeletedText] {
        let index = document.textIndex
        let hidden = index.versions(inOrder: 0..<Int.max).filter { !$0.isVisible }.map(\.versions)
        var removals: [LocalVersion: OpID] = [:]
        document.forEachLiveRemoval(of: VersionSet(hidden)) { removal, character in
            guard document.ops.target(of: removal) != nil, !document.table.isUndone(character),
                index.bearers[character] == nil
            else { return }
            let change = firstOperation(ofChangeWith: removal)
            if let known = removals[character], document.precedes(known, change) { return }
            removals[character] = change
        }
        var groups: [(removal: OpID, order: Int, parts: [Range<LocalVersion>])] = []
        for character in hidden.joined() {
            guard let removal = removals[character] else { continue }
            let order = index.order(of: character)
            if let last = groups.last, last.removal == removal, last.order + 1 == order {
                groups[groups.count - 1].order = order
                if let part = last.parts.last, part.upperBound == character {
                    groups[groups.count - 1].parts[last.parts.count - 1] =
                        part.lowerBound..<character + 1
                } else {
                    groups[groups.count - 1].parts.append(character..<character + 1)
                }
            } else {
                groups.append((removal, order, [character..<character + 1]))
            }
        }
        return groups.filter { index.shownReplacements(of: $0.parts).isEmpty }.map { group in
            DeletedText(
                text: document.string(of: group.parts),
                characters: group.parts.flatMap { document.spans(of: $0) },
                offset: index.offset(before: group.parts[0].lowerBound), removal: group.removal)
        }
    }

    /// How many characters that some changes inserted are deleted by other changes.
    ///
    /// - Complexity: O(n) in deletions.
    public func deletedCount(insertedBy changes: [Change]) -> Int {
        var inserted: [Range<LocalVersion>] = []
        for change in changes {
            forEachOp(of: change) { op, id in
                guard case .insert = op else { return }
                inserted += document.versions(of: OpSpan(start: id, count: op.width)) ?? []
            }
        }
        let own = Set(changes.map(\.id))
        var deleted: Set<LocalVersion> = []
        document.forEachLiveRemoval(of: VersionSet(inserted)) { removal, character in
            guard document.ops.target(of: removal) != nil,
                !own.contains(firstOperation(ofChangeWith: removal))
            else { return }
            deleted.insert(character)
        }
        return deleted.count
    }

    private func firstOperation(ofChangeWith version: LocalVersion) -> OpID {
        let change = document.changes.index(of: version)
        return document.identity(of: document.changes.versions(of: change).lowerBound)
    }
}
