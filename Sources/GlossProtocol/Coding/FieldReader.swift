import GlossCore

/// Reads the fields of one object, with the error code of the place it stands in.
struct FieldReader {
    let object: JSONObject
    /// What a missing or malformed field is called: `bad_field` or `invalid_op`.
    let code: ErrorCode
    /// The `id` of the message, where one could be read.
    var id: Int?

    init(_ object: JSONObject, code: ErrorCode, id: Int? = nil) {
        self.object = object
        self.code = code
        self.id = id
    }

    func malformed(_ what: String) -> WireError { WireError(code, what, id: id) }

    func tooLarge(_ what: String) -> WireError { WireError(.tooLarge, what, id: id) }

    func has(_ key: String) -> Bool { object[key] != nil }

    func value(_ key: String) throws(WireError) -> JSONValue {
        guard let value = object[key] else { throw malformed("\(key) is missing") }
        return value
    }

    func reader(_ value: JSONValue, _ name: String) throws(WireError) -> FieldReader {
        guard case .object(let object) = value else { throw malformed("\(name) is no object") }
        return FieldReader(object, code: code, id: id)
    }

    func reader(_ key: String) throws(WireError) -> FieldReader {
        try reader(try value(key), key)
    }

    func string(_ value: JSONValue, _ name: String, limit: Int) throws(WireError) -> String {
        guard case .string(let text) = value else { throw malformed("\(name) is no string") }
        if text.utf8.count > limit { throw tooLarge("\(name) is longer than \(limit) bytes") }
        return text
    }

    func string(_ key: String, limit: Int) throws(WireError) -> String {
        try string(try value(key), key, limit: limit)
    }

    func optionalString(_ key: String, limit: Int) throws(WireError) -> String? {
        guard let value = object[key] else { return nil }
        return try string(value, key, limit: limit)
    }

    func integer(
        _ value: JSONValue, _ name: String, in range: ClosedRange<Int>
    ) throws(WireError) -> Int {
        guard case .integer(let number) = value else { throw malformed("\(name) is no integer") }
        if !range.contains(number) { throw malformed("\(name) is out of range") }
        return number
    }

    func integer(
        _ key: String, in range: ClosedRange<Int> = 0...WireLimits.integer
    ) throws(WireError) -> Int {
        try integer(try value(key), key, in: range)
    }

    func optionalInteger(_ key: String) throws(WireError) -> Int? {
        guard let value = object[key] else { return nil }
        return try integer(value, key, in: 0...WireLimits.integer)
    }

    func bool(_ key: String) throws(WireError) -> Bool {
        guard case .bool(let value) = try value(key) else { throw malformed("\(key) is no bool") }
        return value
    }

    func array(_ value: JSONValue, _ name: String, limit: Int) throws(WireError) -> [JSONValue] {
        guard case .array(let values) = value else { throw malformed("\(name) is no array") }
        if values.count > limit { throw tooLarge("\(name) has more than \(limit) entries") }
        return values
    }

    func array(_ key: String, limit: Int) throws(WireError) -> [JSONValue] {
        try array(try value(key), key, limit: limit)
    }

    func optionalArray(_ key: String, limit: Int) throws(WireError) -> [JSONValue] {
        guard let value = object[key] else { return [] }
        return try array(value, key, limit: limit)
    }

    /// An array of exactly `count` values.
    func tuple(_ value: JSONValue, _ name: String, count: Int) throws(WireError) -> [JSONValue] {
        guard case .array(let values) = value, values.count == count else {
            throw malformed("\(name) is no list of \(count)")
        }
        return values
    }

    /// 16 lower-case hex digits.
    func hex(_ key: String) throws(WireError) -> UInt64 {
        // No length of it is over a limit: all but one are the wrong spelling.
        let text = try string(key, limit: .max)
        guard let value = Hex.parse(text.utf8, digits: 16) else {
            throw malformed("\(key) is not 16 hex digits")
        }
        return value
    }
}
