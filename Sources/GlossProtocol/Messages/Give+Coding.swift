import GlossCore
import GlossCrypto

extension SignedStretch {
    func write(to json: inout JSONWriter) {
        json.member("doc", doc.description)
        json.member("log", Hex.string(log))
        json.member("from", from)
        json.member("chain", Base64URL.encode(chain.bytes))
        json.member("at", at)
        json.member("sig", Base64URL.encode(signature))
    }

    /// - Throws: `too_large` for more positions than `limit`.
    init(_ fields: FieldReader, limit: Int) throws(WireError) {
        let from = try fields.integer("from", in: 1...WireLimits.integer)
        let at = try fields.integer("at", in: from...WireLimits.integer)
        if at - from >= limit { throw fields.tooLarge("more than \(limit) positions") }
        self.init(
            doc: try fields.document("doc"), log: try fields.hex("log"), from: from,
            chain: try fields.digest("chain"), at: at, signature: try fields.signature("sig"))
    }

    /// The rows of `c`, of which there is one for each position.
    fileprivate func rows<Row>(
        _ fields: FieldReader, _ read: (FieldReader) throws(WireError) -> Row
    ) throws(WireError) -> [Row] {
        var rows: [Row] = []
        for value in try fields.array("c", limit: WireLimits.stretch) {
            rows.append(try read(try fields.reader(value, "c")))
        }
        guard rows.count == at - from + 1 else {
            throw fields.malformed("c has not one row for each position")
        }
        return rows
    }
}

extension Give {
    func write(to json: inout JSONWriter) {
        json.reserve(
            rows.reduce(512 + causes.count * 128) { $0 + $1.change.bytes.count + 128 })
        json.member("t", "give")
        json.member("id", id)
        stretch.write(to: &json)
        if !causes.isEmpty {
            json.key("causes")
            json.beginArray()
            for cause in causes { cause.write(to: &json) }
            json.endArray()
        }
        json.key("c")
        json.beginArray()
        for row in rows {
            json.beginObject()
            json.origin(user: row.user, device: row.device, time: row.time)
            json.key("c")
            json.raw(row.change.bytes)
            json.endObject()
        }
        json.endArray()
    }

    init(_ fields: FieldReader, line: [UInt8]) throws(WireError) {
        let stretch = try SignedStretch(fields, limit: WireLimits.stretch)
        let rows = try stretch.rows(fields) { (row) throws(WireError) in
            let origin = try row.origin()
            return GivenRow(
                user: origin.user, device: origin.device, time: origin.time,
                change: try row.rawChange(try row.value("c"), line: line))
        }
        var causes: [GivenCause] = []
        for value in try fields.optionalArray("causes", limit: WireLimits.stretch) {
            causes.append(try GivenCause(try fields.reader(value, "causes")))
        }
        self.init(
            id: try fields.integer("id"), stretch: stretch, rows: rows, causes: causes)
    }
}

extension GivenCause {
    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("a", id.agent.description)
        json.member("s", id.seq)
        json.member("h", Base64URL.encode(hash.bytes))
        json.endObject()
    }

    init(_ fields: FieldReader) throws(WireError) {
        self.init(
            id: OpID(
                agent: AgentID(rawValue: try fields.hex("a")),
                seq: try fields.integer("s", in: 0...OpID.limit - 1)),
            hash: try fields.digest("h"))
    }
}

extension ReceiptRequest {
    func write(to json: inout JSONWriter) {
        json.reserve(512 + rows.count * 192)
        json.member("t", "receipt")
        json.member("id", id)
        stretch.write(to: &json)
        json.key("c")
        json.beginArray()
        for row in rows {
            json.beginObject()
            json.origin(user: row.user, device: row.device, time: row.time)
            json.member("h", Base64URL.encode(row.hash.bytes))
            json.endObject()
        }
        json.endArray()
    }

    init(_ fields: FieldReader) throws(WireError) {
        let stretch = try SignedStretch(fields, limit: WireLimits.stretch)
        let rows = try stretch.rows(fields) { (row) throws(WireError) in
            let origin = try row.origin()
            return RowOutline(
                user: origin.user, device: origin.device, time: origin.time,
                hash: try row.digest("h"))
        }
        self.init(id: try fields.integer("id"), stretch: stretch, rows: rows)
    }
}

extension ReceiptAnswer {
    func write(to json: inout JSONWriter) {
        json.member("t", "receipt")
        json.member("id", id)
        json.member("doc", doc.description)
        json.member("at", at)
        json.member("sig", Base64URL.encode(signature))
    }

    init(_ fields: FieldReader) throws(WireError) {
        self.init(
            id: try fields.integer("id"), doc: try fields.document("doc"),
            at: try fields.integer("at"), signature: try fields.signature("sig"))
    }
}

extension LeftOut {
    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("a", change.agent.description)
        json.member("s", change.seq)
        json.member("code", code.rawValue)
        json.member("retry", retry.rawValue)
        json.reason(message, limit: WireLimits.reasonLeftOut)
        json.endObject()
    }

    init(_ fields: FieldReader) throws(WireError) {
        self.init(
            change: OpID(
                agent: AgentID(rawValue: try fields.hex("a")),
                seq: try fields.integer("s", in: 0...OpID.limit - 1)),
            code: try fields.errorCode(), retry: try fields.retry(), message: try fields.reason())
    }
}

extension LogReceipt {
    /// Writes `chain` and `sig`; the position is written by whoever writes the message.
    func write(to json: inout JSONWriter) {
        json.member("chain", Base64URL.encode(chain.digest.bytes))
        json.member("sig", Base64URL.encode(signature))
    }

    /// The receipt at a position; `nil` if there is none.
    init?(_ fields: FieldReader, at position: Int) throws(WireError) {
        guard fields.has("sig") else { return nil }
        self.init(
            chain: LogChain(position: position, digest: try fields.digest("chain")),
            signature: try fields.signature("sig"))
    }
}

extension FieldReader {
    /// Base64url of the 32 bytes of a hash.
    func digest(_ key: String) throws(WireError) -> SHA256Digest {
        let text = try string(key, limit: WireLimits.name)
        guard let bytes = Base64URL.decode(text), let digest = SHA256Digest(bytes) else {
            throw malformed("\(key) is no base64url of 32 bytes")
        }
        return digest
    }

    /// Base64url of the 64 bytes of a signature.
    func signature(_ key: String) throws(WireError) -> [UInt8] {
        let text = try string(key, limit: 2 * WireLimits.name)
        guard let bytes = Base64URL.decode(text), bytes.count == Ed25519.signatureByteCount else {
            throw malformed("\(key) is no base64url of 64 bytes")
        }
        return bytes
    }
}
