import GlossCore
import GlossProtocol
import GlossStorage

/// Exchanges changes between libraries of one process, without a server and a network: what a sync
/// does to a library's file, and no more.
public struct LibraryExchange {
    private var logs: [DocumentID: [GlossProtocol.ReceivedChange]] = [:]
    /// The articles of the documents.
    private var articles: [DocumentID: DocumentID] = [:]
    /// When the change of a place in a log is received, from 0, in milliseconds since 1970.
    var clock: (Int) -> Int

    /// An exchange that has no changes yet.
    ///
    /// - Parameter now: the clock, in milliseconds since 1970.
    public init(now: @escaping () -> Int) {
        clock = { _ in now() }
    }

    /// Gives a library what the others gave, and takes what it has not given yet.
    public mutating func sync(_ library: Library) throws {
        try receive(library)
        while let change = try library.store.read({ try $0.unacknowledged().first }) {
            try take(change, from: library)
        }
    }

    /// Gives a library what the others gave.
    mutating func receive(_ library: Library) throws {
        for record in try library.store.read({ try $0.replicas() }) {
            logs[record.id, default: []] += []
            articles[record.id] = record.article
        }
        let user = try library.profile().user
        for (document, article) in articles.sorted(by: { $0.key < $1.key })
        where document.kind != .privateAnnotations
            || document == .privateSet(of: article, for: user)
        {
            try library.store.write { writer in
                if try writer.replica(document) == nil {
                    try writer.addReplica(
                        ReplicaRecord(
                            id: document, agent: AgentID(rawValue: library.environment.random()),
                            article: article))
                }
            }
            try send(document, to: library)
        }
    }

    /// Takes a change of a library that has received all there was.
    mutating func take(_ change: StoredChange, from library: Library) throws {
        let profile = try library.profile()
        let place = logs[change.document]?.count ?? 0
        logs[change.document, default: []].append(
            GlossProtocol.ReceivedChange(
                at: place + 1, user: profile.user, device: profile.label, time: clock(place),
                change: try EncodedChange(bytes: change.bytes)))
        try send(change.document, to: library)
    }

    private func send(_ document: DocumentID, to library: Library) throws {
        try library.store.write { writer in
            let position = try writer.replica(document)?.position ?? 0
            let log = logs[document] ?? []
            guard position < log.count else { return }
            _ = try writer.integrate(
                document, Array(log[position...]), to: log.count,
                environment: library.environment)
        }
    }
}
