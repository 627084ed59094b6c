public import GlossCore
import GlossProtocol

extension MergeCase {
    /// The case as it stands in a file: JSON, down to the third level one member to a line.
    public var bytes: [UInt8] {
        let value = JSONValue.fields([
            ("about", .string(about)),
            ("article", .string(id.description)),
            (
                "changes",
                .fields([
                    ("annotations", .array(changes.set.map { Self.value(of: $0) })),
                    ("article", .array(changes.article.map { Self.value(of: $0) })),
                ])
            ),
            ("expect", outcome),
            (
                "orders",
                .fields([
                    ("annotations", .array(orders.set.map { Self.value(of: $0) })),
                    ("article", .array(orders.article.map { Self.value(of: $0) })),
                ])
            ),
            ("refused", .array(refusals.map { Self.value(of: $0) })),
        ])
        var bytes: [UInt8] = []
        Self.write(value, level: 0, to: &bytes)
        return bytes + Array("\n".utf8)
    }

    private static func write(_ value: JSONValue, level: Int, to bytes: inout [UInt8]) {
        let indent = Array(String(repeating: "  ", count: level + 1).utf8)
        func lines(_ items: [(key: String?, value: JSONValue)], _ open: String, _ close: String) {
            bytes += Array(open.utf8)
            for (place, item) in items.enumerated() {
                bytes += Array((place == 0 ? "\n" : ",\n").utf8) + indent
                if let key = item.key {
                    bytes += JSONWriter.canonicalBytes(.string(key)) + Array(": ".utf8)
                }
                write(item.value, level: level + 1, to: &bytes)
            }
            bytes += Array("\n".utf8) + indent.dropFirst(2) + Array(close.utf8)
        }
        switch value {
        case .object(let object) where level < 3 && !object.members.isEmpty:
            lines(object.members.map { ($0.key, $0.value) }, "{", "}")
        case .array(let values) where level < 3 && !values.isEmpty:
            lines(values.map { (nil, $0) }, "[", "]")
        default: bytes += JSONWriter.canonicalBytes(value)
        }
    }

    private static func value(of change: Change) -> JSONValue {
        guard let value = try? JSONParser.parse(ChangeCodec.encode(change)) else {
            preconditionFailure("what the codec writes is JSON")
        }
        return value
    }

    private static func value(of order: [Int]) -> JSONValue {
        .array(order.map { .integer($0) })
    }

    private static func value(of refusal: Refusal) -> JSONValue {
        .fields([
            ("change", value(of: refusal.change)), ("code", .string(refusal.code)),
            ("document", .string(refusal.isOfSet ? "annotations" : "article")),
        ])
    }

    /// What the file says the case leads to, in canonical JSON.
    ///
    /// - Parameter withConflicts: whether what it says of conflicts holds.
    public func expectation(withConflicts: Bool = true) -> String {
        Self.text(outcome, withConflicts)
    }

    /// What a desk that got the case's changes came to, in canonical JSON.
    public func result(of desk: AnnotatedArticle, withConflicts: Bool = true) -> String {
        Self.text(Self.outcome(of: desk, at: versions), withConflicts)
    }

    private static func text(_ value: JSONValue, _ withConflicts: Bool) -> String {
        var value = value
        if !withConflicts, case .object(var object) = value {
            object.members.removeAll { $0.key == "conflicts" }
            value = .object(object)
        }
        return String(decoding: JSONWriter.canonicalBytes(value), as: UTF8.self)
    }

    // MARK: Reading

    /// What is wrong with a file that should hold a case.
    public struct FormError: Error {
        /// What.
        public let message: String
    }

    /// The case in a file.
    public init(bytes: [UInt8]) throws {
        let file = try JSONParser.parse(bytes)
        about = try file["about"].text()
        guard let id = DocumentID(try file["article"].text()) else {
            throw FormError(message: "no document id")
        }
        self.id = id
        changes = (
            try file["changes"]["article"].list().map { try $0.change() },
            try file["changes"]["annotations"].list().map { try $0.change() }
        )
        orders = (
            try file["orders"]["article"].list().map { try $0.list().map { try $0.number() } },
            try file["orders"]["annotations"].list().map { try $0.list().map { try $0.number() } }
        )
        refusals = try file["refused"].list().map { value in
            guard let code = ChangeError.Code(rawValue: try value["code"].text()) else {
                throw FormError(message: "no code")
            }
            return Refusal(
                try value["change"].change(),
                isOfSet: try value["document"].text() == "annotations", code: code)
        }
        outcome = try file["expect"]
        versions = try outcome["versions"].list().map { version in
            try version["at"].list().map { id in
                guard let id = OpID(try id.text()) else { throw FormError(message: "no id") }
                return id
            }
        }
    }
}

extension JSONValue {
    fileprivate subscript(key: String) -> JSONValue {
        get throws {
            guard case .object(let object) = self, let value = object[key] else {
                throw MergeCase.FormError(message: "\(key) is missing")
            }
            return value
        }
    }

    fileprivate func text() throws -> String {
        guard case .string(let text) = self else { throw MergeCase.FormError(message: "no text") }
        return text
    }

    fileprivate func number() throws -> Int {
        guard case .integer(let number) = self else {
            throw MergeCase.FormError(message: "no number")
        }
        return number
    }

    fileprivate func list() throws -> [JSONValue] {
        guard case .array(let values) = self else { throw MergeCase.FormError(message: "no list") }
        return values
    }

    fileprivate func change() throws -> Change {
        try ChangeCodec.decode(JSONWriter.canonicalBytes(self))
    }
}
