import Synchronization

/// What stands between a client and a server that will not do some of what it is asked just now: in
/// place of that the server gets a ping, and what it says to that is made a refusal.
final class RefusingWire: Sendable {
    /// What the lines begin with that are refused.
    private let start: String
    /// What they contain.
    private let part: String
    /// The refusal, but for the `t` and the `id`.
    private let refusal: (type: String, rest: String)
    private let state = Mutex((isRefusing: true, refusals: 0))

    /// - Parameters:
    ///   - type: the type of the lines that are refused.
    ///   - part: what they contain.
    ///   - answer: the type of the refusal.
    ///   - rest: its other members but for the `id`, as they are written.
    init(_ type: String, with part: String = "", answering answer: String, _ rest: String) {
        start = #"{"t":"\#(type)""#
        self.part = part
        refusal = (answer, rest)
    }

    /// How often something was refused.
    var refusals: Int { state.withLock { $0.refusals } }

    /// From now on nothing is.
    func stop() { state.withLock { $0.isRefusing = false } }

    @Sendable func alteration(_ line: [UInt8]) -> [[UInt8]] {
        let text = String(decoding: line, as: UTF8.self)
        if text.hasPrefix(start), part.isEmpty || text.contains(part),
            let id = text.firstMatch(of: /"id":(\d+)/)?.1, state.withLock({ $0.isRefusing })
        {
            return [Array(#"{"t":"ping","n":\#(id)}"#.utf8)]
        }
        guard text.hasPrefix(#"{"t":"pong""#), let id = text.firstMatch(of: /"n":(\d+)/)?.1
        else { return [line] }
        state.withLock { $0.refusals += 1 }
        return [Array(#"{"t":"\#(refusal.type)","id":\#(id),\#(refusal.rest)}"#.utf8)]
    }
}
