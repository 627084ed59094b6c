/// The columns of a history's operations while they are written.
struct HistoryWriter: ~Copyable {
    private var items = ColumnWriter(tagCount: HistoryForm.Item.count)
    private var insertions = ColumnWriter()
    private var backward = ColumnWriter()
    private var forward = ColumnWriter()
    private var escapes = ByteWriter()

    /// Where the last item by position ended.
    private(set) var cursor = 0
    /// The last character that the last item deleted, if it was a deletion by position.
    private(set) var lastDeleted = -1
    /// A forward deletion that may still grow.
    private var openCount = 0
    private var openItem = 0

    init(expecting count: Int) { items.reserve(count) }

    private mutating func append(_ count: Int, _ item: Int) {
        flush()
        items.append(count, tag: item)
        lastDeleted = -1
    }

    private mutating func flush() {
        if openCount > 0 { items.append(openCount, tag: openItem) }
        openCount = 0
    }

    /// Lets nothing go on from the last item, because something else happens behind it.
    mutating func stop() {
        flush()
        lastDeleted = -1
    }

    /// Whether a further span of a deletion at the cursor goes with the item before it.
    func mayGrow(with target: Int) -> Bool { openCount > 0 && target != lastDeleted + 1 }

    mutating func insert(_ count: Int, at position: Int) {
        append(count, HistoryForm.Item.insertion)
        insertions.append(ZigZag.encode(position - cursor))
        cursor = position + count
    }

    mutating func replace(_ count: Int) {
        append(count, HistoryForm.Item.replacement)
        cursor += count
    }

    mutating func deleteBackward(_ targets: Range<Int>, at start: Int) {
        append(targets.count, HistoryForm.Item.backwardDeletion)
        backward.append(ZigZag.encode(start + targets.count - cursor))
        cursor = start
        lastDeleted = targets.lowerBound
    }

    mutating func deleteMore(_ targets: Range<Int>, at start: Int, last: Int) {
        append(targets.count, HistoryForm.Item.continuedDeletion)
        backward.append(ZigZag.encode(start + targets.count - cursor))
        cursor = start
        lastDeleted = last
    }

    mutating func deleteForward(_ targets: Range<Int>, at start: Int) {
        flush()
        forward.append(ZigZag.encode(start - cursor))
        openItem = HistoryForm.Item.forwardDeletion
        openCount = targets.count
        cursor = start
        lastDeleted = targets.upperBound - 1
    }

    mutating func deleteFurther(_ targets: Range<Int>) {
        if !mayGrow(with: targets.lowerBound) {
            flush()
            openItem = HistoryForm.Item.furtherSpan
        }
        openCount += targets.count
        lastDeleted = targets.upperBound - 1
    }

    mutating func insertByID(_ versions: Range<Int>, left: Int, right: Int, flags: UInt8) {
        append(versions.count, HistoryForm.Item.escape)
        escapes.append(byte: HistoryForm.Escape.insertion | flags)
        escapes.append(count: versions.lowerBound - left)
        escapes.append(count: right == SpanTree.documentEnd ? 0 : versions.lowerBound - right)
    }

    mutating func deleteByID(
        _ versions: Range<Int>, first: Int, flags: UInt32, continues: Bool
    ) {
        append(versions.count, HistoryForm.Item.escape)
        let high = UInt8(truncatingIfNeeded: flags) << HistoryForm.Escape.deletionFlagsShift
        escapes.append(
            byte: HistoryForm.Escape.deletion | high
                | (continues ? HistoryForm.Escape.continues : 0))
        escapes.append(count: versions.lowerBound - first)
    }

    mutating func other() {
        append(1, HistoryForm.Item.escape)
        escapes.append(byte: HistoryForm.Escape.other)
    }

    /// Writes the columns: items, positions of insertions, of backward and of forward deletions, then
    /// the length of the escapes and these.
    mutating func write(to writer: inout ByteWriter) {
        flush()
        items.write(to: &writer)
        insertions.write(to: &writer)
        backward.write(to: &writer)
        forward.write(to: &writer)
        writer.append(count: escapes.count)
        writer.append(contentsOf: escapes)
    }
}
