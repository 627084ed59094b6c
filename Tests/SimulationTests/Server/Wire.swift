import NIOCore
import NIOEmbedded
import TestSupport
import Testing

@testable import GlossTransport

/// Two line connections joined in memory: what one sends, the other receives. No socket, no TLS.
/// A line that the schemas do not know fails the test.
struct Wire {
    /// What becomes of a line on its way, and what else is said behind it.
    typealias Alteration = @Sendable ([UInt8]) -> [[UInt8]]

    let client: LineConnection
    let server: LineConnection

    init(altering alter: Alteration? = nil) async throws {
        let near = NIOAsyncTestingChannel()
        let far = NIOAsyncTestingChannel()
        client = try await Wire.connection(on: near, to: Crossing(to: far, saying: .client, alter))
        server = try await Wire.connection(on: far, to: Crossing(to: near, saying: .server, alter))
    }

    private static func connection(
        on channel: NIOAsyncTestingChannel,
        to crossing: @escaping @autoclosure @Sendable () -> Crossing
    ) async throws -> LineConnection {
        let setup = ConnectionSetup(
            encryption: .none, handshakeTimeout: .seconds(1),
            lineLimit: LineConnection.initialLineLimit)
        let ready = try await channel.testingEventLoop.executeInContext {
            try channel.pipeline.syncOperations.addHandler(crossing())
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
    private let alter: Wire.Alteration?
    /// The begin of a line whose rest is to come.
    private var begun: [UInt8] = []

    init(
        to peer: NIOAsyncTestingChannel, saying form: ProtocolSchemas.Form,
        _ alter: Wire.Alteration?
    ) {
        self.peer = peer
        self.form = form
        self.alter = alter
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        var bytes = unwrapOutboundIn(data)
        var lines = bytes.readableBytesView.split(
            separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false
        ).map { Array($0) }
        lines[0] = begun + lines[0]
        begun = lines.removeLast()
        for line in lines {
            let complaint = ProtocolSchemas.shared.complaint(
                about: line, as: form, isClosed: alter == nil)
            if let complaint { Issue.record("\(complaint)") }
        }
        if let alter {
            bytes.clear()
            for line in lines.flatMap(alter) {
                bytes.writeBytes(line)
                bytes.writeInteger(UInt8(ascii: "\n"))
            }
        }
        let peer = peer
        peer.eventLoop.execute { [bytes] in
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
