import GlossProtocol
import Testing

@Suite struct JSONTests {
    @Test(arguments: [
        ("", JSONError.Code.unexpectedEnd, 0), ("  ", .unexpectedEnd, 2), ("{", .unexpectedEnd, 1),
        ("[1,", .unexpectedEnd, 3), ("\"a", .unexpectedEnd, 2), ("tru", .unexpectedEnd, 3),
        ("[1,]", .unexpectedByte, 3), ("{\"a\":1,}", .unexpectedByte, 7),
        ("{a:1}", .unexpectedByte, 1), ("[1 2]", .unexpectedByte, 3), ("'a'", .unexpectedByte, 0),
        ("NaN", .unexpectedByte, 0), ("nul1", .unexpectedByte, 3), ("/**/1", .unexpectedByte, 0),
        ("\u{FEFF}1", .unexpectedByte, 0), ("1 1", .trailingBytes, 2), ("{}x", .trailingBytes, 2),
        ("\"\\x\"", .invalidEscape, 1), ("\"\\u00g0\"", .invalidEscape, 1),
        ("\"\\ud800\"", .loneSurrogate, 1), ("\"\\udc00\"", .loneSurrogate, 1),
        ("\"\\ud800\\u0041\"", .loneSurrogate, 1), ("\"\\ud800\\ud800\"", .loneSurrogate, 1),
        ("\"\n\"", .controlCharacter, 1), ("\"\\n\u{1}\"", .controlCharacter, 3),
        ("{\"a\":1,\"a\":2}", .duplicateKey, 0), ("[{\"b\":1,\"a\":1,\"b\":2}]", .duplicateKey, 1),
        ("{\"a\":1,\"\\u0061\":2}", .duplicateKey, 0),
        ("01", .invalidNumber, 0), ("-", .invalidNumber, 0), ("-01", .invalidNumber, 0),
        ("1.0", .invalidNumber, 0), ("1e3", .invalidNumber, 0), ("1E3", .invalidNumber, 0),
        ("9007199254740992", .invalidNumber, 0), ("-9007199254740992", .invalidNumber, 0),
        ("99999999999999999999999999", .invalidNumber, 0),
    ])
    func `What is not strict JSON is refused with its place`(
        text: String, code: JSONError.Code, offset: Int
    ) {
        let error = #expect(throws: JSONError.self) { try JSONParser.parse(Array(text.utf8)) }
        #expect(error == JSONError(code, at: offset))
    }

    @Test(
        arguments: [
            [0x22, 0xFF, 0x22], [0x22, 0xC0, 0xAF, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22],
            [0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], [0x22, 0xE2, 0x82, 0x22],
            [0x22, 0x5C, 0x6E, 0x80, 0x22],
        ] as [[UInt8]])
    func `Strings are UTF-8 and nothing like it`(bytes: [UInt8]) {
        let error = #expect(throws: JSONError.self) { try JSONParser.parse(bytes) }
        #expect(error?.code == .invalidUTF8)
    }

    @Test func `Values are read with white space around them`() throws {
        let text =
            " { \"a\" : [ 1 , -2 ,\t9007199254740991, -0 ] ,\r\n\"b\":{}, \"c\":null,"
            + "\"d\":[true,false,[]],\"e\":\"\\ud83d\\ude00\\/\\u00e9\\b\" } "
        let value = try JSONParser.parse(Array(text.utf8))
        let object = try #require(value.members)
        #expect(
            object["a"]
                == .array([.integer(1), .integer(-2), .integer(9_007_199_254_740_991), .integer(0)])
        )
        #expect(object["b"] == .object(JSONObject()))
        #expect(object["c"] == .null)
        #expect(object["d"] == .array([.bool(true), .bool(false), .array([])]))
        #expect(object["e"]?.text.map { Array($0.utf8) } == Array("😀/é\u{8}".utf8))
        #expect(object.source == 1..<text.utf8.count - 1)
    }

    @Test func `Depth is counted, not the number of brackets`() throws {
        let deep = String(repeating: "[", count: 16) + String(repeating: "]", count: 16)
        #expect(throws: Never.self) { try JSONParser.parse(Array("[\(deep)]".utf8), depth: 17) }
        #expect(throws: Never.self) { try JSONParser.parse(Array("[[],[],[[]]]".utf8), depth: 3) }
        let error = #expect(throws: JSONError.self) {
            try JSONParser.parse(Array("[\(deep)]".utf8))
        }
        #expect(error == JSONError(.tooDeep, at: 16))
    }

    @Test func `Keys that only look alike are different keys`() throws {
        let text = "{\"\u{E9}\":1,\"e\u{301}\":2}"
        let object = try #require(try JSONParser.parse(Array(text.utf8)).members)
        #expect(object.members.count == 2)
        #expect(object["\u{E9}"] == .integer(1))
        #expect(object["e\u{301}"] == .integer(2))
    }

    @Test func `The canonical form sorts keys by bytes and escapes as little as it can`() throws {
        let text = "{ \"b\": \"\\u0041\\u000b\\u001F\\/\", \"a\": [ -0 ], \"\u{E9}\": 1, \"z\": 2 }"
        let canonical = JSONWriter.canonicalBytes(try JSONParser.parse(Array(text.utf8)))
        let expected = "{\"a\":[0],\"b\":\"A\\u000b\\u001f/\",\"z\":2,\"\u{E9}\":1}"
        #expect(String(decoding: canonical, as: UTF8.self) == expected)
        #expect(JSONWriter.canonicalBytes(try JSONParser.parse(canonical)) == canonical)
    }
}
