import TestSupport
import Testing

@testable import GlossCore

/// The tree against a plain array, with nodes so small that a few edits make it deep.
@Suite struct SpanTreeTests {
    /// What the tree holds, one element for each character.
    private struct Twin {
        struct Character: Equatable {
            var version: Int
            var isHidden: Bool
        }

        var characters: [Character] = []
        var next = 0

        var visible: [Int] { characters.indices.filter { !characters[$0].isHidden } }

        /// Puts characters behind the one at `index`, or in front for -1; gives the neighbours.
        mutating func insert(_ count: Int, behind index: Int) -> (left: Int, right: Int) {
            let left = index < 0 ? SpanTree.documentStart : characters[index].version
            let right =
                index + 1 < characters.count
                ? characters[index + 1].version : SpanTree.documentEnd
            characters.insert(
                contentsOf: (next..<next + count).map { Character(version: $0, isHidden: false) },
                at: index + 1)
            next += count
            return (left, right)
        }
    }

    private struct Pair: ~Copyable {
        var tree: SpanTree
        var twin = Twin()
        var random: SeededRandom
        /// Where the last edit was, so that some go on there.
        var place = 0

        mutating func step() {
            switch random.below(12) {
            case 0..<5: insertByPosition()
            case 5..<8: hideByPosition()
            case 8: showByVersion()
            case 9: replaceByPosition()
            case 10: insertBehindHidden()
            default: insertByVersion()
            }
        }

        private mutating func insertByPosition() {
            let visible = twin.visible
            let offset =
                random.chance(0.6)
                ? min(place, visible.count) : random.below(visible.count + 1)
            let count = random.chance(0.8) ? 1 : 1 + random.below(5)
            let version = twin.next
            let expected = twin.insert(count, behind: offset == 0 ? -1 : visible[offset - 1])
            let origins = tree.insert(count, version, at: offset)
            #expect(origins == expected)
            place = offset + count
        }

        private mutating func replaceByPosition() {
            guard let last = hideByPosition() else { return }
            let version = twin.next
            let expected = twin.insert(1, behind: last)
            let hidden = twin.characters[last].version
            let origins = tree.insert(1, version, behindHidden: hidden)
            #expect(origins == expected)
            place += 1
        }

        private mutating func insertBehindHidden() {
            let hidden = twin.characters.indices.filter { twin.characters[$0].isHidden }
            guard !hidden.isEmpty else { return }
            let index = hidden[random.below(hidden.count)]
            let offset = twin.visible.count { $0 < index }
            let target = twin.characters[index].version
            let version = twin.next
            let expected = twin.insert(1, behind: index)
            let origins = tree.insert(1, version, behindHidden: target, near: offset)
            #expect(origins == expected)
        }

        /// Gives the place of the last character that it hides.
        @discardableResult
        private mutating func hideByPosition() -> Int? {
            let visible = twin.visible
            guard !visible.isEmpty else { return nil }
            let isErasing = random.chance(0.6)
            let offset =
                isErasing
                ? max(0, min(place, visible.count) - 1) : random.below(visible.count)
            var left = min(1 + (random.chance(0.7) ? 0 : random.below(6)), visible.count - offset)
            let targets = visible[offset..<offset + left].map { twin.characters[$0].version }
            var hidden: [Int] = []
            while left > 0 {
                let part = tree.hide(at: offset, limit: left)
                hidden += part.version..<part.version + part.count
                left -= part.count
            }
            #expect(hidden == targets)
            for index in visible[offset..<offset + targets.count] {
                twin.characters[index].isHidden = true
            }
            place = offset
            return visible[offset + targets.count - 1]
        }

