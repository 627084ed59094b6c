import Foundation
import GlossTransport
import Testing

extension EndToEnd {
    /// What the server has asked of the operating system when it says that a change is on disk.
    ///
    /// That a change outlives a killed process says nothing about power: the system keeps what it
    /// was given. So this looks at the order of the calls.
    @Suite(
        "An acknowledgement waits for the disk",
        .enabled(if: Tool.mayTrace, "needs strace, and the right to trace"))
    struct DurabilityTests {
        /// Whether, from the receipt of something on a TCP connection to the next answer there,
        /// everything written to the write-ahead log was also confirmed by the disk.
        ///
        /// - Returns: what is wrong; `nil` if nothing is.
        static func fault(in trace: String) -> String? {
            var received = false
            var written = false
            var waits = false
            for moment in Tracing.moments(trace) {
                let call = moment.call
                let isSocket = call.rest.contains("<TCP:") || call.rest.contains("<socket:")
                let isLog = call.rest.contains("glossd.db-wal>")
                switch call.name {
                case "read", "recvfrom", "recvmsg", "readv":
                    if isSocket, moment.isEnd, !written { received = true }
                case "pwrite64" where isLog && received && moment.isBegin:
                    (written, waits) = (true, true)
                case "fdatasync", "fsync":
                    if isLog, moment.isEnd, call.rest.contains("= 0") { waits = false }
                case "write", "writev", "sendto", "sendmsg":
                    guard isSocket, moment.isBegin, received, written else { continue }
                    return waits ? "an answer left before the disk confirmed the log" : nil
                default: break
                }
            }
            if !received { return "nothing was received" }
            return written ? "nothing was answered" : "nothing was written to the log"
        }

        @Test("A call that other threads came between counts from its begin or from its end")
        func interleaved() {
            let beforeSync = [
                #"11 read(9<TCP:[10->20]>, "push", 2048) = 60"#,
                #"12 pwrite64(7</d/glossd.db-wal>, "x", 4096, 0) = 4096"#,
                #"12 fdatasync(7</d/glossd.db-wal> <unfinished ...>"#,
                #"11 write(4<anon_inode:[eventfd]>, "\1\0\0\0\0\0\0\0", 8) = 8"#,
            ]
            let synced = ["12 <... fdatasync resumed>) = 0"]
            let failed = ["12 <... fdatasync resumed>) = -1 EIO (Input/output error)"]
            let answer = [#"11 write(9<TCP:[10->20]>, "ack", 90 <unfinished ...>"#]
            func fault(_ lines: [[String]]) -> String? {
                Self.fault(in: lines.joined().joined(separator: "\n"))
            }
            #expect(fault([beforeSync, synced, answer]) == nil)
            #expect(fault([beforeSync, answer, synced]) != nil)
            #expect(fault([beforeSync, failed, answer]) != nil)
            #expect(fault([beforeSync, synced]) == "nothing was answered")
            let calls = Tracing.calls((beforeSync + synced + answer).joined(separator: "\n"))
            #expect(calls.map(\.name) == ["read", "pwrite64", "fdatasync", "write", "write"])
        }

        @Test("Between the receipt of a push and its ack the log is written and synced")
        func order() async throws {
            let desk = try Desk()
            let calls =
                "read,recvfrom,recvmsg,readv,write,writev,sendto,sendmsg,pwrite64,fdatasync,fsync"
            let server = GlossServerProcess(
                desk,
                wrapper: ["strace", "-f", "-yy", "-o", "trace", "-e", "trace=\(calls)"])
            try await server.start()
            let link = try await server.firstInvitation()
            let client = try await HandClient(link)
            try await client.send(Typed.joining(Typed.secret(of: link), as: "hand"))
            let welcome = try await client.receive("welcome")
            try await client.send(Typed.docs(try #require(welcome["lib"].string)))
            _ = try await client.receive("docs")
            for number in 0..<5 {
                try await client.send(#"{"t":"ping","n":\#(number)}"#)
                _ = try await client.receive("pong")
                let start = try desk.read("trace").count
                try await client.send(Typed.push(id: 10 + number, "w", seq: number))
                _ = try await client.receive("ack")
                let trace = String(try desk.read("trace").dropFirst(start))
                #expect(Self.fault(in: trace) == nil, "\(trace)")

                // The same trace as a server that does not wait would leave it.
                let careless = trace.split(separator: "\n")
                    .filter { !$0.contains("fdatasync") && !$0.contains("fsync") }
                    .joined(separator: "\n")
                #expect(Self.fault(in: careless) != nil, "the check can fail")
            }
            await client.connection.close()
            await server.kill()
        }
    }
}
