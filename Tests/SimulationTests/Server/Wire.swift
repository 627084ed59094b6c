import NIOCore
import NIOEmbedded
import TestSupport
import Testing

@testable import GlossTransport

/// Two line connections joined in memory: what one sends, the other receives. No socket, no TLS.
/// A line that the schemas do not know fails the test.
struct Wire {
    let client: LineConnection
    let server: LineConnection

    init() async throws {
        let near = NIOAsyncTestingChannel()
        let far = NIOAsyncTestingChannel()
        client = try await Wire.connection(on: near, to: far, saying: .client)
        server = try await Wire.connection(on: far, to: near, saying: .server)
    }

    private static func connection(
        on channel: NIOAsyncTestingChannel, to peer: NIOAsyncTestingChannel,
        saying form: ProtocolSchemas.Form
    ) async throws -> LineConnection {
        let setup = ConnectionSetup(
            encryption: .none, handshakeTimeout: .seconds(1),
            lineLimit: LineConnection.initialLineLimit)
        let ready = try await channel.testingEventLoop.executeInContext {
            try channel.pipeline.syncOperations.addHandler(
                Crossing(to: peer, saying: form))
            return try setup.install(on: channel, peer: .unix(path: ""))
        }
        try await channel.connect(to: SocketAddress(unixDomainSocketPath: "/")).get()
        return try await ready.get()
    }
}

/// Gives what a channel writes to another one, as received there.
private final class Crossing: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer

    private let peer: NIOAsyncTestingChannel
    private let form: ProtocolSchemas.Form

    init(to peer: NIOAsyncTestingChannel, saying form: ProtocolSchemas.Form) {
        self.peer = peer
        self.form = form
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let bytes = unwrapOutboundIn(data)
        // Lines are sent in one piece.
        for line in bytes.readableBytesView.split(separator: UInt8(ascii: "\n")) {
            if let complaint = ProtocolSchemas.shared.complaint(about: Array(line), as: form) {
                Issue.record("\(complaint)")
            }
        }
        let peer = peer
        peer.eventLoop.execute {
            peer.pipeline.fireChannelRead(bytes)
            peer.pipeline.fireChannelReadComplete()
        }
        promise?.succeed()
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        let peer = peer
        peer.eventLoop.execute {
            peer.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        }
        context.close(mode: mode, promise: promise)
    }
}
