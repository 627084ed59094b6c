import GlossCore
import GlossProtocol

/// Writes the changes of one agent to one article: each types on behind the one before.
struct Pen: Sendable {
    /// Stands in front of the time at which a change was written.
    static let mark = UInt8(ascii: "@")

    let document: DocumentID
    private let agent: AgentID
    private var seq = 0
    private let changeBytes: Int
    /// The bytes of a change beside its text, and the digits of its number when that was found out.
    private var frame = (digits: 0, bytes: 0)

    /// A pen whose changes have so many bytes.
    init(_ document: DocumentID, agent: AgentID, changeBytes: Int = 256) {
        self.document = document
        self.agent = agent
        self.changeBytes = changeBytes
    }

    /// The next change, which says when it was written.
    mutating func change(at microseconds: Int) -> RawChange {
        var text = Array("@\(microseconds) ".unicodeScalars)
        let digits = "\(seq)".utf8.count
        if frame.digits != digits { frame = (digits, encode(text).count - text.count) }
        let missing = changeBytes - frame.bytes - text.count
        if missing > 0 { text += repeatElement("x", count: missing) }
        defer { seq += text.count }
        return RawChange(bytes: encode(text))
    }

    /// The next change, of one letter.
    mutating func letter() -> RawChange {
        defer { seq += 1 }
        return RawChange(bytes: encode(["x"]))
    }

    /// A push of one change, as a line.
    mutating func push(id: Int, at microseconds: Int) -> [UInt8] {
        let change = change(at: microseconds)
        return ClientMessage.push(
            Push(id: id, parts: [PushPart(doc: document, changes: [change])])
        ).encode()
    }

    private func encode(_ text: [Unicode.Scalar]) -> [UInt8] {
        let left = seq == 0 ? nil : OpID(agent: agent, seq: seq - 1)
        let insertion = Insertion(left: left, right: nil, text: text)
        return ChangeCodec.encode(
            Change(
                agent: agent, seq: seq, dependencies: [], time: 1_790_000_000_000,
                ops: [.insert(insertion)]))
    }
}
