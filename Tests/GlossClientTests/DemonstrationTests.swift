import Foundation
import GlossCore
import TestSupport
import Testing

@testable import GlossClient

@Suite("The practice library")
struct DemonstrationTests {
    @Test("Three people have the same three questions, and an answer reaches all of them")
    func threeConflicts() throws {
        let directory = NSTemporaryDirectory() + "gloss-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        var demo = try Demonstration(in: directory, user: "mira", now: { TestClock.start })
        #expect(try demo.colleagues.map { try $0.profile().user } == ["jo", "kim"])
        let open = try demo.conflicts()
        #expect(open.map(\.conflict.kind) == [.value, .verdict, .deleteEdit])
        #expect(open.allSatisfy { $0.isMine && $0.otherPerson != nil })
        #expect(open[0].card().merged == "Is that still right? It is ten in summer.")
        #expect(try demo.agrees())
        for colleague in demo.colleagues {
            #expect(
                Set(try colleague.conflicts().map(\.shortID)) == Set(open.map(\.shortID)))
        }
        try demo.own.resolve(open[0], .both, command: "resolve")
        #expect(try !demo.agrees())
        try demo.meet()
        #expect(try demo.agrees())
        #expect(try demo.colleagues[1].conflicts().count == 2)
        let times = open.flatMap(\.versions).flatMap(\.authors).map(\.time)
        #expect(times.allSatisfy { $0 < TestClock.start })
        try demo.close()
    }
}
