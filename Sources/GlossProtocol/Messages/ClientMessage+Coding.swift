import GlossCore

extension ClientMessage {
    /// The message as a line, without its line feed.
    ///
    /// - Complexity: O(length of the line).
    public func encode() -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        switch self {
        case .hello(let hello): hello.write(to: &json)
        case .docs(let request): request.write(to: &json)
        case .sub(let request): request.write(to: &json)
        case .unsub(let unsubscribe):
            json.member("t", "unsub")
            json.member("doc", unsubscribe.doc.description)
        case .push(let push): push.write(to: &json)
        case .pres(let report): report.write(to: &json)
        case .give(let give): give.write(to: &json)
        case .receipt(let request): request.write(to: &json)
        case .ping(let ping): ping.write("ping", to: &json)
        case .pong(let ping): ping.write("pong", to: &json)
        case .err(let failure): failure.write(to: &json)
        case .bye(let bye): bye.write(to: &json)
        }
        json.endObject()
        return json.bytes
    }

    /// The message that a line, without its line feed, spells. Fields it does not know are ignored.
    ///
    /// - Throws: a fatal `bad_frame` or `bad_utf8`; `unknown_type`, `bad_field` or `too_large`,
    ///   behind which the connection can go on.
    /// - Complexity: O(length of the line).
    public static func decode(_ line: [UInt8]) throws(WireError) -> ClientMessage {
        let (type, fields) = try MessageLine.parse(line)
        switch type {
        case "hello": return .hello(try Hello(fields))
        case "docs": return .docs(try DocumentsRequest(fields))
        case "sub": return .sub(try SubscribeRequest(fields))
        case "unsub": return .unsub(Unsubscribe(doc: try fields.document("doc")))
        case "push": return .push(try Push(fields, line: line))
        case "pres": return .pres(try PresenceReport(fields, line: line))
        case "give": return .give(try Give(fields, line: line))
        case "receipt": return .receipt(try ReceiptRequest(fields))
        case "ping": return .ping(try Ping(fields))
        case "pong": return .pong(try Ping(fields))
        case "err": return .err(try Failure(fields))
        case "bye": return .bye(try Bye(fields))
        default: throw WireError(.unknownType, "a type that is not known here", id: fields.id)
        }
    }
}
