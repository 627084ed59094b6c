import GlossCore
import GlossProtocol
import Testing

/// Lines that a seeded generator makes out of good ones: nothing may trap, and what is accepted
/// must be stable.
@Suite struct HostileInputTests {
    struct Random: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var value = state
            value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
            return value ^ (value >> 31)
        }
    }

    func mutate(_ line: [UInt8], using random: inout Random) -> [UInt8] {
        var line = line
        let alphabet = Array("{}[]\",:\\u0019-eE.tfn\u{0}\n é".utf8) + [0xFF, 0xC0, 0xED]
        for _ in 0..<Int.random(in: 1...4, using: &random) where !line.isEmpty {
            let index = Int.random(in: 0..<line.count, using: &random)
            let byte = alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
            switch Int.random(in: 0..<4, using: &random) {
            case 0: line[index] = byte
            case 1: line.insert(byte, at: index)
            case 2: line.remove(at: index)
            default:
                let end = min(line.count, index + Int.random(in: 1...12, using: &random))
                line.insert(contentsOf: line[index..<end], at: index)
            }
        }
        return line
    }

    @Test func `Changes that decode are the ones their bytes spell`() throws {
        var random = Random(state: 1)
        let lines = try Vectors.validChanges()
        var accepted = 0
        for round in 0..<20_000 {
            let bytes = mutate(lines[round % lines.count], using: &random)
            guard let change = try? ChangeCodec.decode(bytes) else { continue }
            accepted += 1
            let value = try JSONParser.parse(bytes)
            #expect(JSONWriter.canonicalBytes(value) == bytes)
            if !change.ops.contains(.unknown) {
                #expect(try ChangeCodec.decode(ChangeCodec.encode(change)) == change)
            }
        }
        #expect(accepted > 100)
    }

    @Test func `Messages that decode are stable under their own encoding`() throws {
        var random = Random(state: 2)
        let client = MessageTests.client.map { Array($0.1.utf8) }
        let server = MessageTests.server.map { Array($0.1.utf8) }
        var accepted = 0
        for round in 0..<20_000 {
            let left = mutate(client[round % client.count], using: &random)
            if let message = try? ClientMessage.decode(left) {
                accepted += 1
                #expect(try ClientMessage.decode(message.encode()) == message)
            }
            let right = mutate(server[round % server.count], using: &random)
            if let message = try? ServerMessage.decode(right) {
                accepted += 1
                #expect(try ServerMessage.decode(message.encode()) == message)
            }
        }
        #expect(accepted > 1_000)
    }

    @Test func `Sessions take any line in any state`() throws {
        var random = Random(state: 3)
        let client = MessageTests.client.map { Array($0.1.utf8) }
        let server = MessageTests.server.map { Array($0.1.utf8) }
        let welcome = try #require(MessageTests.server.first).1
        let first = Array(welcome.replacing("\"id\":1", with: "\"id\":0").utf8)
        var survivals = 0
        for _ in 0..<300 {
            var left = ClientSession(
                mode: .stay, credential: Sample.credential, software: "test", now: 0)
            _ = left.handle(.connected, now: 0)
            let local = ClientSession.LocalDocument(
                doc: Sample.article, at: 0, sum: Checksum(), vector: VersionVector(),
                acknowledged: VersionVector(), own: VersionVector())
            _ = left.handle(.follow(local), now: 0)
            var right = Sample.readyServer()
            for step in 0..<40 {
                var fromServer = server[Int.random(in: 0..<server.count, using: &random)]
                var fromClient = client[Int.random(in: 0..<client.count, using: &random)]
                if Bool.random(using: &random) {
                    fromServer = mutate(fromServer, using: &random)
                    fromClient = mutate(fromClient, using: &random)
                }
                let wasLeftClosed = left.isClosed
                let leftActions = left.handle(.line(step == 0 ? first : fromServer), now: step)
                #expect(left.isClosed == (leftActions.last == .close) || wasLeftClosed)
                if step == 1, !left.isClosed { survivals += 1 }
                let wasRightClosed = right.isClosed
                let rightActions = right.handle(.line(fromClient), now: step)
                #expect(right.isClosed == (rightActions.last == .close) || wasRightClosed)
            }
        }
        #expect(survivals > 100)
    }
}
