import NIOCore

/// A connection that carries lines both ways.
///
/// One task reads `lines`; any number may `send`. Whoever holds the connection calls `close` when
/// done; a connection that is let go without it is cut.
public final class LineConnection: Sendable {
    /// The longest line allowed before a session says otherwise, in bytes: 4 KiB.
    public static let initialLineLimit = 4096

    /// The peer.
    public let peerAddress: Endpoint
    /// What the peer sends, each line once, in order. For one task at a time.
    public var lines: InboundLines { InboundLines(connection: self) }

    let channel: any Channel
    /// Whether its TLS session went on from an earlier one.
    let isResumed: Bool
    private let inbox: LineInbox

    /// Lines that are more bytes than this together are handed on in pieces of as many, so that the
    /// memory of each is free when the peer has taken it.
    private static let pieceByteCount = 16_384

    /// How long `close` goes on reading after the last byte was sent. Closing a socket that holds
    /// unread bytes resets the connection, and the peer may then lose what was sent last.
    private static let linger = TimeAmount.seconds(1)

    init(
        channel: any Channel, inbox: LineInbox, peerAddress: Endpoint, isResumed: Bool = false
    ) {
        self.channel = channel
        self.inbox = inbox
        self.peerAddress = peerAddress
        self.isResumed = isResumed
    }

    deinit {
        channel.close(mode: .all, promise: nil)
    }

    fileprivate func nextLine() async throws(TransportError) -> [UInt8]? {
        try await inbox.next { channel.read() }.get()
    }

    /// Gives the next line to `deliver`: at once if one has come, else on the event loop, where it must
    /// not block. It gets nil at the end, and the errors of `lines`. Called by one at a time, who
    /// waits for the line before, and by nobody while a task reads `lines`.
    ///
    /// For those who do not want a task that waits for each connection.
    public func nextLine(
        _ deliver: @escaping @Sendable (Result<[UInt8]?, TransportError>) -> Void
    ) {
        inbox.next(resume: { channel.read() }, deliver: deliver)
    }

    /// How many bytes of lines have come, whole or not: a sign of life while a long one is on its way.
    public var receivedByteCount: Int { inbox.receivedByteCount }

    /// Sets the longest line allowed, in bytes without its end. Holds for every line that was not
    /// taken from `lines` yet.
    public func setLineLimit(_ limit: Int) {
        inbox.setLimit(limit)
    }

    /// Sends `lines`, each followed by `\n`, in one piece, and waits until the operating system
    /// has taken them all: as long as the peer does not read. No line may contain a `\n`.
    ///
    /// Throws `closed` or `connectionLost`; then it is unknown what the peer has received. Throws
    /// `cancelled` if the task is cancelled; the lines are still sent, in order with later ones.
    public func send(_ lines: [[UInt8]]) async throws(TransportError) {
        guard !lines.isEmpty else { return }
        let sent = Outcome<Void>()
        send(lines) { sent.complete($0) }
        try await sent.wait().get()
    }

    /// Sends `lines` like the other `send`, but waits for nothing: `completion` is called when the
    /// operating system has taken them all, or with `closed` or `connectionLost`. It must not block,
    /// and nor must `progress`, which is called when it has taken some of many.
    public func send(
        _ lines: [[UInt8]], progress: (@Sendable () -> Void)? = nil,
        completion: @escaping @Sendable (Result<Void, TransportError>) -> Void
    ) {
        if lines.isEmpty { return completion(.success(())) }
        let channel = channel
        // On the event loop, where nobody else's lines come between the pieces.
        onEventLoop {
            var pieces = LinePieces(of: lines, limit: Self.pieceByteCount, channel.allocator)
            while let piece = pieces.next() {
                if pieces.isAtEnd {
                    channel.writeAndFlush(piece).whenComplete { result in
                        completion(result.mapError { .onConnection($0) })
                    }
                } else if let progress {
                    channel.write(piece).whenSuccess { progress() }
                } else {
                    channel.write(piece, promise: nil)
                }
            }
        }
    }

    /// Does something on the event loop, at once where that is here.
    private func onEventLoop(_ body: @escaping @Sendable () -> Void) {
        if channel.eventLoop.inEventLoop { body() } else { channel.eventLoop.execute(body) }
    }

    /// Sends what is waiting, tells the peer that this was all, and closes. `lines` ends at once,
    /// for the peer too as soon as it has read everything.
    ///
    /// Returns when the connection is gone: `timeout` for sending what waits, and a second for
    /// the peer to close its side, are the most it takes, also in a cancelled task.
    public func close(timeout: Duration = .seconds(5)) async {
        inbox.discard()
        let channel = channel
        // In one piece: a thread that hands on each by itself wakes the event loop as many times.
        onEventLoop {
            let giveUp = channel.eventLoop.scheduleTask(in: TimeAmount(timeout)) {
                channel.close(mode: .all, promise: nil)
            }
            channel.close(mode: .output).whenComplete { _ in
                giveUp.cancel()
                let cut = channel.eventLoop.scheduleTask(in: Self.linger) {
                    channel.close(mode: .all, promise: nil)
                }
                channel.closeFuture.whenComplete { _ in cut.cancel() }
            }
            channel.read()
        }
        await channel.closeFuture.settled()
    }

    /// Cuts the connection: nothing more is sent or received.
    public func abort() {
        channel.close(mode: .all, promise: nil)
    }
}

/// The lines a peer sends, without their ends.
///
/// Keeps the connection alive. Ends when the peer closes properly or this side calls `close`. Fails once, and then ends, with
/// `lineTooLong`, `connectionLost`, or `cancelled` (which does not end it).
public struct InboundLines: AsyncSequence, Sendable {
    /// A line's bytes: UTF-8 if the peer is honest.
    public typealias Element = [UInt8]
    /// Why no more lines come.
    public typealias Failure = TransportError

    let connection: LineConnection

    /// An iterator over the lines that nobody has taken yet.
    public func makeAsyncIterator() -> Iterator {
        Iterator(connection: connection)
    }

    /// Takes lines from the connection. Several iterators share what comes.
    public struct Iterator: AsyncIteratorProtocol {
        let connection: LineConnection

        /// The next line; nil at the end.
        public mutating func next() async throws(TransportError) -> [UInt8]? {
            try await next(isolation: nil)
        }

        /// The next line; nil at the end.
        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(TransportError) -> [UInt8]? {
            try await connection.nextLine()
        }
    }
}
