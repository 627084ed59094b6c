import GlossCore
import GlossProtocol
import TestSupport
import Testing

/// A transcript, said by server sessions.
struct ServerReplay {
    private let transcript: Transcript
    private let messages: [Int: ServerMessage]
    /// Everything that is in a log in the end, by document and position.
    private var rows: [DocumentID: [Int: CommittedChange]] = [:]
    private var sums: [DocumentID: [Int: Checksum]] = [:]
    private var sessions: [Int: ServerSession] = [:]
    private var said: [Int: [ServerMessage]] = [:]

    init(_ transcript: Transcript) throws {
        self.transcript = transcript
        var messages: [Int: ServerMessage] = [:]
        for (index, step) in transcript.steps.enumerated() {
            guard let line = step.line, step.who.hasPrefix("S") else { continue }
            let message = try ServerMessage.decode(line)
            messages[index] = message
            if case .ops(let page) = message {
                for row in page.changes { rows[page.doc, default: [:]][row.at] = row }
            }
            if case .live(let live) = message { sums[live.doc, default: [:]][live.at] = live.sum }
        }
        self.messages = messages
        try noteOwn()
    }

    /// Notes the changes that came back to nobody: those of pushes that were acknowledged.
    private mutating func noteOwn() throws {
        var users: [Int: (String, String)] = [:]
        for (index, step) in transcript.steps.enumerated() {
            if case .welcome(let welcome)? = messages[index] {
                users[step.connection] = (welcome.user, welcome.label)
            }
            guard case .ack(let ack)? = messages[index],
                let push = try push(ack.id, on: step.connection),
                let (user, label) = users[step.connection]
            else { continue }
            for (part, places) in zip(push.parts, ack.parts) {
                for (change, at) in zip(part.changes, places.positions) {
                    rows[part.doc, default: [:]][at] = CommittedChange(
                        at: at, user: user, device: label, time: ack.time, change: change)
                }
            }
        }
    }

    private func push(_ id: Int, on connection: Int) throws -> Push? {
        for step in transcript.steps where step.isOfClient && step.connection == connection {
            if let line = step.line, case .push(let push) = try ClientMessage.decode(line),
                push.id == id
            {
                return push
            }
        }
        return nil
    }

    /// What a session said and the transcript has not.
    var unsaid: [ServerMessage] { said.sorted { $0.key < $1.key }.flatMap(\.value) }

