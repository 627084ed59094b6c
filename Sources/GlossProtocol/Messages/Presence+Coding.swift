import GlossCore

extension PresenceReport {
    func write(to json: inout JSONWriter) {
        json.member("t", "pres")
        json.member("doc", doc.description)
        json.key("s")
        if let state { json.raw(state.bytes) } else { json.null() }
    }

    init(_ fields: FieldReader, line: [UInt8]) throws(WireError) {
        let doc = try fields.document("doc")
        if case .null = try fields.value("s") {
            self.init(doc: doc, state: nil)
        } else {
            self.init(doc: doc, state: try fields.presenceState(line: line))
        }
    }
}

extension PresenceNews {
    static func encode(_ entries: [Entry]) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        for entry in entries {
            json.key(entry.key)
            json.beginObject()
            json.member("u", entry.user)
            json.member("d", entry.device)
            json.key("s")
            json.raw(entry.state.bytes)
            json.endObject()
        }
        json.endObject()
        return json.bytes
    }

    static func encode(_ keys: [String]) -> [UInt8] {
        var json = JSONWriter()
        json.beginArray()
        for key in keys { json.string(key) }
        json.endArray()
        return json.bytes
    }

    func write(to json: inout JSONWriter) {
        json.reserve(encoded.set.count + encoded.del.count + 128)
        json.member("t", "pres")
        json.member("doc", doc.description)
        if let own { json.member("you", own) }
        json.key("set")
        json.raw(encoded.set)
        json.key("del")
        json.raw(encoded.del)
    }

    init(_ fields: FieldReader, line: [UInt8]) throws(WireError) {
        let members = try fields.reader("set").object.members
        if members.count > WireLimits.presenceEntries { throw fields.tooLarge("set") }
        var present: [Entry] = []
        for member in members {
            if member.key.utf8.count > WireLimits.name { throw fields.tooLarge("set") }
            let entry = try fields.reader(member.value, "set")
            present.append(
                Entry(
                    key: member.key, user: try entry.string("u", limit: WireLimits.name),
                    device: try entry.string("d", limit: WireLimits.name),
                    state: try entry.presenceState(line: line)))
        }
        var left: [String] = []
        for value in try fields.array("del", limit: WireLimits.presenceEntries) {
            left.append(try fields.string(value, "del", limit: WireLimits.name))
        }
        self.init(
            doc: try fields.document("doc"),
            own: try fields.optionalString("you", limit: WireLimits.name), present: present,
            left: left)
    }
}

extension FieldReader {
    fileprivate func presenceState(line: [UInt8]) throws(WireError) -> PresenceState {
        let bytes = try rawChange(try value("s"), line: line).bytes
        if bytes.count > WireLimits.presenceState {
            throw tooLarge("s is longer than \(WireLimits.presenceState) bytes")
        }
        guard let state = PresenceState(bytes: bytes) else {
            throw malformed("s is nested too deep")
        }
        return state
    }
}
