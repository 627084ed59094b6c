import GlossCore
import GlossStorage
import TestSupport
import Testing

@testable import GlossClient
@testable import GlossServer

@Suite("Replicas that are far behind a compacted log")
struct DistantReplicaTests {
    /// A desk where jo was away for a year in which mira wrote and took out a lot, and the server
    /// compacted all of it, twice.
    private func desk(
        while isAway: (inout SimulatedDesk) async throws -> Void = { _ in }
    ) async throws -> SimulatedDesk {
        var desk = try await SimulatedDesk()
        try await desk.server.sync(desk.jo)
        try await isAway(&desk)
        desk.clock.pass(minutes: 365 * 1_440)
        for round in 0..<2 {
            for number in 0..<20 {
                let word = "w\(round)x\(number)"
                try desk.edit("Rivers", "Rivers \(word)", by: desk.mira)
                if number % 2 == 0 { try desk.edit(" \(word)", "", by: desk.mira) }
                try desk.note("climb", "remark \(word)", by: desk.mira)
            }
            let own = try desk.note("teach", "to be withdrawn", by: desk.mira)
            try desk.mira.set(.life, to: .withdrawn, of: [own], command: "rm")
            try await desk.server.sync(desk.mira)
            for id in [desk.article, desk.article.annotations] {
                let before = try await desk.server.log(of: id)
                let outcome = try await desk.server.rooms.compact(id)
                #expect(outcome != nil)
                #expect(try await desk.server.log(of: id) == before)
                #expect(try await desk.server.store.size(of: id)?.tailCount == 0)
            }
            await desk.server.rooms.unload()
        }
        return desk
    }

    private func expectAlike(_ desk: SimulatedDesk) async throws {
        #expect(try desk.mira.outbox().isEmpty && desk.jo.outbox().isEmpty)
        #expect(try desk.sight(desk.jo).text == desk.sight(desk.mira).text)
        #expect(
            try desk.jo.view(desk.article).content.article.stateChecksum
                == desk.mira.view(desk.article).content.article.stateChecksum)
        #expect(
            try desk.jo.view(desk.article).content.annotations.stateChecksum
                == desk.mira.view(desk.article).content.annotations.stateChecksum)
        #expect(
            try desk.jo.conflicts().map(\.shortID) == desk.mira.conflicts().map(\.shortID))
    }

    @Test("One that is a year behind catches up")
    func behind() async throws {
        let desk = try await desk()
        let report = try await desk.server.sync(desk.jo)
        #expect(report.failures.isEmpty && report.received > 90)
        try await expectAlike(desk)
        let text = try desk.jo.view(desk.article).text
        #expect(text.contains("w0x1 ") && !text.contains("w0x2 "))
    }

    @Test("One with work of its own from before sends it, and resurrects nothing")
    func ownWork() async throws {
        let desk = try await desk { desk in
            try desk.edit("Walls", "Dams", by: desk.jo)
            try desk.note("Rivers", "which?", by: desk.jo)
            try desk.edit("go on", "went on", by: desk.jo)
        }
        for library in [desk.jo, desk.mira, desk.jo] {
            let report = try await desk.server.sync(library)
            #expect(report.failures.isEmpty && report.refused == 0)
        }
        try await expectAlike(desk)
        let text = try desk.jo.view(desk.article).text
        #expect(text.hasPrefix("Dams teach") && text.contains("went on"))
        #expect(!text.contains("w1x18") && text.contains("w1x19"))
        let notes = try desk.mira.view(desk.article).notes
        #expect(notes.contains { $0.body == "which?" })
        #expect(!notes.contains { $0.body == "to be withdrawn" })
        // What was behind the block goes into the next one.
        let before = try await desk.server.log(of: desk.article)
        _ = try await desk.server.rooms.compact(desk.article)
        #expect(try await desk.server.log(of: desk.article) == before)
    }

    @Test("One that never saw it gets all of it, and one that forgot its position does")
    func newcomer() async throws {
        let desk = try await desk()
        let newcomer = try Library.inMemory(desk.clock, seed: 9)
        try await desk.server.join(newcomer, as: "bo", .reviewer)
        #expect(try desk.sight(newcomer).text == desk.sight(desk.mira).text)
        for id in [desk.article, desk.article.annotations] {
            try desk.jo.store.write { try $0.forgetPosition(of: id) }
        }
        #expect(try await desk.server.sync(desk.jo).failures.isEmpty)
        try await expectAlike(desk)
    }

    @Test("A change that was acknowledged a year ago is known when it is pushed again")
    func duplicate() async throws {
        let desk = try await desk { desk in
            try desk.edit("Walls", "Dams", by: desk.jo)
            try await desk.server.sync(desk.jo)
            try await desk.server.sync(desk.mira)
        }
        // As if the answer had been lost: nothing of it counts as acknowledged.
        try desk.jo.store.write { writer in
            _ = try writer.giveBack(desk.article, beyond: VersionVector())
        }
        let count = try await desk.server.log(of: desk.article).count
        let report = try await desk.server.sync(desk.jo)
        #expect(report.failures.isEmpty && report.refused == 0)
        #expect(try await desk.server.log(of: desk.article).count == count)
        try await expectAlike(desk)
    }
}
