import Glibc
import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix

/// The private HTTP listener. Nothing of Hummingbird is seen outside this file.
final class MonitoringListener: Sendable {
    /// Connections open at once; more wait.
    private static let connectionLimit = 32

    /// Where it listens, with the actual port.
    let address: ListenAddress
    private let task: Task<Void, Never>

    private init(address: ListenAddress, task: Task<Void, Never>) {
        self.address = address
        self.task = task
    }

    /// Listens and answers until stopped; also while the server drains.
    static func start(
        at address: ListenAddress, _ pages: MonitoringPages, logger: Logger
    ) async throws(ServerError) -> MonitoringListener {
        let (bound, continuation) = AsyncThrowingStream.makeStream(of: Int.self)
        var quiet = logger
        quiet.logLevel = .critical
        var limits = HTTP1Channel.Configuration.DecoderConfiguration()
        limits.maxHeaderFieldSize = 8_192
        limits.maxHeaderListSize = 16_384
        limits.maxHeaderFieldCount = 64
        let server = HummingbirdCore.Server(
            childChannelSetup: HTTP1Channel(
                responder: { request, writer, _ in
                    try await answer(request, writer, pages)
                },
                configuration: HTTP1Channel.Configuration(
                    idleTimeout: .seconds(30), httpDecoderConfiguration: limits)),
            configuration: HummingbirdCore.ServerConfiguration(
                address: .hostname(address.host, port: address.port), backlog: 16,
                availableConnectionsDelegate: MaximumAvailableConnections(connectionLimit)),
            onServerRunning: { channel in
                continuation.yield(channel.localAddress?.port ?? address.port)
            },
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: quiet)
        // Detached: a graceful shutdown of the service must not end it before the last commit.
        let task = Task.detached {
            do {
                try await server.run()
                continuation.finish()
            } catch {
                continuation.finish(throwing: error)
            }
        }
        do {
            for try await port in bound {
                return MonitoringListener(
                    address: ListenAddress(host: address.host, port: port), task: task)
            }
        } catch {
            let isTaken = (error as? IOError)?.errnoCode == EADDRINUSE
            throw ServerError(
                isTaken ? .inUse : .io,
                isTaken ? "http: \(address) is in use." : "http: \(address): \(error).")
        }
        throw ServerError(.io, "http: \(address) was closed at once.")
    }

    /// Stops listening, and cuts who is connected.
    func stop() async {
        task.cancel()
        await task.value
    }

    private static func answer(
        _ request: Request, _ writer: consuming ResponseWriter, _ pages: MonitoringPages
    ) async throws {
        var page = MonitoringPages.Page(status: 405, body: "Only GET is answered.\n")
        if request.method == .get || request.method == .head {
            page = await pages.page(for: request.uri.path)
        }
        let body = ByteBuffer(string: page.body)
        var head = HTTPResponse(status: HTTPResponse.Status(code: page.status))
        head.headerFields[.contentType] = page.type
        head.headerFields[.contentLength] = "\(body.readableBytes)"
        head.headerFields[.cacheControl] = "no-store"
        try await writer.write(
            response: head, body: request.method == .head ? .init() : .init(byteBuffer: body))
    }
}
