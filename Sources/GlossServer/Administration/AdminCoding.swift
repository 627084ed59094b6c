import FoundationEssentials

/// How administration is written as JSON.
enum AdminCoding {
    /// One line, the same for the same value.
    static func encoder() -> JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }

    /// A value as one line.
    static func line(_ value: some Encodable) -> String {
        guard let data = try? encoder().encode(value) else {
            preconditionFailure("texts and numbers can be encoded")
        }
        return String(decoding: data, as: UTF8.self)
    }
}

extension AdminReport {
    /// The report as one line of JSON.
    public var json: String {
        AdminCoding.line(self)
    }
}

extension AuditEntry {
    /// The entry as one line of JSON, as it is in the file.
    public var json: String { AdminCoding.line(self) }
}

extension ServerError {
    private struct Report: Encodable {
        var schema = "glossd.error/1"
        var code: Int32
        var name: String
        var message: String
    }

    /// The error as one line of JSON, with the status the process ends with.
    public func json(exitStatus: Int32) -> String {
        AdminCoding.line(Report(code: exitStatus, name: code.rawValue, message: message))
    }
}

extension Server.Report {
    private struct Ready: Encodable {
        var schema = "glossd.ready/1"
        var address: String
        var http: String?
        var fingerprint: String
        var data: String
        var new: Bool
        var invitation: String?
    }

    /// The report as one line of JSON, with the first invitation only if that is wanted.
    public func json(withInvitation: Bool) -> String {
        let ready = Ready(
            address: address, http: http, fingerprint: fingerprint, data: dataDirectory, new: isNew,
            invitation: withInvitation ? firstInvitation : nil)
        return AdminCoding.line(ready)
    }
}
