import Foundation
import GlossCore
import GlossProtocol
import GlossStorage
import GlossTransport
import Testing

@testable import GlossServer

@Suite("Administration", .timeLimit(.minutes(1)))
struct AdministrationTests {
    @Test("Commands do the same on a running server and on a stopped one")
    func bothWays() async throws {
        try await TestServer.withDirectory { path in
            var link: String?
            try await TestServer.run(in: path) { server in
                let client = try await server.join("ana", .editor)
                _ = try await Administration.perform(
                    AdminRequest(.role, name: "ana", role: "owner"), dataDirectory: path)
                let status = try await Administration.perform(
                    AdminRequest(.status), dataDirectory: path
                ).status
                #expect(status?.running == true)
                #expect(status?.connections == 1)
                let invitation = try await Administration.perform(
                    AdminRequest(.invite), dataDirectory: path
                ).invitation
                link = invitation?.link
                await client.line.close()
            }
            let users = try await Administration.perform(AdminRequest(.users), dataDirectory: path)
            #expect(users.schema == "glossd.users/1")
            #expect(users.users?.map(\.name) == ["ana"])
            #expect(users.users?.first?.memberships.map(\.role) == ["owner"])
            let status = try await Administration.perform(
                AdminRequest(.status), dataDirectory: path
            ).status
            #expect(status?.running == false)
            let offline = try await Administration.perform(
                AdminRequest(.invite), dataDirectory: path
            ).invitation
            let links = [link, offline?.link].compactMap { $0.flatMap { JoinLink($0) } }
            try #require(links.count == 2)
            #expect(links[0].port == links[1].port)
            #expect(links[0].fingerprint == links[1].fingerprint)
            #expect(links[0].secret != links[1].secret)
        }
    }

    /// Requests that make no sense, and the code each is answered with.
    private static let refused: [(AdminRequest, ServerError.Code)] = [
        (AdminRequest(.role, name: "nobody", role: "owner"), .notFound),
        (AdminRequest(.role, role: "owner"), .invalid),
        (AdminRequest(.revoke, name: "0000000000000001"), .notFound),
        (AdminRequest(.revoke, name: "x"), .notFound),
        (AdminRequest(.invite, role: "king"), .invalid),
        (AdminRequest(.invite, name: "A b"), .invalid),
        (AdminRequest(.invite, expires: 0), .invalid),
        (AdminRequest(.invite, uses: 0), .invalid),
        (AdminRequest(.invite, library: "none"), .notFound),
        (AdminRequest(.addLibrary, name: "main"), .exists),
        (AdminRequest(.addLibrary, name: ""), .invalid),
        (AdminRequest(.addLibrary, name: "a\u{85}b"), .invalid),
        (AdminRequest(.addLibrary, name: String(repeating: "a", count: 65)), .invalid),
        (AdminRequest(.backup, path: "relative.db"), .invalid),
        (AdminRequest(.backup, path: "/nowhere/copy.db", dry: true), .io),
        (AdminRequest(.backup, path: "/etc/passwd/copy.db", dry: true), .io),
    ]

