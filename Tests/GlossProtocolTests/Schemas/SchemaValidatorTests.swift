import GlossProtocol
import TestSupport
import Testing

/// The validator itself: a rule that it passes over would make every other test of schemas worthless.
@Suite struct SchemaValidatorTests {
    private func set(_ schema: String, _ others: [String: String] = [:]) throws -> SchemaSet {
        var files = ["a.json": try JSONParser.parse(Array(schema.utf8))]
        for (path, text) in others { files[path] = try JSONParser.parse(Array(text.utf8)) }
        return try SchemaSet(files)
    }

    /// Schemas, a value that follows each, and one that does not.
    private static let cases: [(String, String, String)] = [
        (#"{"type":"integer"}"#, "1", #""1""#), (#"{"type":["null","boolean"]}"#, "true", "0"),
        (#"{"const":"\u00e9"}"#, #""\u00e9""#, #""e\u0301""#), (#"{"enum":[0,1]}"#, "1", "2"),
        (#"{"pattern":"^[0-9a-f]{2}$"}"#, #""0f""#, #""0F""#),
        (#"{"pattern":"^/"}"#, #""/x""#, #""x/""#),
        (#"{"pattern":"^(ab|c)*d?$"}"#, #""abcabd""#, #""abd d""#),
        (#"{"pattern":"^[^\\u0000-\\u001f]+$"}"#, #"" é""#, #""a\u001fb""#),
        (#"{"minLength":1,"maxLength":2}"#, #""éé""#, #""éée""#),
        (#"{"minLength":1}"#, "0", #""""#),
        (#"{"minimum":1,"maximum":2}"#, "2", "0"),
        (#"{"minimum":-2,"maximum":2}"#, "-2", "-3"), (#"{"maxItems":1}"#, "[1]", "[1,2]"),
        (#"{"minItems":1}"#, "[1]", "[]"),
        (#"{"uniqueItems":true}"#, #"["\u00e9","e\u0301"]"#, "[1,1]"),
        (#"{"items":{"type":"null"}}"#, "[null]", "[1]"),
        (#"{"prefixItems":[{"const":1}],"items":false}"#, "[1]", "[1,2]"),
        (#"{"properties":{"a":{"const":1}}}"#, #"{"b":2}"#, #"{"a":2}"#),
        (#"{"properties":{"a":true},"additionalProperties":false}"#, #"{"a":2}"#, #"{"b":2}"#),
        (#"{"additionalProperties":{"const":1}}"#, #"{"a":1}"#, #"{"a":2}"#),
        (#"{"required":["a"]}"#, #"{"a":null}"#, "{}"),
        (#"{"maxProperties":1}"#, #"{"a":1}"#, #"{"a":1,"b":1}"#),
        (#"{"propertyNames":{"const":"a"}}"#, #"{"a":1}"#, #"{"b":1}"#),
        (#"{"anyOf":[{"const":1},{"const":2}]}"#, "2", "3"),
        (#"{"oneOf":[{"type":"integer"},{"maximum":2}]}"#, "3", "1"),
        (#"{"not":{"const":1}}"#, "2", "1"),
        (#"{"if":{"minimum":5},"then":{"maximum":7},"else":{"const":0}}"#, "6", "8"),
        (##"{"$ref":"#/$defs/x","$defs":{"x":{"const":1}}}"##, "1", "2"),
        (#"{"$ref":"b/c.json#/$defs/x"}"#, "7", "8"),
    ]

    @Test func `Each keyword is heeded`() throws {
        let other = [
            "b/c.json": #"{"$defs":{"x":{"$ref":"../d.json"}}}"#, "d.json": #"{"const":7}"#,
        ]
        for (schema, right, wrong) in Self.cases {
            let set = try set(schema, other)
            let values = try [right, wrong].map { try JSONParser.parse(Array($0.utf8)) }
            #expect(set.failure(of: values[0], by: "a.json") == nil, "\(schema)")
            #expect(set.failure(of: values[1], by: "a.json") != nil, "\(schema)")
        }
    }

    @Test(arguments: [
        #"{"format":"uri"}"#, #"{"maxlength":3}"#, #"{"properties":{"a":{"contains":{}}}}"#,
        #"{"$defs":{"x":{"multipleOf":2}}}"#, #"{"then":{}}"#, #"{"$ref":"none.json"}"#,
        #"{"$ref":"../a.json"}"#, ##"{"$ref":"#/$defs/none"}"##, #"{"type":"number"}"#,
        #"{"pattern":"a"}"#, #"{"pattern":"^a.b$"}"#, #"{"pattern":"^\\d$"}"#,
        #"{"pattern":"^a$b"}"#, #"{"pattern":"^(a$"}"#, #"{"minLength":-1}"#, #"{"enum":[]}"#,
        #"{"minProperties":1}"#, #"{"$schema":"http://json-schema.org/draft-07/schema#"}"#, "7",
    ])
    func `What is not known is no schema`(schema: String) {
        #expect(throws: SchemaError.self) { try set(schema) }
    }

    @Test func `A failure says where, and what the likeliest of several schemas has to say`() throws
    {
        let set = try set(
            #"{"oneOf":[{"properties":{"t":{"const":"a"},"n":{"items":{"maximum":3}}}},"#
                + #"{"properties":{"t":{"const":"b"}}}]}"#)
        let value = try JSONParser.parse(Array(#"{"t":"a","n":[1,9]}"#.utf8))
        let failure = set.failure(of: value, by: "a.json")
        #expect(failure?.path == "/n/1")
        #expect(failure?.schema == "a.json#/oneOf/0/properties/n/items")
    }

    @Test func `Where fields may be added, a program that should know them all is told`() throws {
        let set = try set(#"{"properties":{"a":true},"additionalProperties":true}"#)
        let value = try JSONParser.parse(Array(#"{"a":1,"b":1}"#.utf8))
        #expect(set.failure(of: value, by: "a.json") == nil)
        #expect(set.failure(of: value, by: "a.json", isClosed: true)?.path == "/b")
    }
}
