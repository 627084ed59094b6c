import GlossCore

extension ServerMessage {
    /// The message as a line, without its line feed.
    ///
    /// - Complexity: O(length of the line).
    public func encode() -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        switch self {
        case .welcome(let welcome): welcome.write(to: &json)
        case .docs(let page): page.write(to: &json)
        case .doc(let appeared): appeared.write(to: &json)
        case .have(let have): have.write(to: &json)
        case .ops(let page): page.write(to: &json)
        case .row(let row): row.write(to: &json)
        case .live(let live): live.write(to: &json)
        case .ack(let ack): ack.write(to: &json)
        case .nack(let nack): nack.write(to: &json)
        case .receipt(let answer): answer.write(to: &json)
        case .revoked(let revoked): revoked.write(to: &json)
        case .role(let change): change.write(to: &json)
        case .lag(let lag):
            json.member("t", "lag")
            json.member("doc", lag.doc.description)
        case .pres(let news): news.write(to: &json)
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
    public static func decode(_ line: [UInt8]) throws(WireError) -> ServerMessage {
        let (type, fields) = try MessageLine.parse(line)
        switch type {
        case "welcome": return .welcome(try Welcome(fields))
        case "docs": return .docs(try DocumentsPage(fields))
        case "doc": return .doc(try DocumentAppeared(fields))
        case "have": return .have(try Have(fields))
        case "ops": return .ops(try LogPage(fields, line: line))
        case "row": return .row(try BriefRow(fields, line: line))
        case "live": return .live(try Live(fields))
        case "ack": return .ack(try Ack(fields))
        case "nack": return .nack(try Nack(fields))
        case "receipt": return .receipt(try ReceiptAnswer(fields))
        case "revoked": return .revoked(try Revoked(fields))
        case "role": return .role(try RoleChange(fields))
        case "lag": return .lag(Lag(doc: try fields.document("doc")))
        case "pres": return .pres(try PresenceNews(fields, line: line))
        case "ping": return .ping(try Ping(fields))
        case "pong": return .pong(try Ping(fields))
        case "err": return .err(try Failure(fields))
        case "bye": return .bye(try Bye(fields))
        default: throw WireError(.unknownType, "a type that is not known here", id: fields.id)
        }
    }
}
