import Foundation
import Glibc
import GlossCore
import GlossCrypto
import GlossProtocol
import GlossStorage

@testable import GlossClient

/// Exchanges changes with libraries without a network, and refuses some, as a server may.
final class PretendServer {
    private var exchange = LibraryExchange(now: { 0 })
    /// Changes the server refuses, by what they say.
    var refuses: (Change) -> Bool = { _ in false }
    /// When it receives the change of a place in a log, in milliseconds since 1970.
    var clock: (Int) -> Int {
        get { exchange.clock }
        set { exchange.clock = newValue }
    }

    init() { exchange.clock = { 1_000 + $0 } }

    /// A server with the same logs, to go another way with.
    init(copying other: PretendServer) {
        exchange = other.exchange
    }

    /// Exchanges everything, as a sync does.
    func sync(_ library: Library) throws {
        try exchange.receive(library)
        while let item = try library.store.read({ try $0.unacknowledged().first }) {
            guard refuses(try EncodedChange(bytes: item.bytes).change) else {
                try exchange.take(item, from: library)
                continue
            }
            let nack = Nack(
                id: 0, doc: item.document, agent: item.agent, seq: item.seq,
                code: .forbidden, message: "not allowed")
            _ = try library.store.write { writer in
                try writer.refuse([item], nack, environment: library.environment)
            }
        }
    }
}

/// Where the libraries of this process are; gone when it ends.
private let scratch: String = {
    atexit { try? FileManager.default.removeItem(atPath: scratch) }
    return NSTemporaryDirectory() + "gloss-\(UUID().uuidString)"
}()

/// A library in a directory of its own, with a clock that counts and seeded chance.
func makeLibrary(_ user: String, label: String? = nil, seed: UInt64 = 1) throws -> Library {
    let directory = scratch + "/\(UUID().uuidString)"
    let state = Counter(seed &* 0x9E37_79B9_7F4A_7C15 ^ UInt64(user.hashBits))
    return try Library.create(
        in: directory, user: user, label: label ?? "\(user)-laptop",
        environment: ClientEnvironment(now: { Int(state.next() & 0xFFFF) }, random: state.random))
}

/// Seeded chance shared by the closures of an environment.
private final class Counter: @unchecked Sendable {
    // A test uses it from one thread; the lock makes that true whatever the test does.
    private let lock = NSLock()
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    func next() -> UInt64 {
        lock.withLock {
            state &+= 1
            return state
        }
    }

    @Sendable func random() -> UInt64 {
        var z = next() &* 0x9E37_79B9_7F4A_7C15
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

extension String {
    fileprivate var hashBits: Int { utf8.reduce(7) { ($0 &* 31 &+ Int($1)) & 0xFFFF_FFFF } }
}
