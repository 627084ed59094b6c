/// Bytes read as stored documents. The envelope is put around them, so that they are not refused for
/// their checksum; a whole file as input is taken out of its own first.
enum FuzzedCodec {
    /// What reads as a history is a whole document, written in one way only.
    static func runHistory(_ bytes: [UInt8]) {
        let file = sealed(bytes, .history)
        guard let document = try? Document(history: file) else { return }
        document.checkInvariants()
        var again = Document(id: document.id)
        var copy = document.copy()
        do {
            let written = try document.encodeHistory()
            let read = try Document(history: written)
            precondition(read.text == document.text, "a history reads as it was written")
            let rewritten = try read.encodeHistory()
            precondition(rewritten == written, "a document is written in one way")
            try again.integrate(contentsOf: copy.changes(since: VersionVector()))
        } catch {
            fatalError("a history was read that no integration gives: \(error)")
        }
        precondition(again.text == document.text, "a history reads as its changes do")
    }

    /// What reads as a snapshot can be read, edited and stored again.
    static func runSnapshot(_ bytes: [UInt8]) {
        let file = sealed(bytes, .snapshot)
        guard var document = try? Document(snapshot: file) else { return }
        precondition(document.text.unicodeScalars.count == document.textCount, "the text is whole")
        _ = document.blame()
        if document.kind == .article {
            let author = Author(agent: AgentID(rawValue: 99), time: 0)
            let middle = document.textCount / 2
            _ = try? document.replace(0..<middle, with: ["x", "y"], by: author)
            _ = try? document.replace(0..<0, with: ["z"], by: author)
        }
        let stored = document.encodeSnapshot()
        guard let other = try? Document(snapshot: stored) else {
            fatalError("a stored snapshot does not read")
        }
        precondition(other.text == document.text, "a stored snapshot reads as it was")
    }

    private static func sealed(_ bytes: [UInt8], _ kind: Envelope.Kind) -> [UInt8] {
        var body = bytes[...]
        if bytes.count >= 24, bytes.starts(with: Array("GLOSS".utf8)) {
            body = bytes.dropFirst(8).dropLast(16)
        }
        var writer = Envelope.begin(kind)
        writer.append(contentsOf: Array(body))
        return Envelope.seal(&writer, weight: 0)
    }
}
