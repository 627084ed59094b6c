import CoreMetrics
import GlossCore
import GlossProtocol
import GlossStorage
import Testing

@testable import GlossServer

@Suite("Metrics", .timeLimit(.minutes(1)))
struct MetricsTests {
    /// The samples of a page: name with labels, and value.
    private func samples(_ text: String) -> [String: Double] {
        var found: [String: Double] = [:]
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            guard let space = line.lastIndex(of: " ") else { continue }
            found[String(line[..<space])] = Double(line[line.index(after: space)...])
        }
        return found
    }

    @Test("Handles of one name and labels are one, and a histogram counts each value once")
    func registry() {
        let registry = MetricsRegistry()
        for _ in 0..<2 {
            Counter(
                label: "glossd_nacks_total", dimensions: [("code", "a\"b\\c\n")], factory: registry
            ).increment(by: 2)
        }
        let timer = Timer(label: "glossd_commit_seconds", factory: registry)
        timer.recordNanoseconds(500_000)
        timer.recordNanoseconds(500_001)
        timer.recordNanoseconds(60_000_000_000)
        let found = samples(registry.text)
        #expect(found[#"glossd_nacks_total{code="a\"b\\c\n"}"#] == 4)
        #expect(found[#"glossd_commit_seconds_bucket{le="0.0005"}"#] == 1)
        #expect(found[#"glossd_commit_seconds_bucket{le="0.001"}"#] == 2)
        #expect(found[#"glossd_commit_seconds_bucket{le="5.0"}"#] == 2)
        #expect(found[#"glossd_commit_seconds_bucket{le="+Inf"}"#] == 3)
        #expect(found["glossd_commit_seconds_count"] == 3)
        #expect(found["glossd_commit_seconds_sum"] == 60.001000001)
    }

    @Test("Every name is declared once with help and type, before its samples")
    func format() {
        let lines = ServerMetrics().registry.text.split(separator: "\n").map(String.init)
        var declared: [String] = []
        for line in lines {
            if line.hasPrefix("# TYPE ") {
                declared.append(String(line.split(separator: " ")[2]))
            } else if !line.hasPrefix("#") {
                let name = declared.last ?? ""
                #expect(line.hasPrefix(name), "\(line) is under \(name)")
            }
        }
        #expect(declared == MetricFamily.allCases.map(\.rawValue))
        for family in MetricFamily.allCases where family.kind == .counter {
            #expect(family.rawValue.hasSuffix("_total"))
        }
    }

    @Test("What happens to connections, pushes and commits is counted")
    func server() async throws {
        try await TestServer.run { server in
            let bystander = try await server.bystander()
            try await bystander.goesOn()
            let stranger = try await server.dial()
            try await stranger.hello(stranger.credential)
            #expect(try await stranger.lastError()?.code == .authFailed)
            let fork = Sample.typing("y", agent: Sample.agent(99))
            let answer = try await bystander.client.push(id: 10, [(Sample.article, [fork])])
            guard case .nack = answer else { throw Unexpected(message: "\(answer)") }
            // A client that finds another checksum says so; what it sends next is dealt with behind that.
            let differs = Failure(
                scope: .document, doc: Sample.article, code: .logMismatch, message: "another sum")
            try await bystander.client.send(.err(differs))
            try await bystander.goesOn()
            let page = await server.running.pages.page(for: "/metrics")
            #expect(page.status == 200 && page.type.contains("version=0.0.4"))
            let found = samples(page.body)
            #expect(found["glossd_connections_accepted_total"] == 2)
            #expect(found[#"glossd_logins_refused_total{code="auth_failed"}"#] == 1)
            #expect(found["glossd_checksum_mismatches_total"] == 1)
            #expect(found["glossd_pushes_total"] == 3)
            #expect(found["glossd_changes_received_total"] == 3)
            #expect(found[#"glossd_nacks_total{code="agent_fork"}"#] == 1)
            #expect(found["glossd_commit_changes_count"] == 1)
            #expect(found["glossd_commit_changes_sum"] == 1)
            #expect(found["glossd_push_answer_seconds_count"] == 3)
            #expect(found["glossd_documents_in_memory"] == 1)
            #expect((found["glossd_received_bytes_total"] ?? 0) > 100)
            #expect((found["glossd_sent_bytes_total"] ?? 0) > 100)
            #expect((found["glossd_connections"] ?? 0) >= 1)
        }
    }

    @Test("Ready is who can write, and not who drains or has a disk that lies")
    func readiness() async throws {
        let base = MemoryStore(lineage: 7)
        let readiness = Readiness(store: base)
        #expect(await readiness.problem() == nil)
        #expect(try await base.info().lineage == 7, "asking changes nothing")
        let draining = Readiness(store: base)
        draining.startDraining()
        #expect(await draining.problem() == "shutting down")
        readiness.fsyncFailed("the disk did not confirm a write")
        #expect(await readiness.problem()?.contains("confirm") == true)
        await base.close()
        #expect(await Readiness(store: base).problem()?.contains("cannot be written") == true)
    }

    @Test(
        "Only this machine may ask, unless it is said otherwise",
        arguments: [
            ("127.0.0.1:9464", "false", true), ("[::1]:1", "false", true),
            ("localhost", "false", true), (":9464", "false", false), ("10.0.0.1:1", "false", false),
            ("127.evil.example:1", "false", false), (":9464", "true", true),
        ])
    func loopback(http: String, isPublic: String, isFine: Bool) {
        let sources = ConfigurationSources(
            flags: ["http": http, "http_public": isPublic], file: nil
        ) { _ in nil }
        let found = try? sources.resolve().configuration.http
        #expect((found != nil) == isFine)
        if http == "localhost" { #expect(found?.port == 9464) }
    }
}
