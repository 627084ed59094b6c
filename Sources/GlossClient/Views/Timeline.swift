import GlossCore
import GlossProtocol
import GlossStorage

/// What happened to an article and its notes, in one order: by the time the server received a
/// change, or its author's clock until then, and never an effect before its cause.
///
/// All devices that hold the same acknowledged changes have them in the same order.
struct Timeline {
    /// One change.
    struct Entry {
        let stored: StoredChange
        let change: Change
        let author: Attribution
        /// The time that counts: not before those of its causes. Milliseconds since 1970.
        let time: Int
        fileprivate let clock: Int
        fileprivate let depth: Int

        var document: DocumentID { stored.document }

        /// The short name of the change.
        var shortID: ShortID { ShortID(change.id) }

        static func precedes(_ left: Entry, _ right: Entry) -> Bool {
            if left.time != right.time { return left.time < right.time }
            if left.clock != right.clock { return left.clock < right.clock }
            if left.depth != right.depth { return left.depth < right.depth }
            return (left.document, left.change.id) < (right.document, right.change.id)
        }
    }

    let article: DocumentID
    /// The article's annotation sets that are here, the shared one first.
    let sets: [DocumentID]
    /// The changes, the oldest first; none that the server refused.
    let entries: [Entry]
    let names: ShortIDs
    /// For each agent its changes in the order of their numbers, by their index.
    private var changes: [DocumentID: [AgentID: [(seqs: Range<Int>, index: Int)]]] = [:]

    init(_ reader: LibraryReader, article: DocumentID, profile: Profile) throws {
        self.article = article
        sets = try reader.sets(of: article)
        var builder = TimelineBuilder(article: article)
        for document in [article] + sets {
            let authors = try Authorship(reader, document: document, profile: profile)
            for stored in try reader.changes(of: document) {
                if case .refused = stored.state { continue }
                let change = try ChangeCodec.decode(stored.bytes)
                guard let author = authors.attribution(of: change.id) else { continue }
                builder.add(stored, change, author)
            }
        }
        entries = builder.entries.sorted(by: Entry.precedes)
        names = ShortIDs(entries.map(\.shortID.key))
        for (index, entry) in entries.enumerated() {
            let change = entry.change
            changes[entry.document, default: [:]][change.agent, default: []]
                .append((change.seq..<change.endSeq, index))
        }
    }

    /// The short name of a change, unique in the article.
    func name(of entry: Entry) -> String { names.name(of: entry.shortID) }

    /// The place of the change that holds an operation; `nil` if there is none. O(log n).
    func index(of id: OpID, in document: DocumentID) -> Int? {
        guard let all = changes[document]?[id.agent] else { return nil }
        let place = all.partitioningIndex { $0.seqs.upperBound > id.seq }
        guard place < all.count, all[place].seqs.contains(id.seq) else { return nil }
        return all[place].index
    }
}

/// Gives each change a place behind its causes.
private struct TimelineBuilder {
    let article: DocumentID
    private(set) var entries: [Timeline.Entry] = []
    private var indices: [DocumentID: [AgentID: [(end: Int, index: Int)]]] = [:]

    init(article: DocumentID) { self.article = article }

    /// Adds a change whose causes are there, if the library has them.
    mutating func add(_ stored: StoredChange, _ change: Change, _ author: Attribution) {
        var (time, clock, depth) = (author.time, change.time, 0)
        for cause in causes(of: change, in: stored.document) {
            if (cause.time, cause.clock) > (time, clock) {
                (time, clock) = (cause.time, cause.clock)
            }
            depth = max(depth, cause.depth + 1)
        }
        indices[stored.document, default: [:]][change.agent, default: []]
            .append((change.endSeq, entries.count))
        entries.append(
            Timeline.Entry(
                stored: stored, change: change, author: author, time: time, clock: clock,
                depth: depth))
    }

    private func causes(of change: Change, in document: DocumentID) -> [Timeline.Entry] {
        var causes: [Timeline.Entry] = []
        func add(_ id: OpID, _ document: DocumentID) {
            guard let all = indices[document]?[id.agent] else { return }
            let place = all.partitioningIndex { $0.end > id.seq }
            if place < all.count { causes.append(entries[all[place].index]) }
        }
        for id in change.causes { add(id, document) }
        for op in change.ops {
            for id in op.place?.version ?? [] { add(id, article) }
        }
        return causes
    }
}
