import Glibc
import GlossClient
import GlossCore
import Synchronization

/// Whether Ctrl-C was pressed or the process was asked to end.
private let isInterrupted = Atomic<Bool>(false)

extension Console {
    /// Runs work that ends in good order when the process is interrupted.
    func untilInterrupted<T: Sendable>(
        _ work: @escaping @Sendable () async throws -> T
    ) async throws -> T {
        for number in [SIGINT, SIGTERM] {
            signal(number) { _ in
                // A second time ends at once.
                if isInterrupted.exchange(true, ordering: .relaxed) {
                    _exit(ExitStatus.interrupted.rawValue)
                }
            }
        }
        let task = Task { try await work() }
        let watch = Task { [sleep = clientEnvironment.sleep] in
            while !isInterrupted.load(ordering: .relaxed) {
                try await sleep(.milliseconds(50))
            }
            task.cancel()
        }
        defer { watch.cancel() }
        do {
            return try await task.value
        } catch is CancellationError {
            throw Console.interruption
        }
    }

    /// Whether the process was interrupted.
    var wasInterrupted: Bool { isInterrupted.load(ordering: .relaxed) }

    /// How interrupted work ends.
    static let interruption = CommandError(
        .interrupted, "interrupted", "interrupted; what was sent is sent")

    private func visitor(_ article: String, _ user: String, _ device: String) -> [OutputMember] {
        [
            OutputMember("article", .string(article)), OutputMember("user", .string(user)),
            OutputMember("device", .string(device)),
        ]
    }

    private func work(_ article: String, _ count: Int, _ authors: [String]) -> [OutputMember] {
        [
            OutputMember("article", .string(article)), OutputMember("count", .integer(count)),
            OutputMember("authors", .strings(authors)),
        ]
    }

    private func name(of article: DocumentID, _ library: Library) -> String {
        (try? library.articleName(article)) ?? ""
    }

    /// Tells what happens while a sync watches: in words, or with `--json` as one object a line.
    func live(_ event: SyncEvent, _ library: Library) {
        func tell(_ name: String, _ members: [OutputMember], _ words: String) {
            json("sync_event", [OutputMember("event", .string(name))] + members)
            say(words)
        }
        switch event {
        case .connected(let server):
            tell("connected", [OutputMember("server", .string(server))], "connected to \(server)")
        case .received(let article, let count, let authors):
            let name = name(of: article, library)
            tell(
                "received", work(name, count, authors),
                "received \(count) from \(authors.joined(separator: ", ")) in \(name)")
        case .acknowledged(let count):
            tell("sent", [OutputMember("count", .integer(count))], "sent \(count)")
        case .refused(let count, let message):
            tell(
                "refused",
                [
                    OutputMember("count", .integer(count)),
                    OutputMember("reason", .string(message)),
                ], "refused \(count): \(message)")
        case .postponed(let message):
            tell("postponed", [OutputMember("reason", .string(message))], "later: \(message)")
        case .failed(let article, let message):
            let name = name(of: article, library)
            tell(
                "failed",
                [
                    OutputMember("article", .string(name)),
                    OutputMember("reason", .string(message)),
                ], "\(name.isEmpty ? "\(article)" : name): \(message)")
        case .lost(let article, let count, let authors):
            let name = name(of: article, library)
            tell(
                "lost", work(name, count, authors),
                "\(name): the server was restored without \(count) by "
                    + "\(authors.joined(separator: ", ")); what builds on them waits until their "
                    + "author syncs, or for gloss sync --without-lost")
        case .purged(let article):
            let name = name(of: article, library)
            tell(
                "purged", [OutputMember("article", .string(name))],
                "\(name) is gone from the server for good; your copy stays")
        case .arrived(let article, let user, let device):
            let name = name(of: article, library)
            tell("arrived", visitor(name, user, device), "\(user) (\(device)) is in \(name)")
        case .departed(let article, let user, let device):
            let name = name(of: article, library)
            tell("departed", visitor(name, user, device), "\(user) (\(device)) has left \(name)")
        case .settled: break
        case .disconnected(let reason, let delay):
            tell(
                "disconnected",
                [
                    OutputMember("reason", .string(reason)),
                    OutputMember("retry_in_ms", .integer(delay)),
                ], "\(reason) Trying again in \(delay / 100 * 100) ms.")
        }
    }
}
