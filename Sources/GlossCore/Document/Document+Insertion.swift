/// Where an insertion goes: FugueMax, in the list form that Seph Gentle calls YjsMod (Weidner and
/// Kleppmann, "The Art of the Fugue", 2023).
extension Document {
    mutating func apply(
        _ insertion: Insertion, at version: LocalVersion, of incoming: Incoming, isFirst: Bool
    ) throws(ChangeError) {
        guard kind == .article else { throw Document.noText }
        let count = insertion.text.count
        guard count > 0 else { throw Document.emptyOperation }
        let left = try origin(insertion.left, at: version, of: incoming, SpanTree.documentStart)
        let right = try origin(insertion.right, at: version, of: incoming, SpanTree.documentEnd)
        if !insertion.replaces.isEmpty {
            try checkCharacters(insertion.replaces, at: version, of: incoming)
        }
        let place = try destination(
            left: left, right: right, version: version, incoming: incoming)
        insert(insertion.text, at: version, behind: place, left: left)
        ops.appendInsertion(count: count, left: left, right: right, mayExtend: isFirst)
        if count == 1 {
            ops.scalars.append(insertion.text[0])
        } else {
            ops.scalars.append(contentsOf: insertion.text.span)
        }
        if insertion.accepts != nil || !insertion.replaces.isEmpty {
            note(insertion, at: version, of: incoming)
        }
    }

    /// Keeps what an insertion replaces and accepts.
    private mutating func note(_ insertion: Insertion, at version: Int, of incoming: Incoming) {
        var replaces = insertion.replaces
        if !replaces.isEmpty, version > incoming.base,
            deletedSpans(before: version, from: incoming.base) == replaces
        {
            ops.appendReplacement(version)
            replaces = []
        }
        if insertion.accepts != nil || !replaces.isEmpty {
            ops.append(
                OpRuns.Detail(version: version, replaces: replaces, accepts: insertion.accepts))
        }
    }

    private mutating func insert(
        _ text: [Unicode.Scalar], at version: LocalVersion, behind place: SpanTree.Place?,
        left: LocalVersion
    ) {
        tree.forgetCursor()
        if keepsText {
            var offset = 0
            if let place {
                offset = tree.offset(of: place) + (tree.run(at: place).isHidden ? 0 : 1)
            }
            buffer.insert(contentsOf: text.span, at: offset)
        }
        if let place {
            tree.insert(text.count, version, behind: place, isGlued: left == version &- 1)
        } else {
            tree.insertAtStart(text.count, version)
        }
        if table.isKept { table.append(count: text.count) }
    }

    @inline(__always)
    private mutating func origin(
        _ id: OpID?, at version: LocalVersion, of incoming: Incoming, _ edge: LocalVersion
    ) throws(ChangeError) -> LocalVersion {
        guard let id else { return edge }
        guard let found = self.version(of: id), isCharacter(found),
            knows(found, at: version, incoming)
        else { throw ChangeError(.invalidOp, "origin \(id) is no character its author knew") }
        return found
    }

    /// Whether an operation inserted a character.
    ///
    /// For operations that are in the tree, whose lookup has been built. O(1).
    @inline(__always)
    func isCharacter(_ version: LocalVersion) -> Bool {
        version < tree.leafOfVersion.count && tree.leafOfVersion[version] >= 0
    }

    /// The character to insert behind, `nil` for the start of the document.
    ///
    /// - Throws: `invalid_op` if the right origin is not behind the left one, or something between
    ///   them was in the author's history.
    /// - Complexity: O(1) where nobody else has written between the origins, else O(log n) for each
    ///   run there.
    @inline(__always)
    mutating func destination(
        left: LocalVersion, right: LocalVersion, version: LocalVersion, incoming: Incoming
    ) throws(ChangeError) -> SpanTree.Place? {
        if left == SpanTree.documentStart {
            if tree.version(ofRunAt: 0, in: 0) == right { return nil }
            return try contested(
                nil, left: left, right: right, version: version, incoming: incoming)
        }
        let place = tree.place(of: left)
        if tree.version(behind: place) == right { return place }
        return try contested(
            place, left: left, right: right, version: version, incoming: incoming)
    }

    /// Goes through what stands between the origins already.
    ///
    /// Only heads of runs need a look: the other characters hang below the one before them. Behind a
    /// left origin inside a run, the rest of the run counts as one whose left origin that is.
    private mutating func contested(
        _ start: SpanTree.Place?, left: LocalVersion, right: LocalVersion, version: LocalVersion,
        incoming: Incoming
    ) throws(ChangeError) -> SpanTree.Place? {
        if needsLog { throw ChangeError(.needsLog, "concurrent insertions meet") }
        var destination = start
        var place = start
        var isScanning = false
        var isDecided = false
        while true {
            let (head, end) = tree.stretch(behind: place)
            if head == right { return destination }
            guard let end else {
                throw ChangeError(.invalidOp, "the origins are the wrong way round")
            }
            guard !knows(head, at: version, incoming) else {
                throw ChangeError(
                    .invalidOp, "something its author knew lies between its origins")
            }
            place = end
            if isDecided { continue }
            let order = compareOrigins(ops.left(of: head), left)
            if order < 0 {
                isDecided = true
                continue
            }
            if order == 0 {
                let otherRight = ops.right(of: head)
                if otherRight == right {
                    if identity(of: version) < identity(of: head) {
                        isDecided = true
                        continue
                    }
                    isScanning = false
                } else {
                    isScanning = compareOrigins(otherRight, right) < 0
                }
            }
            if !isScanning { destination = place }
        }
    }

    /// Compares two origins by their places: negative, zero or positive.
    private mutating func compareOrigins(_ first: LocalVersion, _ second: LocalVersion) -> Int {
        if first == second { return 0 }
        if first == SpanTree.documentStart || second == SpanTree.documentEnd { return -1 }
        if second == SpanTree.documentStart || first == SpanTree.documentEnd { return 1 }
        return tree.isBefore(tree.place(of: first), tree.place(of: second)) ? -1 : 1
    }

    static var noText: ChangeError { ChangeError(.invalidOp, "an annotation set has no text") }
    static var emptyOperation: ChangeError { ChangeError(.invalidOp, "an operation is empty") }
}
