import NIOCore

/// What a `TLSHandler` tells the handlers behind it.
enum TLSEvent: Hashable, Sendable {
    /// Both sides have agreed; from now on bytes flow.
    case handshakeCompleted
}

/// Encrypts what is written and decrypts what is read. TLS 1.3, on either side.
///
/// - Writes wait until the handshake is done, and are encrypted only as fast as the socket takes
///   them, so a peer that does not read costs the plain text that waits and no more.
/// - `close(mode: .output)` sends everything flushed, then close_notify, then ends the TCP
///   stream. `close(mode: .all)` does not wait for the peer.
/// - The peer's close_notify arrives as `ChannelEvent.inputClosed`. A stream that ends without
///   one first gives the error `connectionLost`.
/// - A failure is an error in the pipeline; the alert is sent before the channel closes.
///
/// Wants half closure allowed on the channel, and lives on its event loop.
final class TLSHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    enum Phase {
        case idle
        case handshaking
        case open
        /// The session is dead: an alert is on its way and everything received is dropped.
        case failed
        case closed
    }

    struct PendingWrite {
        var bytes: ByteBuffer
        let promise: EventLoopPromise<Void>?
    }

    /// How long the peer has to take an alert before the connection is cut.
    static let alertLinger = TimeAmount.milliseconds(500)
    /// Answers to the peer (key updates) that wait to be sent; beyond it the peer does not read.
    static let maximumReplyBytes = 65_536

    var session: TLSSession
    var phase = Phase.idle
    let handshakeTimeout: TimeAmount
    var deadline: Scheduled<Void>?
    var pending = CircularBuffer<PendingWrite>()
    /// How many of `pending` may be sent.
    var flushed = 0
    var isPumping = false
    /// Set when the output is to be closed behind the pending writes.
    var closing: (requested: Bool, promise: EventLoopPromise<Void>?) = (false, nil)
    var isOutputClosed = false
    var isInputClosed = false
    var replyBytes = 0
    var hasReceived = false

    /// A handler that gives up after `handshakeTimeout`, counted from the start of the channel.
    init(session: consuming TLSSession, handshakeTimeout: TimeAmount) {
        self.session = session
        self.handshakeTimeout = handshakeTimeout
    }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { start(context) }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        finish(.closed)
    }

    func channelActive(context: ChannelHandlerContext) {
        start(context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        let wasHandshaking = phase == .handshaking
        let wasCut = phase == .open && !isInputClosed
        finish(.connectionLost(reason: "closed"))
        if wasHandshaking {
            context.fireErrorCaught(closedEarly)
        } else if wasCut {
            context.fireErrorCaught(TransportError.connectionLost(reason: Self.cut))
        }
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        while let record = bytes.readSlice(length: min(bytes.readableBytes, TLSSession.recordSize)),
            record.readableBytes > 0
        {
            switch phase {
            case .handshaking where isPlainText(record):
                fail(context, .handshakeFailed(reason: "the peer does not speak TLS"))
            case .handshaking:
                record.withUnsafeReadableBytes { session.feed($0) }
                advanceHandshake(context)
            case .open where !isInputClosed:
                record.withUnsafeReadableBytes { session.feed($0) }
                deliver(context)
            case .idle, .open, .failed, .closed:
                return
            }
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if phase == .open { session.releaseIdleBuffers() }
        if phase == .handshaking || phase == .failed { context.read() }
        context.fireChannelReadComplete()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        pump(context)
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case ChannelEvent.inputClosed? = event as? ChannelEvent else {
            context.fireUserInboundEventTriggered(event)
            return
        }
        switch phase {
        case .idle, .handshaking:
            fail(context, closedEarly)
        case .open:
            guard !isInputClosed else { return }
            isInputClosed = true
            context.fireErrorCaught(TransportError.connectionLost(reason: Self.cut))
            context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        case .failed:
            context.close(mode: .all, promise: nil)
        case .closed:
            break
        }
    }

    /// What it means that the peer was gone before both had agreed. A server that goes down without
    /// a word has not refused anything: its client may come again.
    private var closedEarly: TransportError {
        let reason = "the peer closed the connection"
        return session.isServer
            ? .handshakeFailed(reason: reason) : .connectionLost(reason: reason)
    }

    static let cut = "the stream ended without close_notify"
}

// MARK: - Handshake

extension TLSHandler {
    private func start(_ context: ChannelHandlerContext) {
        guard phase == .idle else { return }
        phase = .handshaking
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: handshakeTimeout) {
            guard self.phase == .handshaking else { return }
            self.finish(.timedOut)
            context.fireErrorCaught(TransportError.timedOut)
            context.close(mode: .all, promise: nil)
        }
        advanceHandshake(context)
        if phase == .handshaking { context.read() }
    }

    private func advanceHandshake(_ context: ChannelHandlerContext) {
        do throws(TLSFailure) {
            let progress = try session.advanceHandshake()
            sendOutput(context, promise: nil)
            context.flush()
            guard progress == .done else { return }
        } catch {
            fail(context, handshakeError(error))
            return
        }
        phase = .open
        deadline?.cancel()
        deadline = nil
        context.fireUserInboundEventTriggered(TLSEvent.handshakeCompleted)
        // The peer's first bytes may have come along with its last handshake message.
        if phase == .open { deliver(context) }
        pump(context)
    }

    private func handshakeError(_ failure: TLSFailure) -> TransportError {
        if let (expected, found) = session.keyMismatch {
            return .serverKeyMismatch(expected: expected, found: found)
        }
        return .handshakeFailed(reason: failure.reason)
    }

    /// Whether the first byte a server receives cannot begin a TLS record. OpenSSL would wait for
    /// a whole header before it says so.
    private func isPlainText(_ bytes: ByteBuffer) -> Bool {
        guard session.isServer, !hasReceived else { return false }
        hasReceived = true
        return bytes.getInteger(at: bytes.readerIndex, as: UInt8.self) != 22
    }
}

