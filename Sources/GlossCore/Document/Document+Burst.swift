/// Typing and erasing at one place.
///
/// One keystroke after another at one place changes little: the text beside the tree, and counts. So
/// the text is changed at once and the rest waits in a burst, until something else happens or
/// somebody asks. A burst leaves the same log as its edits one by one.
extension Document {
    /// Edits of one character each that follow one another, not yet in the log.
    struct Burst {
        enum Kind {
            case typing
            /// One character, so far; nobody can tell yet which way it goes on.
            case erasing
            case erasingForward
            case erasingBackward
        }

        /// How many edits wait.
        var count = 0
        /// How many may, before the document or the agent is full.
        var limit = 0
        var kind = Kind.typing
        /// Where the next character would be typed, or which gap the erased ones have left.
        var position = 0
        var agent = AgentID(rawValue: 0)
        var time = 0

        @inline(__always)
        func isBy(_ author: borrowing Author) -> Bool {
            author.agent == agent && author.time == time && author.message == nil
        }
    }

    /// Takes an edit into the burst that is going on, if it belongs there.
    @inline(__always)
    mutating func continueBurst(
        _ range: Range<Int>, _ text: Span<Unicode.Scalar>, by author: borrowing Author
    ) -> Bool {
        guard burst.count < burst.limit, burst.isBy(author) else { return false }
        if burst.kind == .typing {
            guard range.upperBound == burst.position, range.isEmpty, text.count == 1 else {
                return false
            }
            buffer.insert(text[0], at: burst.position)
            burst.position &+= 1
        } else {
            guard text.isEmpty, range.upperBound &- range.lowerBound == 1 else { return false }
            if range.upperBound == burst.position, burst.kind != .erasingForward {
                burst.kind = .erasingBackward
                burst.position &-= 1
                guard burst.position >= 0 else { preconditionFailure("the range is in the text") }
            } else if range.lowerBound == burst.position, burst.kind != .erasingBackward {
                precondition(range.upperBound <= buffer.count, "the range is in the text")
                burst.kind = .erasingForward
            } else {
                return false
            }
            buffer.remove(range)
        }
        burst.count &+= 1
        return true
    }

    /// Starts a burst with an edit, if it can be the first of one.
    mutating func startBurst(
        _ range: Range<Int>, _ text: Span<Unicode.Scalar>, by author: borrowing Author
    ) throws(ChangeError) -> Bool {
        guard range.count + text.count == 1, author.message == nil else { return false }
        precondition(
            range.lowerBound >= 0 && range.upperBound <= textCount, "the range is in the text")
        let agent = try begin(1, by: author)
        burst = Burst(
            count: 1,
            limit: min(
                CausalGraph.limit - graph.count, OpID.limit - agents.nextSeq(of: agent)),
            kind: text.isEmpty ? .erasing : .typing,
            position: range.lowerBound + text.count, agent: author.agent, time: author.time)
        if text.isEmpty {
            buffer.remove(range)
        } else {
            buffer.insert(text[0], at: range.lowerBound)
        }
        return true
    }

    /// Takes what is being typed into the log.
    ///
    /// Everything that looks there does so first, in a copy where it may not change the document;
    /// whoever is about to encode a document that was just edited saves that copy by calling this.
    @inline(__always)
    public mutating func settle() {
        if burst.count > 0 { settleBurst() }
    }

    /// A copy in which nothing waits. O(n).
    func settledCopy() -> Document {
        var settled = copy()
        settled.settle()
        return settled
    }

    private mutating func settleBurst() {
        let count = burst.count
        burst.count = 0
        burst.limit = 0
        guard let agent = agents.index(of: burst.agent) else {
            preconditionFailure("the agent of a burst is known")
        }
        switch burst.kind {
        case .typing: settleTyping(count)
        case .erasing, .erasingForward: settleErasing(count)
        case .erasingBackward: settleErasingBackward(count)
        }
        agents.append(agent: agent, seq: agents.nextSeq(of: agent), count: count)
        graph.append(count: count)
        changes.append(count, ofWidth: 1, time: burst.time)
    }

    private mutating func settleTyping(_ count: Int) {
        let start = burst.position - count
        let version = ops.count
        let origins = tree.insert(count, version, at: start)
        ops.appendInsertion(
            count: count, left: origins.left, right: origins.right, mayExtend: true)
        ops.appendScalars(of: buffer, typedIn: start..<burst.position)
        if table.isKept { table.append(count: count) }
    }

    private mutating func settleErasing(_ count: Int) {
        var left = count
        while left > 0 {
            let part = tree.hide(at: burst.position, limit: left)
            ops.appendDeletion(of: part.version, count: part.count, joint: 0, mayExtend: true)
            if table.isKept {
                table.appendDeletion(of: part.version..<part.version + part.count)
            }
            left -= part.count
        }
    }

    private mutating func settleErasingBackward(_ count: Int) {
        var left = count
        while left > 0 {
            let part = tree.hide(endingAt: burst.position + left, limit: left)
            ops.appendReversedDeletion(of: part.version, count: part.count)
            if table.isKept {
                table.appendDeletion(of: part.version..<part.version + part.count)
            }
            left -= part.count
        }
    }
}
