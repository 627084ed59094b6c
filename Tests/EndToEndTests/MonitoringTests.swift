import Foundation
import Glibc
import Testing

extension EndToEnd {
    /// The private HTTP listener, asked by hand.
    @Suite("Health and metrics")
    struct MonitoringTests {
        let desk: Desk

        init() throws {
            desk = try Desk()
        }

        private func start(_ options: [String]) async throws -> (GlossServerProcess, port: Int) {
            let server = GlossServerProcess(desk, options: options)
            let program = try await server.start()
            let progress = await program.wait { $0.errorText.contains("/metrics") }
            let text = progress.errorText
            let start = try #require(text.range(of: "http://127.0.0.1:")?.upperBound)
            return (server, try #require(Int(text[start...].prefix { $0.isNumber })))
        }

        private func get(_ path: String, _ port: Int, method: String = "GET") throws -> String {
            let request = "\(method) \(path) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
            return String(decoding: try PlainSocket.send(request, port: port), as: UTF8.self)
        }

        @Test("A running server is alive and ready, and its numbers are Prometheus text")
        func pages() async throws {
            let (server, port) = try await start(["--set", "http=127.0.0.1:0"])
            let mira = Person("mira", at: desk)
            try await mira.join(server.firstInvitation())
            try desk.write(Sample.article, to: "piece.txt")
            try await mira.gloss("add", "piece.txt", "--name", "piece")
            try await mira.gloss("sync")
            #expect(try get("/healthz", port).hasSuffix("\r\n\r\nalive\n"))
            #expect(try get("/readyz", port).hasPrefix("HTTP/1.1 200 OK\r\n"))
            let metrics = try get("/metrics?x=1", port)
            #expect(metrics.hasPrefix("HTTP/1.1 200 OK\r\n"), "\(metrics)")
            #expect(metrics.contains("text/plain; version=0.0.4"), "\(metrics)")
            #expect(metrics.contains("# TYPE glossd_commit_seconds histogram\n"))
            let accepted = metrics.split(separator: "\n")
                .first { $0.hasPrefix("glossd_connections_accepted_total ") }
            #expect(accepted == "glossd_connections_accepted_total 2")
            #expect(!metrics.contains("mira") && !metrics.contains("piece"))
            #expect(try get("/", port).hasPrefix("HTTP/1.1 404 "))
            #expect(try get("/metrics", port, method: "POST").hasPrefix("HTTP/1.1 405 "))
            let head = try get("/healthz", port, method: "HEAD")
            #expect(
                head.hasSuffix("\r\n\r\n") && head.contains("ontent-") && !head.contains("alive"))
            #expect(try PlainSocket.send("nonsense\r\n\r\n", port: port).count < 1_000)
            #expect(await server.stop()?.ending == .exited(0))
        }

        @Test("An address that others could read is refused, and a taken one is named")
        func refusals() async throws {
            let file = try desk.write("data = d\n\nhttp = :9464\n", to: "glossd.conf")
            let open = try await desk.run([Binaries.glossd, "serve", "--config", file])
            #expect(open.status == 78, "\(open)")
            #expect(open.errors.contains("\(file), line 3: http = 0.0.0.0:9464"), "\(open)")
            #expect(open.errors.contains("http_public"), "\(open)")
            let (_, port) = try await start(["--set", "http=127.0.0.1:0"])
            let taken = try await desk.run([
                Binaries.glossd, "serve", "--data", "other", "--listen", "127.0.0.1:0", "--set",
                "http=127.0.0.1:\(port)",
            ])
            #expect(taken.status == 9, "\(taken)")
            #expect(taken.errors.contains("127.0.0.1:\(port) is in use"), "\(taken)")
        }

        @Test(
            "A server whose disk is full is alive and not ready",
            .enabled(if: Tool.mayMount, "needs the right to mount"))
        func full() async throws {
            let disk = try await SmallDisk(desk, kilobytes: 8_192)
            let server = GlossServerProcess(
                desk, data: disk.path + "/server", wrapper: disk.wrapper,
                options: ["--set", "http=127.0.0.1:0"])
            let program = try await server.start()
            let text = await program.wait { $0.errorText.contains("/metrics") }.errorText
            let start = try #require(text.range(of: "http://127.0.0.1:")?.upperBound)
            let port = try #require(Int(text[start...].prefix { $0.isNumber }))
            try await disk.fill()
            let full = try get("/readyz", port)
            #expect(full.hasPrefix("HTTP/1.1 503 "), "\(full)")
            #expect(full.contains("no room is left"), "\(full)")
            #expect(try get("/healthz", port).hasPrefix("HTTP/1.1 200 "))
            try await disk.clear()
            try await Task.sleep(for: .milliseconds(1_100))
            #expect(try get("/readyz", port).hasPrefix("HTTP/1.1 200 "))
        }
    }
}
