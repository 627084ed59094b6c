public import GlossCore
import Synchronization

/// Three people with a library each, who worked on one article offline and met again: a small world
/// to learn conflicts in. Nothing in it is pretended but the people.
public struct Demonstration {
    /// The library of whoever looks on.
    public let own: Library
    /// Those of the others.
    public let colleagues: [Library]
    /// The article.
    public let article: DocumentID
    private var exchange: LibraryExchange
    private let clock: StoryClock

    /// Makes the libraries and lets their owners work until they have met again.
    ///
    /// - Parameters:
    ///   - directory: where the libraries are made; it must be there and have none.
    ///   - user: what whoever looks on is called.
    ///   - now: the clock, in milliseconds since 1970. The story begins a day before.
    public init(
        in directory: String, user: String, now: @escaping @Sendable () -> Int
    ) throws {
        let clock = StoryClock(now)
        self.clock = clock
        exchange = LibraryExchange(now: { clock.now })
        func library(_ user: String, _ label: String) throws -> Library {
            try Library.create(
                in: "\(directory)/\(label)", user: user, label: label,
                environment: ClientEnvironment(now: { clock.now }))
        }
        own = try library(user, "laptop")
        let names = ["mira", "jo", "kim"].filter { $0 != user }
        colleagues = [try library(names[0], "desk"), try library(names[1], "phone")]
        article = try DemonstrationStory.begin(colleagues[0])
        try meet()
        try DemonstrationStory.suggest(colleagues[1], in: article)
        try meet()
        clock.set(hoursAgo: 3)
        try DemonstrationStory.work(own, colleagues[0], colleagues[1], in: article, clock)
        for (hours, library) in [(3, own), (2, colleagues[0]), (1, colleagues[1])] {
            clock.set(hoursAgo: hours)
            try exchange.sync(library)
        }
        clock.set(hoursAgo: 0)
        try meet()
    }

    /// Everybody gets what the others did.
    public mutating func meet() throws {
        for library in [own] + colleagues + [own] + colleagues { try exchange.sync(library) }
    }

    /// The open questions, in the order they are explained in.
    public func conflicts() throws -> [ConflictView] {
        let order: [ConflictKind] = [.value, .verdict, .deleteEdit]
        return try own.conflicts().sorted {
            let places = [$0, $1].map { order.firstIndex(of: $0.conflict.kind) ?? order.count }
            return places[0] < places[1]
        }
    }

    /// Whether everybody has the same text, notes and questions.
    public func agrees() throws -> Bool {
        let checksum = try own.view(article).checksum
        let open = try own.conflicts().map(\.conflict.id)
        return try colleagues.allSatisfy {
            try $0.view(article).checksum == checksum && $0.conflicts().map(\.conflict.id) == open
        }
    }

    /// Closes the libraries.
    public func close() throws {
        for library in [own] + colleagues { try library.close() }
    }
}

/// The clock of the story: some hours behind the real one.
final class StoryClock: Sendable {
    private let real: @Sendable () -> Int
    private let delay = Mutex(26 * 3_600_000)

    init(_ real: @escaping @Sendable () -> Int) {
        self.real = real
    }

    var now: Int { real() - delay.withLock { $0 } }

    func set(hoursAgo hours: Int) { delay.withLock { $0 = hours * 3_600_000 } }
}
