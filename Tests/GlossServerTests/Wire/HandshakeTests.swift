import GlossProtocol
import NIOCore
import NIOPosix
import Testing

@testable import GlossServer

@Suite("Connections that are no TLS 1.3", .timeLimit(.minutes(1)))
struct HandshakeTests {
    @Test("Plain TCP is closed without an answer that a client could take for one")
    func plainTCP() async throws {
        try await TestServer.run { server in
            let bystander = try await server.bystander()
            let answer = try await exchange(
                Array("{\"t\":\"hello\",\"id\":1,\"v\":[1]}\n".utf8), port: server.port)
            #expect(!answer.contains(UInt8(ascii: "{")))
            try await bystander.goesOn()
        }
    }

    @Test("TLS 1.2 is refused with the alert protocol_version")
    func oldTLS() async throws {
        try await TestServer.run { server in
            let bystander = try await server.bystander()
            let answer = try await exchange(Self.helloOfTLS12, port: server.port)
            #expect(answer.first == 21)
            #expect(answer.suffix(2) == [2, 70])
            try await bystander.goesOn()
        }
    }

    /// A ClientHello that offers TLS 1.2 with ECDHE-ECDSA-AES128-GCM-SHA256 and no extensions.
    private static var helloOfTLS12: [UInt8] {
        let body: [UInt8] =
            [3, 3] + [UInt8](repeating: 7, count: 32) + [0, 0, 2, 0xc0, 0x2b, 1, 0]
        let handshake: [UInt8] = [1, 0, 0, UInt8(body.count)] + body
        return [22, 3, 1, 0, UInt8(handshake.count)] + handshake
    }

    /// Sends bytes over TCP and gives everything that comes back until the server closes.
    private func exchange(_ bytes: [UInt8], port: Int) async throws -> [UInt8] {
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                        wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(bytes: bytes))
            var answer: [UInt8] = []
            do {
                for try await part in inbound { answer += Array(part.readableBytesView) }
            } catch is IOError {
                // A reset is an end like any other here.
            }
            return answer
        }
    }
}
