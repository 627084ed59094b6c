import Foundation
import TestSupport
import Testing

@testable import GlossCore

/// The stored documents in `Tests/Fixtures/codec`, which every later version must read.
///
/// `GLOSS_WRITE_VECTORS=1` writes those that have no file yet. A file, once there, is never written
/// again.
@Suite struct FrozenCodecTests {
    private static let folder: URL = {
        var root = URL(filePath: #filePath)
        for _ in 0..<3 { root.deleteLastPathComponent() }
        return root.appending(path: "Fixtures/codec")
    }()

    /// The documents that the files hold, by the names of these.
    private enum Name: String, CaseIterable {
        /// An article.
        case article
        /// Its annotation set.
        case notes
        /// The set, with claims and their checks.
        case checks
    }

    private static func document(_ name: Name) throws -> Document {
        let desk = try name == .checks ? FrozenDesk.checked() : FrozenDesk.make()
        let replica = name == .article ? desk.article : desk.annotations
        return try CodecSeeds.document(replica.id, replica.log.entries.map(\.change))
    }

    private static func bytes(_ name: String, _ make: () throws -> [UInt8]) throws -> [UInt8] {
        let file = folder.appending(path: name)
        let isWriting = ProcessInfo.processInfo.environment["GLOSS_WRITE_VECTORS"] == "1"
        if isWriting, !FileManager.default.fileExists(atPath: file.path) {
            try Data(try make()).write(to: file)
        }
        return Array(try Data(contentsOf: file))
    }

    @Test(arguments: Name.allCases)
    private func `version 1 is read, and written the same`(name: Name) throws {
        let document = try Self.document(name)
        let history = try Self.bytes("\(name)-1.history") { try document.encodeHistory() }
        let snapshot = try Self.bytes("\(name)-1.snapshot") { document.encodeSnapshot() }
        expectSame(document, try Document(history: history), "history")
        var opened = try Document(snapshot: snapshot)
        expectSame(document, opened, "snapshot")
        try opened.attach(history: history)
        expectSame(document, opened, "both")
        check(try document.encodeHistory() == history)
        check(document.encodeSnapshot() == snapshot)
    }
}

/// Three people over a short article of our own: concurrent typing at one place, characters of every
/// width, a deletion across an insertion, undo and redo, notes, a reply, tags, a suggestion accepted
/// twice, a conflict and its answer.
private enum FrozenDesk {
    static let id = DocumentID(high: 0x0102_0304_0506_0708, low: 0x1112_1314_1516_1718)

    static func author(_ number: UInt64, _ time: Int, _ message: String? = nil) -> Author {
        Author(
            agent: AgentID(rawValue: number << 56 | 0xABCD), time: 1_760_000_000_000 + time,
            message: message)
    }

    static func make() throws -> AnnotatedArticle {
        var ada = AnnotatedArticle(
            article: Replica(id: id), annotations: Replica(id: id.annotations))
        _ = try ada.article.edit(
            [TextEdit(0..<0, "Der Deich hält. 堤防は高い。 Storm 🌊\n")], by: author(1, 0, "Anfang"))
        _ = try ada.article.commit(
            [ada.article.write(.text("Der Deich"), to: .title)], by: author(1, 500))
        var ben = ada
        var cyd = ada
        _ = try ben.article.edit([TextEdit(9..<9, " aus Lehm")], by: author(2, 1000))
        _ = try cyd.article.edit([TextEdit(9..<9, " von 1634")], by: author(3, 1100))
        let erased = try ada.article.edit([TextEdit(4..<14, "Damm")], by: author(1, 1200))
        let place = cyd.article.target(at: 4..<9)
        _ = try cyd.annotations.commit(
            [
                .annotate(
                    NewAnnotation(
                        kind: .note, target: place, body: "Welcher? 🤔", tags: ["frage", "é"]))
            ], by: author(3, 1300))
        try ada.takeAll(of: ben)
        try ada.takeAll(of: cyd)
        if let erased {
            let undo = try ada.article.commit(
                ada.article.inverse(of: [erased]), by: author(1, 1400, "zurück"))
            _ = try ada.article.commit(
                ada.article.inverse(of: [undo]), by: author(1, 1500))
        }
        try suggest(&ada, &ben, &cyd)
        return ada
    }

    /// The same desk after it has marked claims and checked them, two people one of them.
    static func checked() throws -> AnnotatedArticle {
        var ada = try make()
        let claim = try ada.annotations.commit(
            [
                .annotate(
                    NewAnnotation(
                        kind: .fact, target: ada.article.target(at: 4..<8), body: "1634?")),
                .annotate(
                    NewAnnotation(
                        kind: AnnotationKind(rawValue: "gerücht"),
                        target: ada.article.target(at: 0..<3), body: "")),
            ], by: author(1, 2200)
        ).id
        var ben = ada
        let evidence = [
            Check.Evidence(source: "Chronik", page: "xii"),
            Check.Evidence(link: "https://example.org/堤防", time: "00:12:30"),
        ]
        try check(claim, .wrong, evidence, "1643 🌊", &ada, by: author(1, 2300))
        try check(claim, Verdict(rawValue: "halb wahr"), [], nil, &ben, by: author(2, 2400))
        try ada.takeAll(of: ben)
        return ada
    }

    private static func check(
        _ id: OpID, _ verdict: Verdict, _ evidence: [Check.Evidence], _ remark: String?,
        _ desk: inout AnnotatedArticle, by author: Author
    ) throws {
        let check = Check(
            verdict: verdict, evidence: evidence, remark: remark,
            target: desk.article.target(at: [0..<3, 4..<8]))
        _ = try desk.annotations.commit(
            [desk.annotations.write(.check(check), to: .check, of: id)], by: author)
    }

    private static func suggest(
        _ ada: inout AnnotatedArticle, _ ben: inout AnnotatedArticle, _ cyd: inout AnnotatedArticle
    ) throws {
        let note = ada.annotations.annotations[0].id
        let suggestion = try ada.annotations.commit(
            [
                .annotate(
                    NewAnnotation(
                        kind: .suggestion, target: ada.article.target(at: 0..<3), body: "",
                        proposal: "Ein")),
                .reply(NewReply(annotation: note, body: "Der alte.")),
            ], by: author(1, 1600))
        try ben.takeAll(of: ada)
        try cyd.takeAll(of: ada)
        _ = try ben.article.edit(
            [TextEdit(0..<3, "Ein")], by: author(2, 1700), accepts: suggestion.id)
        _ = try cyd.article.edit(
            [TextEdit(0..<3, "Ein")], by: author(3, 1800), accepts: suggestion.id)
        for (number, words) in [(2 as UInt64, "kurz"), (3, "länger")] {
            var desk = number == 2 ? ben : cyd
            _ = try desk.annotations.commit(
                [
                    desk.annotations.write(.text(words), to: .body, of: note, why: "besser"),
                    .addTag(TagAddition(annotation: note, tag: words)),
                ], by: author(number, 1900))
            try ada.takeAll(of: desk)
        }
        if let removal = ada.annotations.removal(ofTag: "frage", from: note) {
            _ = try ada.annotations.commit([removal, .unknown], by: author(1, 2000))
        }
        let settled = ada.annotations.register(.body).heads.map(\.id)
        _ = try ada.annotations.commit(
            [
                .resolve(
                    Resolution(
                        conflict: ConflictID(rawValue: 7), kind: .value, settles: settled,
                        take: "A", why: nil)),
                ada.annotations.write(
                    .target(ada.article.target(at: 0..<2)), to: .target, of: note),
            ], by: author(1, 2100))
    }
}
