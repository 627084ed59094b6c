/// Stable positions, many at a time.
extension Document {
    /// Anchors beside characters of the text as it is.
    ///
    /// - Parameters:
    ///   - offsets: in any order, each of a character: from 0 and below ``textCount``.
    ///   - side: on which side of the characters.
    /// - Complexity: O(log n) each where they are few, else O(1) each and one pass over the runs.
    public mutating func anchors(at offsets: [Int], side: Anchor.Side) -> [Anchor] {
        settle()
        let count = textCount
        precondition(
            offsets.allSatisfy { $0 >= 0 && $0 < count }, "the offsets are of characters")
        var hint = 0
        var anchors: [Anchor] = []
        anchors.reserveCapacity(offsets.count)
        if offsets.count * 4 < tree.leaves.count {
            for offset in offsets {
                tree.seek(offset)
                let run = tree.runs[tree.cursor.leaf << tree.leafShift + tree.cursor.index]
                let version = run.first + offset - tree.cursor.before
                anchors.append(anchor(side, version, hint: &hint))
            }
        } else {
            let table = OffsetTable(tree)
            for offset in offsets {
                anchors.append(anchor(side, table.version(at: offset), hint: &hint))
            }
        }
        return anchors
    }

    @inline(__always)
    private func anchor(_ side: Anchor.Side, _ version: Int, hint: inout Int) -> Anchor {
        let (agent, seq) = agents.identity(of: version, hint: &hint)
        return Anchor(side, OpID(agent: agents.id(of: agent), seq: seq))
    }

    /// Where anchors stand in the text as it is; where they stood, if their characters are deleted.
    ///
    /// - Returns: how many scalars stand before each; `nil` for one whose character has not arrived.
    /// - Complexity: O(log n) each where they are few, else O(1) each and one pass over the operations.
    public mutating func offsets(of anchors: [Anchor]) -> [Int?] {
        settle()
        var offsets: [Int?] = []
        offsets.reserveCapacity(anchors.count)
        if anchors.count < max(2, graph.count / 256) {
            tree.buildIndex(for: graph.count)
            for anchor in anchors {
                guard let version = version(of: anchor.id), isCharacter(version) else {
                    offsets.append(nil)
                    continue
                }
                let place = tree.place(of: version)
                let isBehind = anchor.side == .after && !tree.run(at: place).isHidden
                offsets.append(tree.offset(of: place) + (isBehind ? 1 : 0))
            }
        } else {
            let table = PlaceTable(tree, versionCount: graph.count)
            for anchor in anchors {
                offsets.append(
                    version(of: anchor.id).flatMap {
                        table.offset(of: $0, isAfter: anchor.side == .after)
                    })
            }
        }
        return offsets
    }
}
