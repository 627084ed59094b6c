import GlossCore
import TestSupport
import Testing

/// Small cases where the right answer can be worked out by hand, for oracles and engine.
@Suite struct FugueCasesTests {
    @Test("Text typed at one place by three people stands in the order of their agents")
    func samePlace() throws {
        var writers = ThreeWriters(sharing: "[]")
        let changes = [
            writers.third.type("ccc", at: 1), writers.first.type("aaa", at: 1),
            writers.second.type("bbb", at: 1),
        ]
        try expectEverywhere(
            "[aaabbbccc]", [writers.shared], [changes[0]], [changes[1]], [changes[2]])
    }

    @Test("What is typed forwards does not interleave")
    func forwardTyping() throws {
        var writers = ThreeWriters(sharing: "[]")
        let one = "one".enumerated().map { writers.first.type(String($1), at: 1 + $0) }
        let two = "two".enumerated().map { writers.second.type(String($1), at: 1 + $0) }
        try expectEverywhere("[onetwo]", [writers.shared], one, two)
    }

    @Test("What is typed backwards, each character in front of the last, does not interleave")
    func backwardTyping() throws {
        var writers = ThreeWriters(sharing: "[]")
        let one = "one".reversed().map { writers.first.type(String($0), at: 1) }
        let two = "two".reversed().map { writers.second.type(String($0), at: 1) }
        try expectEverywhere("[onetwo]", [writers.shared], one, two)
    }

    @Test("Forwards here and backwards there does not interleave either")
    func mixedTyping() throws {
        var writers = ThreeWriters(sharing: "")
        let one = "one".reversed().map { writers.first.type(String($0), at: 0) }
        let two = "two".enumerated().map { writers.second.type(String($1), at: $0) }
        try expectEverywhere("onetwo", [], one, two)
    }

    @Test("Text typed into a range that another deletes stays, at its place")
    func insertionIntoDeletedRange() throws {
        var writers = ThreeWriters(sharing: "one two three")
        let deletion = writers.first.erase(3..<7)
        let insertion = writers.second.type("X", at: 5)
        try expectEverywhere("oneX three", [writers.shared], [deletion], [insertion])
    }

    @Test("Two ranges of deletion overlap without harm")
    func overlappingDeletions() throws {
        var writers = ThreeWriters(sharing: "abcdef")
        let one = writers.first.erase(1..<4)
        let two = writers.second.backspace(2..<5)
        try expectEverywhere("af", [writers.shared], [one], [two])
    }

    @Test("Runs that a tie brought together do not count as one run for the next tie")
    func gluedNeighbours() throws {
        var writers = ThreeWriters(sharing: "[]")
        let first = writers.first.type("a", at: 1)
        let third = writers.third.type("c", at: 1)
        let second = writers.second.type("b", at: 1)
        try expectEverywhere("[abc]", [writers.shared], [first], [third], [second])
    }

    @Test("An author who knew only the head of what is now one run ties with its tail")
    func unknownTail() throws {
        for isFirst in [true, false] {
            let writers = ThreeWriters(sharing: "")
            var typist = isFirst ? writers.first : writers.second
            var other = isFirst ? writers.second : writers.first
            let head = typist.type("ab", at: 0)
            let tail = typist.type("cd", at: 2)
            other.receive(head)
            let insertion = other.type("X", at: 2)
            try expectEverywhere(isFirst ? "abcdX" : "abXcd", [head], [tail], [insertion])
        }
    }

    @Test("An author who knew only the tail's first part ties with the rest inside a text")
    func unknownTailBetweenNeighbours() throws {
        for isFirst in [true, false] {
            var writers = ThreeWriters(sharing: "[]")
            var typist = isFirst ? writers.first : writers.third
            let head = typist.type("ab", at: 1)
            let tail = typist.type("cd", at: 3)
            writers.second.receive(head)
            let insertion = writers.second.type("X", at: 3)
            try expectEverywhere(
                isFirst ? "[abcdX]" : "[abXcd]", [writers.shared, head], [tail], [insertion])
        }
    }

