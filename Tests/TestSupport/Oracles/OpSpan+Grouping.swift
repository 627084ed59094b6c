import GlossCore

extension OpSpan {
    /// The ids in their given order, neighbours joined where one follows the other.
    static func grouping(_ ids: some Sequence<OpID>) -> [OpSpan] {
        var spans: [OpSpan] = []
        for id in ids {
            if let last = spans.last, last.start.agent == id.agent, last.endSeq == id.seq {
                spans[spans.count - 1] = OpSpan(start: last.start, count: last.count + 1)
            } else {
                spans.append(OpSpan(start: id, count: 1))
            }
        }
        return spans
    }
}
