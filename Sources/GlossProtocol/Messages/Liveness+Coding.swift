import GlossCore

extension Ping {
    func write(_ type: String, to json: inout JSONWriter) {
        json.member("t", type)
        if let number { json.member("n", number) }
    }

    init(_ fields: FieldReader) throws(WireError) {
        self.init(number: try fields.optionalInteger("n"))
    }
}

extension Failure {
    func write(to json: inout JSONWriter) {
        json.member("t", "err")
        if let id { json.member("id", id) }
        json.member("scope", scope.rawValue)
        if let doc { json.member("doc", doc.description) }
        json.member("code", code.rawValue)
        json.member("retry", retry.rawValue)
        if let delay { json.member("ms", delay) }
        if !versions.isEmpty {
            json.key("v")
            json.beginArray()
            for version in versions { json.integer(version) }
            json.endArray()
        }
        json.reason(message)
    }

    /// A scope that is not known counts as the narrowest: a sender that closes does so by itself.
    init(_ fields: FieldReader) throws(WireError) {
        let scope = ErrorScope(rawValue: try fields.string("scope", limit: WireLimits.name))
        var versions: [Int] = []
        for value in try fields.optionalArray("v", limit: WireLimits.versions) {
            versions.append(try fields.integer(value, "v", in: 0...WireLimits.integer))
        }
        self.init(
            id: try fields.optionalInteger("id"), scope: scope ?? .message,
            doc: fields.has("doc") ? try fields.document("doc") : nil,
            code: try fields.errorCode(), retry: try fields.retry(),
            delay: try fields.optionalInteger("ms"), versions: versions,
            message: try fields.reason())
    }
}

extension Bye {
    func write(to json: inout JSONWriter) {
        json.member("t", "bye")
        if let code { json.member("code", code.rawValue) }
        json.member("ms", delay)
        json.reason(message)
    }

    init(_ fields: FieldReader) throws(WireError) {
        self.init(
            code: fields.has("code") ? try fields.errorCode() : nil,
            delay: try fields.optionalInteger("ms") ?? 0, message: try fields.reason())
    }
}
