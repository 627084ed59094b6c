/// Where an insertion goes: FugueMax, in the list form that Seph Gentle calls YjsMod (Weidner and
/// Kleppmann, "The Art of the Fugue", 2023).
extension Document {
    /// Takes in an insertion of a change.
    ///
    /// - Parameters:
    ///   - outline: of the insertion.
    ///   - operations: those of its change.
    ///   - index: where it is among them.
    @inline(__always)
    mutating func insert(
        _ outline: OpOutline, _ operations: Span<Op>, _ index: Int, of incoming: Incoming
    ) throws(ChangeError) {
        guard kind == .article else { throw Document.noText }
        guard outline.count > 0 else { throw Document.emptyOperation }
        let version = ops.count
        let left = try origin(outline.left, at: version, of: incoming, SpanTree.documentStart)
        let right = try origin(outline.right, at: version, of: incoming, SpanTree.documentEnd)
        if outline.hasDetails { try checkDetails(operations, index, of: incoming) }
        let place = try destination(
            left: left, right: right, version: version, incoming: incoming)
        let start = ops.scalars.count
        if outline.count == 1 {
            ops.scalars.append(outline.first)
        } else {
            appendText(operations, index)
        }
        show(outline, start, at: version, behind: place, left: left)
        ops.appendInsertion(
            count: outline.count, left: left, right: right, scalar: start, mayExtend: index == 0)
        if outline.hasDetails { note(operations, index, of: incoming) }
    }

    /// Adds the text of an insertion to the scalars of the log.
    private mutating func appendText(_ operations: Span<Op>, _ index: Int) {
        guard case .insert(let insertion) = operations[index] else { OpOutline.trap() }
        ops.scalars.append(contentsOf: insertion.text.span)
    }

    /// Checks what an insertion says it replaces and was moved from.
    private mutating func checkDetails(
        _ operations: Span<Op>, _ index: Int, of incoming: Incoming
    ) throws(ChangeError) {
        guard case .insert(let insertion) = operations[index] else { OpOutline.trap() }
        try findTargets(insertion.replaces.span, of: incoming)
        let from = insertion.from
        guard !from.isEmpty else { return }
        try findTargets(from.span, of: incoming)
        guard from.reduce(0, { $0 + $1.count }) == insertion.scalarCount else {
            throw ChangeError(
                .invalidOp, "text is moved from as many characters as it has scalars")
        }
    }

    /// Keeps what an insertion, the last operation in the log, says beside its text.
    private mutating func note(_ operations: Span<Op>, _ index: Int, of incoming: Incoming) {
        guard case .insert(let insertion) = operations[index] else { OpOutline.trap() }
        let version = ops.count - insertion.scalarCount
        var replaces = insertion.replaces
        if !replaces.isEmpty, version > incoming.base,
            deletedSpans(before: version, from: incoming.base) == replaces
        {
            ops.appendReplacement(version)
            replaces = []
        }
        let detail = OpRuns.Detail(
            version: version, replaces: replaces, from: insertion.from, accepts: insertion.accepts)
        if !detail.isEmpty { ops.append(detail) }
    }

    /// Puts scalars of the log, from one on, into the text and the tree.
    @inline(__always)
    private mutating func show(
        _ outline: OpOutline, _ start: Int, at version: LocalVersion,
        behind place: SpanTree.Place?, left: LocalVersion
    ) {
        tree.forgetCursor()
        if keepsText {
            var offset = 0
            if let place {
                offset = tree.offset(of: place) + (tree.run(at: place).isHidden ? 0 : 1)
            }
            buffer.insert(from: ops.scalars, start..<start + outline.count, at: offset)
        }
        if let place {
            tree.insert(outline.count, version, behind: place, isGlued: left == version &- 1)
        } else {
            tree.insertAtStart(outline.count, version)
        }
        if table.isKept { table.append(count: outline.count) }
    }

    @inline(__always)
    private mutating func origin(
        _ id: OpID?, at version: LocalVersion, of incoming: Incoming, _ edge: LocalVersion
    ) throws(ChangeError) -> LocalVersion {
        guard let id else { return edge }
        guard let agent = agents.index(of: id.agent),
            let found = agents.recentVersion(of: agent, seq: id.seq), isCharacter(found),
            knows(found, at: version, incoming)
        else { throw ChangeError(.invalidOp, "origin \(id) is no character its author knew") }
        return found
    }

    /// Whether an operation inserted a character.
    ///
    /// For operations that are in the tree, whose lookup has been built. O(1).
    @inline(__always)
    func isCharacter(_ version: LocalVersion) -> Bool {
        tree.isCharacter(version)
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
