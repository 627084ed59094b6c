import NIOCore
import NIOEmbedded
import Testing

@testable import GlossTransport

@Suite struct TLSHandlerTests {
    @Test(arguments: [1, 2, 5, 100, 1 << 20])
    func `bytes cross both ways however the stream is cut`(chunk: Int) throws {
        let pair = try TLSPair()
        var random = Seeded(state: 3)
        let request = random.bytes(50_000)
        let answer = random.bytes(70_000)
        try pair.client.write(request)
        try pair.server.write(answer)
        pair.exchange(chunk: chunk)
        #expect(pair.client.log.events == [.handshakeCompleted])
        #expect(pair.server.log.events == [.handshakeCompleted])
        #expect(pair.server.log.bytes == request)
        #expect(pair.client.log.bytes == answer)
    }

    @Test func `many writes are sent in order and each promise is kept`() throws {
        let pair = try TLSPair()
        var kept = 0
        var expected: [UInt8] = []
        for size in [0, 1, 16_383, 16_384, 16_385, 0, 100_000] {
            let bytes = [UInt8](repeating: UInt8(size % 251), count: size)
            expected += bytes
            let written = pair.client.channel.write(ByteBuffer(bytes: bytes))
            written.assumeIsolated().whenSuccess { kept += 1 }
        }
        #expect(kept == 0)
        pair.client.channel.flush()
        pair.exchange(chunk: 1000)
        #expect(kept == 7)
        #expect(pair.server.log.bytes == expected)
    }

    @Test func `nothing is encrypted while the channel is full`() throws {
        let pair = try TLSPair()
        pair.exchange(chunk: 1000)
        pair.client.channel.isWritable = false
        try pair.client.write([UInt8](repeating: 1, count: 1 << 20))
        #expect(pair.client.takeOutput().isEmpty)
        pair.client.channel.isWritable = true
        pair.client.channel.pipeline.fireChannelWritabilityChanged()
        pair.exchange(chunk: 1 << 20)
        #expect(pair.server.log.bytes.count == 1 << 20)
    }

    @Test func `closing the output is a proper end for the peer, who can still answer`() throws {
        let pair = try TLSPair()
        try pair.client.write([1, 2, 3])
        pair.client.channel.close(mode: .output, promise: nil)
        pair.exchange(chunk: 10)
        #expect(pair.server.log.bytes == [1, 2, 3])
        #expect(pair.server.log.isInputClosed)
        #expect(pair.server.log.errors.isEmpty)
        try pair.server.write([4, 5])
        pair.exchange(chunk: 10)
        #expect(pair.client.log.bytes == [4, 5])
    }

    @Test func `writing after closing the output fails`() throws {
        let pair = try TLSPair()
        pair.exchange(chunk: 100)
        pair.client.channel.close(mode: .output, promise: nil)
        #expect(throws: TransportError.closed) { try pair.client.write([1]) }
    }

    @Test func `an end without close_notify is an error`() throws {
        let pair = try TLSPair()
        pair.exchange(chunk: 100)
        pair.server.channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        #expect(
            pair.server.log.errors
                == [.connectionLost(reason: "the stream ended without close_notify")])
        #expect(pair.server.log.isInputClosed)
    }

    @Test func `an end during the handshake fails it`() throws {
        let pair = try TLSPair()
        pair.server.channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        #expect(
            pair.server.log.errors == [.handshakeFailed(reason: "the peer closed the connection")])
    }

    @Test func `the deadline ends the handshake, and means nothing after it`() throws {
        let silent = try TLSPair()
        silent.server.loop.advanceTime(by: .seconds(9))
        #expect(silent.server.log.errors.isEmpty)
        silent.server.loop.advanceTime(by: .seconds(1))
        #expect(silent.server.log.errors == [.timedOut])
        #expect(!silent.server.channel.isActive)

        let lively = try TLSPair()
        lively.exchange(chunk: 1000)
        lively.server.loop.advanceTime(by: .seconds(100))
        #expect(lively.server.log.errors.isEmpty)
        #expect(lively.server.channel.isActive)
    }

    @Test func `a broken record gives the sender an alert and the receiver an error`() throws {
        let pair = try TLSPair()
        pair.exchange(chunk: 1000)
        try pair.client.write([1, 2, 3])
        var record = pair.client.takeOutput()
        record[record.count - 1] ^= 1
        pair.server.receive(record)
        #expect(pair.server.log.bytes == [])
        #expect(
            pair.server.log.errors
                == [.connectionLost(reason: "decryption failed or bad record mac")])
        pair.client.receive(pair.server.takeOutput())
        #expect(pair.client.log.errors.count == 1)
    }

    @Test(arguments: 0..<200 as Range<UInt64>)
    func `a changed byte anywhere never lets wrong bytes through`(seed: UInt64) throws {
        var random = Seeded(state: seed)
        let pair = try TLSPair()
        let request = random.bytes(3000)
        let answer = random.bytes(3000)
        try pair.client.write(request)
        try pair.server.write(answer)
        let place = Int.random(in: 0..<5000, using: &random)
        let change = UInt8.random(in: 1...255, using: &random)
        let chunk = Int.random(in: 1...2000, using: &random)
        if Bool.random(using: &random) {
            pair.exchange(chunk: chunk, changeFromClient: (place, change))
        } else {
            pair.exchange(chunk: chunk, changeFromServer: (place, change))
        }
        #expect(request.starts(with: pair.server.log.bytes))
        #expect(answer.starts(with: pair.client.log.bytes))
    }
}

