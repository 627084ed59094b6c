import NIOCore

/// The last handler of a connection: hands received bytes to the inbox, and reads only as much
/// as the inbox wants. Needs a channel that does not read by itself.
final class LineFramingHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let inbox: LineInbox
    private let isEncrypted: Bool
    /// Done when bytes may flow; failed if it never comes to that.
    private let ready: EventLoopPromise<Void>
    private var isReady = false

    init(inbox: LineInbox, isEncrypted: Bool, ready: EventLoopPromise<Void>) {
        self.inbox = inbox
        self.isEncrypted = isEncrypted
        self.ready = ready
    }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { activate(context) }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        end(.closed)
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
            end(nil)
        default:
            break
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        end(.onConnection(error))
    }

    func channelInactive(context: ChannelHandlerContext) {
        end(.connectionLost(reason: "closed"))
        context.fireChannelInactive()
    }

    private func end(_ error: TransportError?) {
        inbox.finish(error)
        if !isReady {
            isReady = true
            ready.fail(error ?? .connectionLost(reason: "closed"))
        }
    }
}
