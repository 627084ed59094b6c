import FoundationEssentials
import GlossTransport

/// The server's side of the admin socket: a request a line, an answer a line.
enum AdminConnection {
    static func run(_ connection: LineConnection, _ administrator: Administrator) async {
        let actor = AuditEntry.Actor.administrator(await connection.peerUser())
        do {
            for try await line in connection.lines {
                let answer = await answer(to: line, administrator, actor)
                try await connection.send([Array(try AdminCoding.encoder().encode(answer))])
            }
        } catch {
            // Whoever asked is gone, or sent what is no line; both ends here.
            return
        }
    }

    private static func answer(
        to line: [UInt8], _ administrator: Administrator, _ actor: AuditEntry.Actor
    ) async -> AdminAnswer {
        guard let request = try? JSONDecoder().decode(AdminRequest.self, from: Data(line)) else {
            return AdminAnswer(
                failure: .init(code: .invalid, message: "The request is not understood."))
        }
        do throws(ServerError) {
            return AdminAnswer(report: try await administrator.perform(request, by: actor))
        } catch {
            return AdminAnswer(failure: .init(code: error.code, message: error.message))
        }
    }
}