// MARK: - Receiving

extension TLSHandler {
    /// Decrypts what the session holds and passes it on.
    private func deliver(_ context: ChannelHandlerContext) {
        var plain = context.channel.allocator.buffer(capacity: TLSSession.recordSize)
        var outcome = TLSSession.Read.needsInput
        var failure: TLSFailure?
        repeat {
            if plain.writableBytes == 0 { plain.reserveCapacity(minimumWritableBytes: 4096) }
            plain.writeWithUnsafeMutableBytes(minimumWritableBytes: 1) { space in
                do throws(TLSFailure) {
                    outcome = try session.read(into: space)
                } catch {
                    failure = error
                }
                guard failure == nil, case .bytes(let count) = outcome else { return 0 }
                return count
            }
        } while failure == nil && outcome.hasMore
        if plain.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(plain)) }
        guard phase == .open else { return }
        if let failure {
            fail(context, .connectionLost(reason: failure.reason))
            return
        }
        reply(context)
        if case .closed = outcome, phase == .open, !isInputClosed {
            isInputClosed = true
            context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        }
    }

    /// Sends what OpenSSL answers to what was read: key updates.
    private func reply(_ context: ChannelHandlerContext) {
        let count = session.outputCount
        guard count > 0 else { return }
        replyBytes += count
        guard replyBytes <= Self.maximumReplyBytes else {
            fail(context, .connectionLost(reason: "the peer asks for answers and does not read"))
            return
        }
        let sent = context.eventLoop.makePromise(of: Void.self)
        sent.futureResult.assumeIsolated().whenComplete { _ in self.replyBytes -= count }
        sendOutput(context, promise: sent)
        context.flush()
    }
}

extension TLSSession.Read {
    fileprivate var hasMore: Bool {
        if case .bytes = self { true } else { false }
    }
}

// MARK: - Ending

extension TLSHandler {
    /// Ends the session after a failure: alert out, error in, then the connection goes.
    func fail(_ context: ChannelHandlerContext, _ error: TransportError) {
        guard phase == .handshaking || phase == .open || phase == .idle else { return }
        let wasHandshaking = phase != .open
        finish(error)
        phase = .failed
        if session.outputCount > 0 {
            sendOutput(context, promise: nil)
        } else if wasHandshaking && session.isServer {
            // OpenSSL stays silent when the other side seems not to speak TLS at all.
            let alert = ByteBuffer(bytes: Self.unexpectedMessageAlert)
            context.write(wrapOutboundOut(alert), promise: nil)
        }
        context.flush()
        context.fireErrorCaught(error)
        // Closing at once could reset the connection, and the reset could overtake the alert.
        context.close(mode: .output, promise: nil)
        context.eventLoop.assumeIsolated().scheduleTask(in: Self.alertLinger) {
            context.close(mode: .all, promise: nil)
        }
        context.read()
    }

    /// A fatal alert record in the clear: unexpected_message.
    static let unexpectedMessageAlert: [UInt8] = [21, 3, 3, 0, 2, 2, 10]

    /// Fails everything that waits. Sends nothing.
    func finish(_ error: TransportError) {
        guard phase != .closed else { return }
        phase = .closed
        deadline?.cancel()
        deadline = nil
        let writes = pending
        pending.removeAll()
        flushed = 0
        for write in writes { write.promise?.fail(error) }
        closing.promise?.fail(error)
        closing.promise = nil
    }
}