    mutating func play(_ index: Int) throws {
        let step = transcript.steps[index]
        let connection = step.connection
        if step.does == "stop reading" { handle(.writable(false), on: connection, behind: index) }
        if step.does == "read on" { handle(.writable(true), on: connection, behind: index) }
        guard let line = step.line, connection > 0 else { return }
        if step.isOfClient {
            if sessions[connection] == nil { sessions[connection] = ServerSession(now: 0) }
            return handle(.line(line), on: connection, behind: index)
        }
        guard let message = messages[index] else { return }
        if said[connection, default: []].isEmpty, let event = cause(of: message) {
            handle(event, on: connection, behind: index - 1)
        }
        let first = said[connection]?.first
        #expect(first != nil, "\(transcript.name) \(index): nothing where there is \(message)")
        guard let first else { return }
        said[connection]?.removeFirst()
        #expect(
            try step.essence(of: first.encode()) == step.essence(of: line),
            "\(transcript.name) \(index)")
    }

    /// What happens elsewhere in the server before it says something unasked.
    private func cause(of message: ServerMessage) -> ServerSession.Event? {
        switch message {
        case .ops(let page): .advanced(page.doc, head: page.to)
        case .live(let live): .advanced(live.doc, head: live.at)
        case .lag(let lag): .advanced(lag.doc, head: rows[lag.doc]?.count ?? 0)
        case .doc(let appeared): .documentAppeared(appeared)
        case .pres(let news): .presence(news)
        case .revoked(let revoked):
            .accessLost(revoked, docs: rows.keys.flatMap { [$0.article, $0.article.annotations] })
        case .role(let change): .roleChanged(change)
        case .err(let failure) where failure.code == .deviceRevoked: .deviceRevoked
        case .bye(let bye): .drain(delay: bye.delay)
        default: nil
        }
    }

    private mutating func handle(
        _ event: ServerSession.Event, on connection: Int, behind index: Int
    ) {
        var events = [event]
        while !events.isEmpty {
            let actions = sessions[connection]?.handle(events.removeFirst(), now: 0) ?? []
            for action in actions {
                if case .send(let message) = action {
                    said[connection, default: []].append(message)
                }
                events += answers(to: action, on: connection, behind: index)
            }
        }
    }

    /// What comes next on a connection, as far as it says something of interest.
    private func next<Found>(
        on connection: Int, behind index: Int, _ find: (ServerMessage) -> Found?
    ) -> Found? {
        for place in transcript.steps.indices.dropFirst(index + 1)
        where transcript.steps[place].connection == connection {
            if let message = messages[place], let found = find(message) { return found }
        }
        return nil
    }

    private func answers(
        to action: ServerSession.Action, on connection: Int, behind index: Int
    ) -> [ServerSession.Event] {
        let event: ServerSession.Event? =
            switch action {
            case .authenticate: next(on: connection, behind: index, Self.authentication)
            case .listDocuments(let request):
                next(on: connection, behind: index) { message in
                    if case .docs(let page) = message, page.id == request.id {
                        .listed(page)
                    } else {
                        nil
                    }
                }
            case .subscribe(let request):
                next(on: connection, behind: index) { following($0, request) }
            case .push(let id, _): next(on: connection, behind: index) { Self.decision($0, id) }
            case .sendLog(let doc, let after): slice(of: doc, after: after, on: connection, index)
            case .send, .setLineLimit, .unsubscribe, .takePresence, .give, .makeReceipt,
                .clientReported,
                .close:
                nil
            }
        return event.map { [$0] } ?? []
    }

    private static func authentication(_ message: ServerMessage) -> ServerSession.Event? {
        switch message {
        case .welcome(let welcome):
            .authenticated(
                .admitted(
                    ServerSession.Admission(
                        user: welcome.user, device: welcome.device, label: welcome.label,
                        log: welcome.log, libraries: welcome.libraries, joined: welcome.joined)))
        case .err(let failure):
            .authenticated(.refused(failure.code, message: failure.message))
        default: nil
        }
    }

    private static func decision(_ message: ServerMessage, _ id: Int) -> ServerSession.Event? {
        switch message {
        case .ack(let ack) where ack.id == id:
            return .pushDecided(id: id, .committed(parts: ack.parts, time: ack.time))
        case .nack(let nack) where nack.id == id:
            let change = nack.agent.flatMap { agent in
                nack.seq.map { OpID(agent: agent, seq: $0) }
            }
            return .pushDecided(
                id: id,
                .refused(
                    ServerSession.PushRefusal(
                        doc: nack.doc, change: change, code: nack.code, missing: nack.missing,
                        message: nack.message)))
        default: return nil
        }
    }

    private func following(
        _ message: ServerMessage, _ request: SubscribeRequest
    ) -> ServerSession.Event? {
        switch message {
        case .have(let have) where have.id == request.id:
            let sum = request.at == 0 ? Checksum() : sums[request.doc]?[request.at]
            return .subscribed(
                id: request.id, doc: request.doc,
                ServerSession.Following(
                    head: have.at, sum: have.sum, vector: have.vector, role: have.role,
                    resume: sum == request.sum && request.vector?.count ?? 0 == 0
                        ? .position : .vector))
        case .err(let failure) where failure.id == request.id && failure.code == .logMismatch:
            return .subscribed(
                id: request.id, doc: request.doc,
                ServerSession.Following(
                    head: 0, sum: Checksum(), vector: VersionVector(), role: .editor,
                    resume: .vector))
        case .err(let failure) where failure.id == request.id:
            return .subscribeRefused(
                id: request.id, doc: request.doc, code: failure.code, message: failure.message)
        default: return nil
        }
    }

    private func slice(
        of doc: DocumentID, after: Int, on connection: Int, _ index: Int
    ) -> ServerSession.Event? {
        let end = next(on: connection, behind: index) { message -> Int? in
            if case .live(let live) = message, live.doc == doc, live.at >= after {
                live.at
            } else {
                nil
            }
        }
        guard let end, let known = rows[doc] else { return nil }
        let found = end > after ? (after + 1...end).compactMap { known[$0] } : []
        return .logRead(
            ServerSession.LogSlice(
                doc: doc, after: after, rows: found, head: end, sum: sums[doc]?[end] ?? Checksum()))
    }
}