    @Test("Requests that make no sense are refused with a reason", arguments: refused)
    func refusals(request: AdminRequest, code: ServerError.Code) async throws {
        try await TestServer.run { server in
            let error = await #expect(throws: ServerError.self) {
                try await Administration.perform(request, dataDirectory: server.directory.path)
            }
            #expect(error?.code == code)
            #expect(error?.message.isEmpty == false)
        }
    }

    @Test("A line that is no request is answered, and the socket goes on")
    func badLine() async throws {
        try await TestServer.run { server in
            let admin = try await AdminClient(server)
            for text in ["hello", "{}", #"{"command":"fly"}"#] {
                let answer = try await admin.askBroken(text)
                #expect(answer.failure?.code == .invalid)
            }
            let answer = try await admin.ask(AdminRequest(.status))
            #expect(answer.report?.schema == "glossd.status/1")
            await admin.close()
        }
    }

    @Test("What is asked and answered is what the schemas say, whatever the command")
    func schemas() async throws {
        try await TestServer.run { server in
            let bystander = try await server.bystander()
            let admin = try await AdminClient(server)
            // What this server was configured with it cannot read again.
            for command in AdminRequest.Command.allCases where command != .reload {
                let request =
                    switch command {
                    case .invite:
                        AdminRequest(.invite, name: "jo", role: "reader", expires: 60, uses: 2)
                    case .role: AdminRequest(.role, name: "bystander", role: "owner")
                    case .revoke: AdminRequest(.revoke, name: bystander.client.device.description)
                    case .addLibrary: AdminRequest(.addLibrary, name: "other")
                    case .documents: AdminRequest(.documents, library: "main")
                    case .backup: AdminRequest(.backup, path: server.directory.path + "/copy.db")
                    case .purge:
                        AdminRequest(.purge, name: Sample.article.description, dry: true)
                    case .documentRole:
                        AdminRequest(
                            .documentRole, name: Sample.article.description, user: "bystander",
                            role: "none", dry: true)
                    case .compact: AdminRequest(.compact, library: "main", dry: true)
                    case .users, .devices, .libraries, .reload, .status: AdminRequest(command)
                    }
                #expect(try await admin.ask(request).report != nil, "\(command)")
            }
            let again = AdminRequest(.addLibrary, name: "other")
            #expect(try await admin.ask(again).failure?.code == .exists)
            for (request, code) in Self.refused {
                let answer = try await admin.askBroken(request)
                // There are two libraries now, and somebody has to say which.
                #expect([code, .invalid].contains(answer.failure?.code), "\(request)")
            }
            await admin.close()
        }
    }

    @Test("What a library would be called is said before it is made, its id is not")
    func plannedLibrary() async throws {
        try await TestServer.run { server in
            func add(dry: Bool) async throws -> AdminReport.Library {
                let report = try await Administration.perform(
                    AdminRequest(.addLibrary, name: "other", dry: dry),
                    dataDirectory: server.directory.path)
                return try #require(report.libraries?.first)
            }
            let planned = try await add(dry: true)
            #expect(planned.name == "other" && planned.id == nil)
            let made = try await add(dry: false)
            #expect(try await server.store.library(named: "other")?.id.description == made.id)
        }
    }

    @Test("With -n the data of a stopped server of an older version stay as they are")
    func olderSchema() async throws {
        try await TestServer.withDirectory { path in
            try await TestServer.run(in: path) { _ in }
            // The version of the schema stands at byte 60 of an SQLite file.
            let file = DataDirectory(path: path).store
            var bytes = try Data(contentsOf: URL(fileURLWithPath: file))
            #expect(Array(bytes[60..<64]) == [0, 0, 0, UInt8(StoreFile.currentSchema)])
            bytes[63] -= 1
            try bytes.write(to: URL(fileURLWithPath: file))
            let requests = [
                AdminRequest(.invite, dry: true), AdminRequest(.addLibrary, name: "x", dry: true),
                AdminRequest(.role, name: "ana", role: "reader", dry: true),
                AdminRequest(.compact, dry: true),
                AdminRequest(.backup, path: path + "/copy.db", dry: true),
            ]
            for request in requests {
                let error = await #expect(throws: ServerError.self) {
                    try await Administration.perform(request, dataDirectory: path)
                }
                #expect(error?.code == .invalid)
                #expect(error?.message.contains("glossd migrate") == true)
            }
            #expect(try Data(contentsOf: URL(fileURLWithPath: file)) == bytes)
        }
    }

    @Test("On data without a key only an invitation makes one, and what only reads writes no file")
    func nothingMade() async throws {
        try await TestServer.withDirectory { path in
            let directory = DataDirectory(path: path)
            try directory.prepare()
            let store = try SQLiteStore(
                path: directory.store, lineage: 1, packing: HistoryPacking())
            try await store.addLibrary(
                LibraryRecord(id: Sample.library, name: "main", createdAt: 1))
            _ = try await store.createArticle(Sample.article, in: Sample.library, now: 1)
            try await store.close()
            func perform(_ request: AdminRequest) async throws -> AdminReport {
                try await Administration.perform(request, dataDirectory: path)
            }
            let article = Sample.article.description
            for request in [
                AdminRequest(.invite, dry: true), AdminRequest(.addLibrary, name: "x", dry: true),
                AdminRequest(.purge, name: article, dry: true), AdminRequest(.compact, dry: true),
                AdminRequest(.users), AdminRequest(.devices), AdminRequest(.libraries),
                AdminRequest(.documents), AdminRequest(.status),
                AdminRequest(.backup, path: path + "/copy.db", dry: true),
            ] {
                _ = try await perform(request)
                let names = try FileManager.default.contentsOfDirectory(atPath: path)
                // SQLite may keep something beside the database.
                let made = names.filter { !$0.hasPrefix("glossd.db") }
                #expect(made == ["lock"], "\(request.command)")
            }
            #expect(try await perform(AdminRequest(.status)).status?.fingerprint == "none")
            _ = try await perform(AdminRequest(.addLibrary, name: "x"))
            #expect(!directory.holdsKey)
            _ = try await perform(AdminRequest(.invite, library: "main"))
            let key = try ServerKey.loadOrCreate(in: path)
            #expect(
                try await perform(AdminRequest(.status)).status?.fingerprint
                    == key.fingerprint.description)
        }
    }

    @Test("A backup is a whole store, made while the server runs")
    func backup() async throws {
        try await TestServer.run { server in
            let bystander = try await server.bystander()
            try await bystander.goesOn()
            let path = server.directory.path + "/copy.db"
            _ = try await Administration.perform(
                AdminRequest(.backup, path: path), dataDirectory: server.directory.path)
            let copy = try SQLiteStore(path: path, lineage: 1, packing: HistoryPacking())
            let rows = try await copy.rows(
                of: Sample.article, after: 0, maxBytes: 1 << 20, maxRows: 10)
            #expect(rows.map(\.user) == ["bystander"])
            try await copy.close()
        }
    }

    @Test("Times are RFC 3339 in UTC")
    func timestamps() {
        #expect(Timestamp.text(0) == "1970-01-01T00:00:00.000Z")
        #expect(Timestamp.text(1_795_452_729_691) == "2026-11-23T16:52:09.691Z")
    }

    @Test(
        "Addresses are read as people write them",
        arguments: [
            (":7464", "0.0.0.0:7464"), ("127.0.0.1:0", "127.0.0.1:0"), ("[::1]:80", "[::1]:80"),
            ("notes.lan", "notes.lan:7464"),
        ])
    func addresses(text: String, expected: String) {
        #expect(ListenAddress(text)?.description == expected)
    }

    @Test(
        "What is no address is refused",
        arguments: ["", ":", "a:b", "a:70000", "::1", "a b:1", "[::1", "host:-1"])
    func noAddresses(text: String) {
        #expect(ListenAddress(text) == nil)
    }

    @Test("Documents are compacted on a running server and on a stopped one, or only looked at")
    func compaction() async throws {
        try await TestServer.withDirectory { path in
            func compact(dry: Bool = false) async throws -> [AdminReport.Compaction] {
                let report = try await Administration.perform(
                    AdminRequest(.compact, dry: dry), dataDirectory: path)
                #expect(report.schema == "glossd.compactions/1")
                return try #require(report.compactions)
            }
            func push(_ server: TestServer, _ range: Range<Int>, _ id: Int) async throws {
                let client = try await server.join("ana\(id)", device: UInt64(id))
                if id == 1 {
                    try await client.send(
                        .docs(
                            DocumentsRequest(
                                id: 1, library: server.library, creating: [Sample.article])))
                    _ = try await client.receive()
                }
                let changes = range.map {
                    Sample.typing(
                        "x", agent: Sample.agent(UInt64(id)), seq: $0 - range.lowerBound)
                }
                guard case .ack = try await client.push(id: 9, [(Sample.article, changes)]) else {
                    throw Unexpected(message: "not acknowledged")
                }
                await client.line.close()
            }
            try await TestServer.run(in: path) { server in
                try await push(server, 0..<200, 1)
                let plan = try await compact(dry: true)
                #expect(plan.map(\.id) == ["\(Sample.article)"] && plan[0].changes == 200)
                #expect(plan[0].after < plan[0].before)
                #expect(try await server.store.block(of: Sample.article) == nil)
                #expect(try await compact() == plan)
                #expect(try await compact().isEmpty)
                try await push(server, 0..<50, 2)
            }
            #expect(try await compact(dry: true).map(\.changes) == [50])
            #expect(try await compact().map(\.changes) == [50])
            #expect(try await compact().isEmpty)
            let documents = try await Administration.perform(
                AdminRequest(.documents), dataDirectory: path
            ).documents
            #expect(documents?.map(\.head) == [250, 0])
        }
    }
}
