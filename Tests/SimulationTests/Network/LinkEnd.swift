import GlossTransport
import NIOCore
import NIOEmbedded

@testable import GlossTransport

/// One end of a connection in memory: the first handler of a channel without a socket.
final class LinkEnd: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer

    private let link: Link
    private let outgoing: Pipe
    private let incoming: Pipe
    private let loop = EmbeddedEventLoop()
    private let channel: EmbeddedChannel
    /// Whether the program wants to read more.
    private(set) var wantsBytes = false
    private(set) var isOpen = true
    private var isEnding = false
    /// Called with each write before it is under way.
    var onWrite: ([UInt8]) -> Void = { _ in }

    init(_ link: Link, outgoing: Pipe, incoming: Pipe) {
        self.link = link
        self.outgoing = outgoing
        self.incoming = incoming
        channel = EmbeddedChannel(loop: loop)
        incoming.receiver = self
    }

    /// The program's side of it.
    func connection() throws -> LineConnection {
        try channel.pipeline.syncOperations.addHandler(self)
        let setup = ConnectionSetup(
            encryption: .none, handshakeTimeout: .seconds(1),
            lineLimit: LineConnection.initialLineLimit)
        let ready = try setup.install(on: channel, peer: .unix(path: ""))
        channel.connect(to: try SocketAddress(unixDomainSocketPath: "/"), promise: nil)
        return try ready.wait()
    }

    // MARK: What comes

    func receive(_ bytes: [UInt8]) {
        guard isOpen else { return }
        wantsBytes = false
        channel.pipeline.fireChannelRead(ByteBuffer(bytes: bytes))
        channel.pipeline.fireChannelReadComplete()
    }

    func receiveEnd() {
        guard isOpen else { return }
        channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        closeIfDone()
    }

    /// The connection is lost, and this end notices.
    func lose() {
        guard isOpen else { return }
        channel.pipeline.fireErrorCaught(Link.reset)
        if isOpen { channel.close(mode: .all, promise: nil) }
    }

    // MARK: What the program does

    func read(context: ChannelHandlerContext) {
        wantsBytes = true
        incoming.schedule()
        context.read()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let bytes = Array(unwrapOutboundIn(data).readableBytesView)
        onWrite(bytes)
        if link.isBroken {
            // Nobody has told this end yet: what it writes goes nowhere.
            promise?.succeed()
        } else {
            outgoing.write(bytes, promise)
        }
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        guard mode == .output else {
            isOpen = false
            link.closed(self)
            context.close(mode: .all, promise: promise)
            return
        }
        if isEnding || link.isBroken {
            promise?.succeed()
        } else {
            isEnding = true
            outgoing.end(promise)
        }
        passTime(500)
        link.scheduler.after(0, as: outgoing.from) { self.closeIfDone() }
    }

    func channelInactive(context: ChannelHandlerContext) {
        isOpen = false
        let loop = loop
        link.scheduler.after(0, as: outgoing.from) { loop.run() }
        context.fireChannelInactive()
    }

    /// Whether both sides have said that this was all.
    private var isDone: Bool { outgoing.hasEnded && incoming.hasDeliveredEnd }

    private func closeIfDone() {
        if isOpen, isDone { channel.close(mode: .all, promise: nil) }
    }

    /// The timers of a channel go by its loop: turns it while the connection is being closed.
    private func passTime(_ milliseconds: Int) {
        link.scheduler.after(milliseconds, as: outgoing.from) {
            self.loop.advanceTime(by: .milliseconds(Int64(milliseconds)))
            if self.isOpen { self.passTime(milliseconds) }
        }
    }

    /// Ends it for good.
    func dispose() {
        if isOpen { channel.close(mode: .all, promise: nil) }
        loop.advanceTime(by: .hours(1))
    }
}
