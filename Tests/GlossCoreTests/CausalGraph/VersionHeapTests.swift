import TestSupport
import Testing

@testable import GlossCore

/// The heap that walks over the causal graph use.
@Suite struct VersionHeapTests {
    @Test("Versions come out from the largest to the smallest, larger flags first")
    func order() {
        var random = SeededRandom(seed: 5)
        for size in 0..<60 {
            var heap = VersionHeap()
            var twin: [[Int]] = []
            for _ in 0..<size {
                let item = [random.below(size), random.below(4)]
                heap.push(item[0], flags: UInt32(item[1]))
                twin.append(item)
                if random.chance(0.2), let (version, flags) = heap.pop() {
                    twin.sort { $0[0] < $1[0] || $0[0] == $1[0] && $0[1] < $1[1] }
                    #expect(twin.removeLast() == [version, Int(flags)])
                }
            }
            twin.sort { $0[0] < $1[0] || $0[0] == $1[0] && $0[1] < $1[1] }
            #expect(heap.count == twin.count)
            while let (version, flags) = heap.pop() {
                #expect(twin.removeLast() == [version, Int(flags)])
            }
            #expect(twin.isEmpty && !heap.reaches(0))
        }
    }
}
