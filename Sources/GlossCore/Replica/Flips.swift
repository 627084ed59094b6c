/// Text operations whose undo counts go up by one, for those that are not yet as they should be.
struct Flips {
    private typealias Wish = (range: Range<LocalVersion>, isUndone: Bool)

    /// Text edits, which come before whatever sets their counts.
    private var edits: [Wish] = []
    /// For each operation that set counts what it was about.
    private var settings: [[Wish]] = []

    /// Takes an operation back: text edits should be undone, and what changed the counts of some
    /// should not have done so.
    mutating func takeBack(_ op: Op, id: OpID, in document: borrowing Document) {
        switch op {
        case .insert, .delete:
            add(OpSpan(start: id, count: op.width), isUndone: true, in: document)
        case .visibility(let visibility):
            var wishes: [Wish] = []
            for mark in visibility.marks {
                let isUndone = mark.count.isMultiple(of: 2)
                wishes += (document.versions(of: mark.span) ?? []).map { ($0, isUndone) }
            }
            settings.append(wishes)
        case .write, .annotate, .reply, .addTag, .removeTag, .resolve, .unknown: break
        }
    }

    /// Wants text edits undone or standing.
    mutating func add(_ span: OpSpan, isUndone: Bool, in document: borrowing Document) {
        edits += (document.versions(of: span) ?? []).map { ($0, isUndone) }
    }

    /// Wants text edits undone or standing.
    mutating func add(_ range: Range<LocalVersion>, isUndone: Bool) {
        edits.append((range, isUndone))
    }

    /// One mark for each run of equal counts. Of what is named twice the first counts: it is to be
    /// as it was before all of them.
    func marks(in replica: Replica) -> [Visibility.Mark] {
        var wishes = edits
        var named = VersionSet(edits.map(\.range))
        for setting in settings {
            for wish in setting {
                var start = wish.range.lowerBound
                for known in named.intersection(VersionSet([wish.range])).ranges {
                    wishes.append((start..<known.lowerBound, wish.isUndone))
                    start = known.upperBound
                }
                wishes.append((start..<wish.range.upperBound, wish.isUndone))
            }
            named = named.union(VersionSet(setting.map(\.range)))
        }
        return [true, false].flatMap { isUndone in
            let ranges = wishes.filter { $0.isUndone == isUndone }.map(\.range)
            return Flips.marks(of: VersionSet(ranges), isUndone: isUndone, in: replica)
        }
    }

    private static func marks(
        of versions: VersionSet, isUndone: Bool, in replica: Replica
    ) -> [Visibility.Mark] {
        var marks: [Visibility.Mark] = []
        for range in versions.ranges {
            var start = range.lowerBound
            while start < range.upperBound {
                let count = replica.document.table.undoCount(of: start)
                var end = start + 1
                while end < range.upperBound, replica.document.table.undoCount(of: end) == count {
                    end += 1
                }
                if count.isMultiple(of: 2) == isUndone {
                    marks += replica.document.spans(of: start..<end)
                        .map { Visibility.Mark(span: $0, count: Int(count) + 1) }
                }
                start = end
            }
        }
        return marks
    }
}
