import NIOCore

/// The last handler of a connection: hands received bytes to the inbox, and reads only as much
/// as the inbox wants. Needs a channel that does not read by itself.
final class LineFramingHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let inbox: LineInbox
    private let isEncrypted: Bool
    /// Whose turn ends wait for; nil where they come at once.
    private let ends: EndPace?
    /// Done when bytes may flow; failed if it never comes to that.
    private let ready: EventLoopPromise<Void>
    private var isReady = false
    /// Whether the end has, or waits for, its turn.
    private var hasEnded = false

    init(
        inbox: LineInbox, isEncrypted: Bool, ends: EndPace?, ready: EventLoopPromise<Void>
    ) {
        self.inbox = inbox
        self.isEncrypted = isEncrypted
        self.ends = ends
        self.ready = ready
    }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { activate(context) }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        end(.closed, context)
    }

    func channelActive(context: ChannelHandlerContext) {
        activate(context)
        context.fireChannelActive()
    }

    private func activate(_ context: ChannelHandlerContext) {
        if !isEncrypted { becomeReady(context) }
    }

    private func becomeReady(_ context: ChannelHandlerContext) {
        guard !isReady else { return }
        isReady = true
        ready.succeed()
        context.read()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        unwrapInboundIn(data).withUnsafeReadableBytes { inbox.receive($0) }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if isReady, inbox.wantsBytes() { context.read() }
        context.fireChannelReadComplete()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case TLSEvent.handshakeCompleted:
            becomeReady(context)
        case ChannelEvent.inputClosed:
            end(nil, context)
        default:
            break
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        end(.onConnection(error), context)
    }

    func channelInactive(context: ChannelHandlerContext) {
        end(.connectionLost(reason: "closed"), context)
        context.fireChannelInactive()
    }

    private func end(_ error: TransportError?, _ context: ChannelHandlerContext) {
        guard isReady else {
            isReady = true
            hasEnded = true
            inbox.finish(error)
            ready.fail(error ?? .connectionLost(reason: "closed"))
            return
        }
        guard let ends, !ends.isLifted else { return inbox.finish(error) }
        guard !hasEnded else { return }
        hasEnded = true
        ends.take(on: context.eventLoop) { [inbox] in inbox.finish(error) }
    }
}
