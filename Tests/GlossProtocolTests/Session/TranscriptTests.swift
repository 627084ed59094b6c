import GlossCore
import GlossProtocol
import TestSupport
import Testing

/// The transcripts of Protocol/, said by the sessions themselves: what their drivers would answer is
/// taken from the transcript, what they say must be what it has.
@Suite struct TranscriptTests {
    @Test func `Every line is one that the schemas know`() throws {
        for step in try Transcript.all().flatMap(\.steps) {
            guard let line = step.line else { continue }
            let form: ProtocolSchemas.Form =
                step.who == "admin" ? .adminRequest : step.isOfClient ? .client : .server
            #expect(ProtocolSchemas.shared.complaint(about: line, as: form) == nil)
        }
    }

    @Test func `A server's session says what the server says`() throws {
        for transcript in try Transcript.all() {
            var replay = try ServerReplay(transcript)
            for index in transcript.steps.indices { try replay.play(index) }
            #expect(replay.unsaid.isEmpty, "\(transcript.name): \(replay.unsaid)")
        }
    }

    @Test func `A client's session says what the client says`() throws {
        var pushes = 0
        for transcript in try Transcript.all() {
            var replay = try ClientReplay(transcript)
            for index in transcript.steps.indices { try replay.play(index) }
            #expect(replay.unsaid.isEmpty, "\(transcript.name): \(replay.unsaid)")
            pushes += replay.pushCount
        }
        #expect(pushes >= 20)
    }
}
