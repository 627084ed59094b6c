import NIOCore

/// Makes a line connection of a channel, for both sides.
struct ConnectionSetup: Sendable {
    enum Encryption: Sendable {
        case none
        case server(TLSContext)
        case client(TLSContext, expecting: KeyFingerprint, tickets: TicketCache.Slot? = nil)
    }

    let encryption: Encryption
    let handshakeTimeout: TimeAmount
    let lineLimit: Int
    /// When a connection that ended may be taken down; nil for at once.
    var ends: EndPace?

    /// Adds the handlers. The result comes when the handshake is done; until then, and if it
    /// fails, nobody else needs to do anything but close the channel. Call on the event loop.
    func install(
        on channel: any Channel, peer: Endpoint
    ) throws -> EventLoopFuture<LineConnection> {
        let inbox = LineInbox(limit: lineLimit)
        let ready = channel.eventLoop.makePromise(of: Void.self)
        let pipeline = channel.pipeline.syncOperations
        let isEncrypted: Bool
        let tls: TLSHandler?
        do {
            // Back to front: a handler that finds the channel active starts at once.
            switch encryption {
            case .none: isEncrypted = false
            case .server, .client: isEncrypted = true
            }
            try pipeline.addHandler(
                LineFramingHandler(
                    inbox: inbox, isEncrypted: isEncrypted, ends: ends, ready: ready))
            tls = try tlsHandler()
            if let tls { try pipeline.addHandler(tls, position: .first) }
        } catch {
            ready.fail(error)
            throw error
        }
        return ready.futureResult.assumeIsolated().map {
            LineConnection(
                channel: channel, inbox: inbox, peerAddress: peer,
                isResumed: tls?.session.isResumed ?? false)
        }.nonisolated()
    }

    private func tlsHandler() throws(TransportError) -> TLSHandler? {
        do throws(TLSFailure) {
            switch encryption {
            case .none:
                return nil
            case .server(let context):
                return TLSHandler(
                    session: try TLSSession(server: context), handshakeTimeout: handshakeTimeout)
            case .client(let context, let key, let tickets):
                return TLSHandler(
                    session: try TLSSession(
                        client: context, expecting: key, tickets: tickets),
                    handshakeTimeout: handshakeTimeout)
            }
        } catch {
            throw .handshakeFailed(reason: error.reason)
        }
    }
}
