import GlossCore

extension Push {
    func write(to json: inout JSONWriter) {
        let changes = parts.lazy.flatMap(\.changes)
        json.reserve(changes.reduce(128 * (parts.count + 1)) { $0 + $1.bytes.count + 1 })
        json.member("t", "push")
        json.member("id", id)
        json.key("p")
        json.beginArray()
        for part in parts {
            json.beginObject()
            json.member("doc", part.doc.description)
            json.key("c")
            json.beginArray()
            for change in part.changes { json.raw(change.bytes) }
            json.endArray()
            json.endObject()
        }
        json.endArray()
    }

    init(_ fields: FieldReader, line: [UInt8]) throws(WireError) {
        var parts: [PushPart] = []
        var count = 0
        for value in try fields.array("p", limit: WireLimits.pushDocuments) {
            let part = try fields.reader(value, "p")
            let doc = try part.document("doc")
            if parts.contains(where: { $0.doc == doc }) {
                throw fields.malformed("p names a document twice")
            }
            var changes: [RawChange] = []
            for change in try part.array("c", limit: WireLimits.pushChanges - count) {
                changes.append(try part.rawChange(change, line: line))
            }
            if changes.isEmpty { throw fields.malformed("a part of a push is empty") }
            count += changes.count
            parts.append(PushPart(doc: doc, changes: changes))
        }
        if parts.isEmpty { throw fields.malformed("a push is empty") }
        self.init(id: try fields.integer("id"), parts: parts)
    }
}

extension Ack {
    func write(to json: inout JSONWriter) {
        json.member("t", "ack")
        json.member("id", id)
        json.key("p")
        json.beginArray()
        for part in parts { part.write(to: &json) }
        json.endArray()
        json.member("w", time)
    }

    init(_ fields: FieldReader) throws(WireError) {
        var parts: [AckPart] = []
        var count = 0
        for value in try fields.array("p", limit: WireLimits.pushDocuments) {
            let part = try AckPart(
                try fields.reader(value, "p"), limit: WireLimits.pushChanges - count)
            count += part.positions.count
            parts.append(part)
        }
        self.init(id: try fields.integer("id"), parts: parts, time: try fields.integer("w"))
    }
}

extension AckPart {
    /// Positions are written as runs of consecutive ones: `[[first, how many], …]`.
    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("doc", doc.description)
        json.key("at")
        json.beginArray()
        var index = 0
        while index < positions.count {
            let first = index
            index += 1
            while index < positions.count, positions[index] == positions[index - 1] + 1 {
                index += 1
            }
            json.beginArray()
            json.integer(positions[first])
            json.integer(index - first)
            json.endArray()
        }
        json.endArray()
        if let sum { json.member("sum", sum.description) }
        if !earlierTimes.isEmpty {
            json.key("was")
            json.beginArray()
            for (position, time) in earlierTimes.sorted(by: { $0.key < $1.key }) {
                json.beginArray()
                json.integer(position)
                json.integer(time)
                json.endArray()
            }
            json.endArray()
        }
        if !leftOut.isEmpty {
            json.key("left")
            json.beginArray()
            for change in leftOut { change.write(to: &json) }
            json.endArray()
        }
        json.endObject()
    }

    init(_ fields: FieldReader, limit: Int) throws(WireError) {
        var positions: [Int] = []
        for value in try fields.array("at", limit: limit) {
            let run = try fields.tuple(value, "at", count: 2)
            let first = try fields.integer(run[0], "at", in: 1...WireLimits.integer)
            let count = try fields.integer(run[1], "at", in: 1...WireLimits.integer)
            if count > limit - positions.count { throw fields.tooLarge("at has too many") }
            positions.append(contentsOf: first..<first + count)
        }
        var earlierTimes: [Int: Int] = [:]
        for value in fields.has("was") ? try fields.array("was", limit: limit) : [] {
            let pair = try fields.tuple(value, "was", count: 2)
            let position = try fields.integer(pair[0], "was", in: 1...WireLimits.integer)
            earlierTimes[position] = try fields.integer(
                pair[1], "was", in: 0...WireLimits.integer)
        }
        var leftOut: [LeftOut] = []
        for value in try fields.optionalArray("left", limit: WireLimits.stretch) {
            leftOut.append(try LeftOut(try fields.reader(value, "left")))
        }
        self.init(
            doc: try fields.document("doc"), positions: positions,
            sum: fields.has("sum") ? try fields.checksum("sum") : nil,
            earlierTimes: earlierTimes, leftOut: leftOut)
    }
}

extension Nack {
    func write(to json: inout JSONWriter) {
        json.member("t", "nack")
        json.member("id", id)
        json.member("doc", doc.description)
        if let agent { json.member("a", agent.description) }
        if let seq { json.member("s", seq) }
        json.member("code", code.rawValue)
        json.member("retry", retry.rawValue)
        if !missing.isEmpty {
            json.key("missing")
            json.beginArray()
            for id in missing.prefix(WireLimits.dependencies) { json.string(id.description) }
            json.endArray()
        }
        json.reason(message)
    }

    init(_ fields: FieldReader) throws(WireError) {
        var missing: [OpID] = []
        for value in try fields.optionalArray("missing", limit: WireLimits.dependencies) {
            let text = try fields.string(value, "missing", limit: WireLimits.name)
            guard let id = OpID(text) else { throw fields.malformed("missing holds ids") }
            missing.append(id)
        }
        self.init(
            id: try fields.integer("id"), doc: try fields.document("doc"),
            agent: fields.has("a") ? AgentID(rawValue: try fields.hex("a")) : nil,
            seq: try fields.optionalInteger("s"), code: try fields.errorCode(),
            retry: try fields.retry(), missing: missing, message: try fields.reason())
    }
}