    @Test("Right children stand in the reverse order of their right origins, not of their ids")
    func reverseRightOrigins() throws {
        var writers = ThreeWriters(sharing: "C")
        let b = writers.first.type("b", at: 0)
        let q = writers.second.type("Q", at: 0)
        writers.third.receive(b)
        let x = writers.third.type("X", at: 1)
        writers.first.receive(q)
        let y = writers.first.type("Y", at: 1)
        try expectEverywhere("bXYQC", [writers.shared], [b], [q], [x], [y])
    }
}

/// Undo and acceptance, as the ledger keeps them.
@Suite struct VisibilityCasesTests {
    @Test("Two people who undo the same thing undo it once, and one redo brings it back")
    func undoneByTwo() throws {
        var writers = ThreeWriters(sharing: "one two")
        let erased = writers.first.erase(3..<7)
        writers.second.receive(erased)
        let undoHere = try writers.first.toggle(erased)
        let undoThere = try writers.second.toggle(erased)
        try expectEverywhere("one two", [writers.shared, erased], [undoHere], [undoThere])
        writers.first.receive(undoThere)
        let redo = try writers.first.toggle(erased)
        try expectEverywhere("one", [writers.shared, erased, undoHere, undoThere, redo])
    }

    @Test("A redo that knew one undo wins over another undo that did not know it")
    func redoBesideUndo() throws {
        var writers = ThreeWriters(sharing: "ab")
        let typed = writers.first.type("X", at: 1)
        writers.second.receive(typed)
        let undo = try writers.first.toggle(typed)
        let redo = try writers.first.toggle(typed)
        let undoThere = try writers.second.toggle(typed)
        try expectEverywhere("aXb", [writers.shared, typed], [undo, redo], [undoThere])
    }

    @Test("A character that two people deleted shows when both deletions are undone")
    func deletedByTwo() throws {
        var writers = ThreeWriters(sharing: "abc")
        let one = writers.first.erase(1..<2)
        let two = writers.second.erase(1..<2)
        writers.first.receive(two)
        let undoOne = try writers.first.toggle(one)
        try expectEverywhere("ac", [writers.shared], [one], [two], [undoOne])
        let undoTwo = try writers.first.toggle(two)
        try expectEverywhere("abc", [writers.shared], [one], [two], [undoOne, undoTwo])
    }

    @Test("A suggestion that two people accept at once shows once, the earlier until it is undone")
    func acceptedByTwo() throws {
        var writers = ThreeWriters(sharing: "a cat")
        let suggestion = OpID(agent: AgentID(rawValue: 99), seq: 0)
        let target = Array(writers.first.list.visibleIDs[2..<5])
        let one = writers.second.accept(suggestion, "dog", on: target)
        let two = writers.third.accept(suggestion, "dogs", on: target)
        try expectEverywhere("a dog", [writers.shared], [one], [two])
        writers.first.receive(one)
        writers.first.receive(two)
        let undo = try writers.first.toggle(one)
        try expectEverywhere("a dogs", [writers.shared], [one], [two], [undo])
        let redo = try writers.first.toggle(one)
        try expectEverywhere("a dog", [writers.shared], [one], [two], [undo, redo])
    }

    @Test("Of two acceptances the one of the lower logical time counts, whatever its agent")
    func acceptedLater() throws {
        var writers = ThreeWriters(sharing: "a cat")
        let suggestion = OpID(agent: AgentID(rawValue: 99), seq: 0)
        let target = Array(writers.first.list.visibleIDs[2..<5])
        let before = writers.first.type("!", at: 0)
        let late = writers.first.accept(suggestion, "dog", on: target)
        let early = writers.third.accept(suggestion, "fox", on: target)
        try expectEverywhere("!a fox", [writers.shared], [before, late], [early])
    }
}
