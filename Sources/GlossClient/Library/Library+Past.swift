public import GlossCore
import GlossStorage

/// Which earlier state of an article is meant.
public enum PastPoint: Hashable, Sendable {
    /// As of a change, or the end of a time: what `--at` takes.
    case at(String)
    /// After a change, or before the beginning of a time: what `--since` takes.
    case since(String)
    /// As it was when somebody last looked at it on this device.
    case lastRead
}

/// What an earlier state of an article is: the last change in it, and how many came after.
public struct PastState: Sendable {
    /// The last change in it; `nil` before the first one.
    public let last: LogEntry?
    /// The time asked for, in milliseconds since 1970; `nil` if a change was.
    public let time: Int?
    /// How many changes of the article and its notes came after.
    public let laterCount: Int
}

/// An article with its notes as it was.
public struct PastArticle: Sendable {
    /// The article then.
    public let view: ArticleView
    /// Which state it is.
    public let state: PastState
}

extension Library {
    /// An article with its notes, text and notes together, as it was.
    ///
    /// - Parameters:
    ///   - offset: the reader's seconds east of UTC at a time in milliseconds since 1970.
    ///   - command: the command that asks for another point, for advice.
    /// - Throws: ``ClientError`` `noMatch` or `ambiguous` if the point means no state.
    public func past(
        _ article: DocumentID, _ point: PastPoint, offset: @escaping (Int) -> Int,
        command: @escaping (String) -> String
    ) throws -> PastArticle {
        try read { reader in
            let finder = try PastFinder(
                reader, article: article, profile: try reader.profile(), now: environment.now(),
                offset: offset, command: command)
            return try finder.past(point)
        }
    }
}

/// Finds earlier states of one article.
struct PastFinder {
    let reader: LibraryReader
    let profile: Profile
    let timeline: Timeline
    let name: String
    let now: Int
    let offset: (Int) -> Int
    let command: (String) -> String

    init(
        _ reader: LibraryReader, article: DocumentID, profile: Profile, now: Int,
        offset: @escaping (Int) -> Int, command: @escaping (String) -> String
    ) throws {
        self.reader = reader
        self.profile = profile
        timeline = try Timeline(reader, article: article, profile: profile)
        name = try reader.article(article)?.name ?? ""
        self.now = now
        self.offset = offset
        self.command = command
    }

    func past(_ point: PastPoint) throws -> PastArticle {
        let (selection, time) = try selection(point)
        if case .at = point, !timeline.entries.contains(where: selection) { throw nothingThen() }
        return try past(selection, time: time)
    }

    /// The state that holds some of the changes, which must hold the causes of each of them.
    func past(_ isIncluded: (Timeline.Entry) -> Bool, time: Int?) throws -> PastArticle {
        let included = timeline.entries.filter(isIncluded)
        func state(
            of document: DocumentID
        ) throws -> (replica: Replica, authors: Authorship) {
            let changes = included.filter { $0.document == document }
            return (
                try Timeline.replica(document, changes),
                try Authorship(reader, document: document, profile: profile)
            )
        }
        let view = try ArticleViewBuilder(
            state(of: timeline.article), sets: timeline.sets.map(state), reader: reader
        ).view()
        return PastArticle(
            view: view,
            state: PastState(
                last: included.last.map { timeline.logEntry($0, articleName: name) }, time: time,
                laterCount: timeline.entries.count - included.count))
    }

    /// Tells which changes are in a state, and the time asked for.
    func selection(
        _ point: PastPoint
    ) throws -> (isIncluded: (Timeline.Entry) -> Bool, time: Int?) {
        switch point {
        case .lastRead:
            guard let mark = try reader.readMark(timeline.article) else {
                throw ClientError(
                    .noMatch, "\(name) has not been shown on this device yet.",
                    tries: ["gloss show \(name)", command("yesterday")])
            }
            return ({ mark.includes($0.stored) }, nil)
        case .at(let text), .since(let text):
            if let time = try time(text) {
                let isAt = if case .at = point { true } else { false }
                let end = isAt ? time.range.upperBound : time.range.lowerBound - 1
                return ({ $0.time <= end }, isAt && end != Int.max ? end : time.range.lowerBound)
            }
            let change = try change(text)
            return ({ $0.change == change.change || Timeline.Entry.precedes($0, change) }, nil)
        }
    }

    private func time(_ text: String) throws -> PastTime? {
        do throws(PastTime.Failure) {
            return try PastTime(text, now: now, offset: offset)
        } catch .future {
            throw ClientError(
                .noMatch, "“\(text)” is still to come.", tries: [command("yesterday")])
        } catch {
            return nil
        }
    }

    /// The change that a name means, its first letters, or the id of one of its operations.
    private func change(_ text: String) throws -> Timeline.Entry {
        if let id = OpID(text) {
            let documents = [timeline.article] + timeline.sets
            let found = documents.compactMap { timeline.index(of: id, in: $0) }.first
            if let found { return timeline.entries[found] }
        }
        let keys = ShortID.keys(startingWith: text)
        let found = timeline.entries.filter { keys?.contains($0.shortID.key) ?? false }
        guard let first = found.first else {
            throw ClientError(
                .noMatch, "“\(text)” is neither a change of \(name) nor a time.",
                tries: ["gloss log \(name)"] + PastTime.examples.map(command))
        }
        guard found.count == 1 else {
            throw ClientError(
                .ambiguous, "\(found.count) changes of \(name) start with \(text).",
                tries: found.prefix(5).map { command(timeline.name(of: $0)) })
        }
        return first
    }

    private func nothingThen() -> ClientError {
        let writesText = { (entry: Timeline.Entry) in
            entry.change.ops.contains { if case .insert = $0 { true } else { false } }
        }
        guard let first = timeline.entries.first(where: writesText) ?? timeline.entries.first
        else {
            return ClientError(.noMatch, "\(name) has no changes yet.", tries: ["gloss ls"])
        }
        let time = TimeText.absolute(first.time, offset: offset(first.time))
        return ClientError(
            .noMatch, "\(name) did not exist then: its first change is from \(time).",
            tries: [command(timeline.name(of: first)), "gloss log \(name)"])
    }
}

extension Timeline {
    /// A change as the log shows it.
    func logEntry(_ entry: Entry, articleName: String) -> LogEntry {
        LogEntry(
            articleName: articleName, change: entry.change.id, name: name(of: entry),
            author: entry.author, summary: ChangeSummary.text(of: entry.change),
            isPrivate: entry.document.kind == .privateAnnotations,
            message: entry.change.message)
    }

    /// A document with some of its changes, which hold the causes of each of them.
    static func replica(_ document: DocumentID, _ entries: [Entry]) throws -> Replica {
        do throws(ChangeError) {
            return try Replica(id: document, changes: entries.map(\.change))
        } catch {
            throw ClientError(
                .library, "The library's copy of document \(document) is damaged: \(error.message)."
            )
        }
    }
}
