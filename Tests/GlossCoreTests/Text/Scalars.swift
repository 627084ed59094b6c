import TestSupport

@testable import GlossCore

/// Scalars of every width in memory and every length in UTF-8 and UTF-16.
enum Scalars: CaseIterable {
    case ascii, latin, mixed, astral

    /// A random scalar: `latin` stays below U+0100, `mixed` below U+10000.
    func next(using random: inout SeededRandom) -> Unicode.Scalar {
        let kind =
            switch self {
            case .ascii: 0
            case .latin: random.below(2)
            case .mixed: random.below(4)
            case .astral: random.below(5)
            }
        let value =
            switch kind {
            case 0: UInt32(random.below(0x80))
            case 1: UInt32(0x80 + random.below(0x80))
            case 2: UInt32(0x100 + random.below(0x700))
            case 3:
                UInt32(
                    random.chance(0.5)
                        ? 0x800 + random.below(0xD000) : 0xE000 + random.below(0x2000))
            default: UInt32(0x1_0000 + random.below(0x10_0000))
            }
        return Unicode.Scalar(value) ?? "?"
    }

    /// Up to `limit` random scalars.
    func run(upTo limit: Int, using random: inout SeededRandom) -> [Unicode.Scalar] {
        (0..<random.below(limit + 1)).map { _ in next(using: &random) }
    }

    /// The string of scalars as the standard library makes it.
    static func string(_ scalars: some Sequence<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    /// A random range inside `0..<count`, often empty, at an end, or all of it.
    static func range(in count: Int, using random: inout SeededRandom) -> Range<Int> {
        if random.chance(0.1) { return 0..<count }
        let ends = [random.below(count + 1), random.below(count + 1)].sorted()
        return ends[0]..<ends[1]
    }
}

extension TextBuffer {
    /// Puts scalars before a position, by way of an arena of their own.
    mutating func insert(contentsOf scalars: Span<Unicode.Scalar>, at place: Int) {
        var arena = ScalarArena()
        arena.append(contentsOf: scalars)
        insert(from: arena, 0..<scalars.count, at: place)
    }
}
