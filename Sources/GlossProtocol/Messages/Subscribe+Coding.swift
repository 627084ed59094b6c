import GlossCore

extension SubscribeRequest {
    func write(to json: inout JSONWriter) {
        json.member("t", "sub")
        json.member("id", id)
        json.member("doc", doc.description)
        json.member("at", at)
        json.member("sum", sum.description)
        if let vector { json.member("vv", vector) }
    }

    init(_ fields: FieldReader) throws(WireError) {
        self.init(
            id: try fields.integer("id"), doc: try fields.document("doc"),
            at: try fields.integer("at"), sum: try fields.checksum("sum"),
            vector: fields.has("vv") ? try fields.vector("vv") : nil)
    }
}

extension Have {
    func write(to json: inout JSONWriter) {
        json.member("t", "have")
        json.member("id", id)
        json.member("doc", doc.description)
        json.member("at", at)
        json.member("sum", sum.description)
        json.member("vv", vector)
        json.member("role", role.rawValue)
    }

    init(_ fields: FieldReader) throws(WireError) {
        self.init(
            id: try fields.integer("id"), doc: try fields.document("doc"),
            at: try fields.integer("at"), sum: try fields.checksum("sum"),
            vector: try fields.vector("vv"), role: try fields.role("role"))
    }
}

extension LogPage {
    func write(to json: inout JSONWriter) {
        json.reserve(changes.reduce(128) { $0 + $1.change.bytes.count + 128 })
        json.member("t", "ops")
        json.member("doc", doc.description)
        json.member("from", from)
        json.member("to", to)
        json.key("c")
        json.beginArray()
        for change in changes {
            json.beginObject()
            json.member("at", change.at)
            json.origin(user: change.user, device: change.device, time: change.time)
            json.key("c")
            json.raw(change.change.bytes)
            json.endObject()
        }
        json.endArray()
    }

    init(_ fields: FieldReader, line: [UInt8]) throws(WireError) {
        let from = try fields.integer("from", in: 1...WireLimits.integer)
        let to = try fields.integer("to", in: from...WireLimits.integer)
        let values = try fields.array("c", limit: WireLimits.line)
        var changes: [CommittedChange] = []
        changes.reserveCapacity(values.count)
        var next = from
        for value in values {
            let row = try fields.reader(value, "c")
            if next > to { throw fields.malformed("c goes beyond to") }
            let at = try row.integer("at", in: next...to)
            next = at + 1
            let origin = try row.origin()
            changes.append(
                CommittedChange(
                    at: at, user: origin.user, device: origin.device, time: origin.time,
                    change: try row.rawChange(try row.value("c"), line: line)))
        }
        self.init(doc: try fields.document("doc"), from: from, to: to, changes: changes)
    }
}

extension Live {
    func write(to json: inout JSONWriter) {
        json.member("t", "live")
        json.member("doc", doc.description)
        json.member("at", at)
        json.member("sum", sum.description)
        if let state { json.member("state", Hex.string(state)) }
        receipt?.write(to: &json)
    }

    init(_ fields: FieldReader) throws(WireError) {
        let at = try fields.integer("at")
        self.init(
            doc: try fields.document("doc"), at: at, sum: try fields.checksum("sum"),
            state: fields.has("state") ? try fields.hex("state") : nil,
            receipt: try LogReceipt(fields, at: at))
    }
}

extension Revoked {
    func write(to json: inout JSONWriter) {
        json.member("t", "revoked")
        switch subject {
        case .document(let doc): json.member("doc", doc.description)
        case .library(let library): json.member("lib", library.description)
        }
        json.reason(message)
    }

    init(_ fields: FieldReader) throws(WireError) {
        let subject: Subject =
            if fields.has("doc") {
                .document(try fields.document("doc"))
            } else {
                .library(try fields.library("lib"))
            }
        self.init(subject: subject, message: try fields.reason())
    }
}
