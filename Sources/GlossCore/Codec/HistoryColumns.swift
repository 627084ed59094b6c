/// The columns of a history's operations, to be read: see ``HistoryWriter``.
struct HistoryColumns: ~Copyable {
    let items: ColumnReader
    let insertions: ColumnReader
    let backward: ColumnReader
    let forward: ColumnReader
    let escapes: ByteReader

    /// Where reading stands in each column.
    struct Cursors {
        var items: ColumnReader.BitCursor
        var insertions: ColumnReader.BitCursor
        var backward: ColumnReader.BitCursor
        var forward: ColumnReader.BitCursor
    }

    /// Takes the heads of the columns.
    init(_ reader: inout ByteReader) throws(CodecError) {
        let items = try ColumnReader(&reader, tagCount: HistoryForm.Item.count)
        let insertions = try ColumnReader(&reader)
        let backward = try ColumnReader(&reader)
        let forward = try ColumnReader(&reader)
        let part = try reader.part(try reader.count(upTo: reader.remaining))
        self.items = items
        self.insertions = insertions
        self.backward = backward
        self.forward = forward
        escapes = ByteReader(reader.bytes, part)
    }

    /// Where reading begins.
    var start: Cursors {
        Cursors(
            items: items.start, insertions: insertions.start, backward: backward.start,
            forward: forward.start)
    }

    /// Throws unless the columns were used up.
    func finish(_ cursors: Cursors) throws(CodecError) {
        try items.finish(cursors.items)
        try insertions.finish(cursors.insertions)
        try backward.finish(cursors.backward)
        try forward.finish(cursors.forward)
    }
}