/// A client and a server handler on channels without sockets.
private struct TLSPair {
    typealias Change = (place: Int, mask: UInt8)

    let client: Side
    let server: Side

    init() throws {
        let key = try ServerKey()
        server = try Side(
            TLSHandler(
                session: TLSSession(server: .server(presenting: PresentedKey(key))),
                handshakeTimeout: .seconds(10)))
        client = try Side(
            TLSHandler(
                session: TLSSession(client: .client(), expecting: key.fingerprint),
                handshakeTimeout: .seconds(10)))
    }

    /// Moves bytes between the two until both are silent.
    func exchange(chunk: Int, changeFromClient: Change? = nil, changeFromServer: Change? = nil) {
        var sent = (client: 0, server: 0)
        while true {
            let fromClient = client.takeOutput(changed: changeFromClient, after: &sent.client)
            let fromServer = server.takeOutput(changed: changeFromServer, after: &sent.server)
            if fromClient.isEmpty && fromServer.isEmpty { return }
            server.receive(fromClient, chunk: chunk)
            client.receive(fromServer, chunk: chunk)
        }
    }

    struct Side {
        let channel = EmbeddedChannel()
        let log = Log()
        var loop: EmbeddedEventLoop { channel.embeddedEventLoop }

        init(_ handler: TLSHandler) throws {
            try channel.pipeline.syncOperations.addHandlers([HalfCloser(), handler, log])
            try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        }

        func write(_ bytes: [UInt8]) throws {
            let written = channel.writeAndFlush(ByteBuffer(bytes: bytes))
            var failure: (any Error)?
            written.assumeIsolated().whenFailure { failure = $0 }
            if let failure { throw failure }
        }

        func receive(_ bytes: [UInt8], chunk: Int = .max) {
            var rest = bytes[...]
            while !rest.isEmpty {
                channel.pipeline.fireChannelRead(ByteBuffer(bytes: rest.prefix(chunk)))
                channel.pipeline.fireChannelReadComplete()
                rest = rest.dropFirst(chunk)
            }
        }

        func takeOutput() -> [UInt8] {
            var bytes: [UInt8] = []
            while let buffer = try? channel.readOutbound(as: ByteBuffer.self) {
                bytes.append(contentsOf: buffer.readableBytesView)
            }
            return bytes
        }

        func takeOutput(changed change: Change?, after sent: inout Int) -> [UInt8] {
            var bytes = takeOutput()
            if let change, bytes.indices.contains(change.place - sent) {
                bytes[change.place - sent] ^= change.mask
            }
            sent += bytes.count
            return bytes
        }
    }

    /// An embedded channel would close altogether when only its output is closed.
    final class HalfCloser: ChannelOutboundHandler {
        typealias OutboundIn = ByteBuffer

        func close(
            context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?
        ) {
            if mode == .output {
                promise?.succeed()
            } else {
                context.close(mode: mode, promise: promise)
            }
        }
    }

    /// Keeps what comes out of a handler.
    final class Log: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        var bytes: [UInt8] = []
        var events: [TLSEvent] = []
        var isInputClosed = false
        var errors: [TransportError] = []

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            bytes.append(contentsOf: unwrapInboundIn(data).readableBytesView)
        }

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if let event = event as? TLSEvent { events.append(event) }
            if case ChannelEvent.inputClosed? = event as? ChannelEvent { isInputClosed = true }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            if let error = error as? TransportError { errors.append(error) }
        }
    }
}