        private mutating func showByVersion() {
            guard twin.next > 0 else { return }
            tree.buildIndex(for: twin.next)
            let isVisible = random.chance(0.6)
            let start = random.below(twin.next)
            var rest = start..<min(twin.next, start + 1 + random.below(8))
            for index in twin.characters.indices where rest.contains(twin.characters[index].version)
            {
                twin.characters[index].isHidden = !isVisible
            }
            while !rest.isEmpty {
                let part = tree.show(rest, isVisible)
                rest = rest.lowerBound + part.count..<rest.upperBound
            }
        }

        private mutating func insertByVersion() {
            guard twin.next > 0 else { return }
            tree.buildIndex(for: twin.next)
            let version = random.below(twin.next)
            let index = twin.characters.firstIndex { $0.version == version } ?? 0
            let next = twin.next
            let expected = twin.insert(2, behind: index)
            let place = tree.place(of: version)
            tree.forgetCursor()
            let origins = tree.insert(2, next, behind: place)
            #expect(origins == expected)
        }
    }

    private static func characters(of tree: borrowing SpanTree) -> [Twin.Character] {
        var characters: [Twin.Character] = []
        tree.forEachRun { run in
            characters += (run.first..<run.end).map {
                Twin.Character(version: $0, isHidden: run.isHidden)
            }
        }
        return characters
    }

    private func expectEqual(_ pair: borrowing Pair) {
        let found = Self.characters(of: pair.tree)
        let expected = pair.twin.characters
        #expect(found == expected)
    }

    @Test("A tree holds what a plain array holds, whatever is done to it", arguments: 0..<8)
    func againstArray(batch: Int) {
        for seed in 0..<12 {
            var pair = Pair(
                tree: SpanTree(leafShift: 2, nodeShift: 2),
                random: SeededRandom(seed: UInt64(batch * 1_000 + seed)))
            for _ in 0..<250 {
                pair.step()
                pair.tree.checkInvariants()
            }
            expectEqual(pair)
            let height = pair.tree.height
            #expect(height > 1, "seed \(seed) makes a deep tree")
        }
    }

    @Test("Places are found by version, and compare and count as they stand", arguments: 0..<8)
    func places(seed: Int) {
        var pair = Pair(
            tree: SpanTree(leafShift: 2, nodeShift: 2), random: SeededRandom(seed: UInt64(seed)))
        for _ in 0..<200 { pair.step() }
        pair.tree.buildIndex(for: pair.twin.next)
        var shown = 0
        var previous: SpanTree.Place?
        for character in pair.twin.characters {
            let place = pair.tree.place(of: character.version)
            let offset = pair.tree.offset(of: place)
            #expect(offset == shown)
            if let previous {
                let ascends = pair.tree.isBefore(previous, place)
                let descends = pair.tree.isBefore(place, previous)
                #expect(ascends && !descends)
            }
            if !character.isHidden { shown += 1 }
            previous = place
        }
    }

    @Test("A tree built at once equals one that grew, and goes on the same", arguments: 0..<8)
    func built(seed: Int) {
        var pair = Pair(
            tree: SpanTree(leafShift: 2, nodeShift: 2), random: SeededRandom(seed: UInt64(seed)))
        for _ in 0..<150 { pair.step() }
        let grown = pair.tree.copy()
        pair.tree = SpanTree.build(leafShift: 2, nodeShift: 2) { builder in
            grown.forEachRun { builder.append($0) }
        }
        pair.tree.checkInvariants()
        expectEqual(pair)
        for _ in 0..<100 {
            pair.step()
            pair.tree.checkInvariants()
        }
        expectEqual(pair)
    }

    @Test("Taking the newest characters out leaves the tree as it was", arguments: 0..<8)
    func removal(seed: Int) {
        var pair = Pair(
            tree: SpanTree(leafShift: 2, nodeShift: 2), random: SeededRandom(seed: UInt64(seed)))
        for _ in 0..<150 { pair.step() }
        let version = pair.twin.next * 2 / 3
        pair.tree.removeAll(from: version)
        pair.tree.checkInvariants()
        pair.twin.characters.removeAll { $0.version >= version }
        expectEqual(pair)
    }
}
