import FoundationEssentials
import GlossTransport

/// The server's side of the admin socket: a request a line, an answer a line.
enum AdminConnection {
    static func run(_ connection: LineConnection, _ administrator: Administrator) async {
        do {
            for try await line in connection.lines {
                let answer = await answer(to: line, administrator)
                try await connection.send([Array(try AdminCoding.encoder().encode(answer))])
            }
        } catch {
            // Whoever asked is gone, or sent what is no line; both ends here.
            return
        }
    }

    private static func answer(
        to line: [UInt8], _ administrator: Administrator
    ) async -> AdminAnswer {
        guard let request = try? JSONDecoder().decode(AdminRequest.self, from: Data(line)) else {
            return AdminAnswer(
                failure: .init(code: .invalid, message: "The request is not understood."))
        }
        do throws(ServerError) {
            return AdminAnswer(report: try await administrator.perform(request))
        } catch {
            return AdminAnswer(failure: .init(code: error.code, message: error.message))
        }
    }
}

/// How administration is written as JSON.
enum AdminCoding {
    /// One line, the same for the same value.
    static func encoder() -> JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }
}

extension AdminReport {
    /// The report as one line of JSON.
    public var json: String {
        guard let data = try? AdminCoding.encoder().encode(self) else {
            preconditionFailure("texts and numbers can be encoded")
        }
        return String(decoding: data, as: UTF8.self)
    }
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
        let report = Report(code: exitStatus, name: code.rawValue, message: message)
        guard let data = try? AdminCoding.encoder().encode(report) else {
            preconditionFailure("texts and numbers can be encoded")
        }
        return String(decoding: data, as: UTF8.self)
    }
}
