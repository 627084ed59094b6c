import Foundation
import Testing

extension EndToEnd {
    /// The clock on the wall is set, of a server and of clients that run.
    @Suite("Clocks that are set", .enabled(if: WallClock.library != nil, "needs glibc"))
    struct ClockTests {
        @Test("Nobody is cut off, and all agree, however a clock steps", arguments: [true, false])
        func steps(ofServer: Bool) async throws {
            let desk = try Desk()
            let clock = try WallClock(desk)
            let server = GlossServerProcess(desk, wrapper: ofServer ? clock.wrapper : [])
            let mira = Person("mira", at: desk, wrapper: ofServer ? [] : clock.wrapper)
            let jo = Person("jo", at: desk)
            try await server.start()
            try await mira.join(server.firstInvitation())
            try desk.write(Sample.article, to: "piece.txt")
            try await mira.gloss("add", "piece.txt", "--name", "piece")
            try await mira.gloss("sync")
            try await jo.join(server.invite())
            let watch = try mira.start("sync", "--watch")
            await watch.wait { $0.errorText.contains("connected to") }
            let (hour, year) = (3_600, 31_536_000)
            let shifts = [hour, -hour, year, -year, 0]
            for (index, shift) in shifts.enumerated() {
                try clock.set(shift)
                try await mira.note("piece", Sample.words[index], "at \(shift)")
                try await jo.note("piece", Sample.words[10 + index], "at \(shift)")
                try await jo.gloss("sync")
                let file = mira.file
                let deadline = ContinuousClock.now + .seconds(60)
                while try Ledger.unacknowledged(in: file) > 0, ContinuousClock.now < deadline {
                    try await Task.sleep(for: .milliseconds(20))
                }
                #expect(try Ledger.unacknowledged(in: file) == 0, "at \(shift)")
                // An invitation is good from when it was made, by the clock of the server.
                let ada = Person("ada\(index)", at: desk)
                try await ada.join(server.invite("--role", "reader"))
            }
            let text = watch.soFar.errorText
            #expect(text.components(separatedBy: "connected to").count == 2, "\(text)")
            watch.signal(SIGINT)
            _ = await watch.end()
            for person in [mira, jo, mira] { try await person.gloss("sync") }
            let checksum = try await mira.checksum(of: "piece")
            #expect(try await jo.checksum(of: "piece") == checksum)
            #expect(try await jo.objects("notes", "piece").count == 2 * shifts.count)
            try await mira.gloss("undo")
            #expect(try await mira.objects("notes", "piece").count == 2 * shifts.count - 1)
            try await mira.gloss("sync")
            _ = await server.stop()
            // That changes are from the future is all there is to say against it.
            let doctor = try await desk.run([
                Binaries.glossd, "doctor", "--json", "--set", "connections=50", "--data",
                server.data,
            ])
            let wrong = try doctor.objects().filter { $0["level"].string == "error" }
                .map { $0["name"].string }
            #expect(wrong == (ofServer ? ["time of changes"] : []), "\(doctor)")
        }
    }
}

/// A clock on the wall that a test sets, for the programs that run under it.
struct WallClock {
    /// What shifts the time of a program it is loaded into.
    static let library: String? = {
        let path = "\(Binaries.directory)/libShiftedClock.so"
        return FileManager.default.fileExists(atPath: path) ? path : nil
    }()

    private let file: URL

    init(_ desk: Desk) throws {
        file = URL(fileURLWithPath: "\(desk.path)/clock")
        try Data(count: 8).write(to: file)
    }

    /// What a command runs under.
    var wrapper: [String] {
        ["env", "LD_PRELOAD=\(Self.library ?? "")", "SHIFTED_CLOCK=\(file.path)"]
    }

    /// Shows so many seconds more than it is.
    func set(_ seconds: Int) throws {
        let handle = try FileHandle(forWritingTo: file)
        defer { try? handle.close() }
        try handle.write(contentsOf: withUnsafeBytes(of: Int64(seconds)) { Data($0) })
    }
}
