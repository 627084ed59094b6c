import GlossCore

/// Patches ready to be made one by one, their text in one piece, so that a loop over them lends each
/// text to the engine without retaining anything.
struct Keystrokes {
    private var positions: [Int] = []
    private var deleted: [Int] = []
    /// Where the text of each begins in ``scalars``, and where the last one ends.
    private var starts = [0]
    private var scalars: [Unicode.Scalar] = []

    /// How many there are.
    var count: Int { positions.count }

    init(_ patches: some Collection<Patch>) {
        for patch in patches {
            positions.append(patch.position)
            deleted.append(patch.deleted)
            scalars += patch.inserted
            starts.append(scalars.count)
        }
    }

    /// Makes each of them, `offset` further on: what `local` times.
    func type(
        into document: inout Document, offset: Int = 0, by author: borrowing Author
    ) throws(ChangeError) {
        let text = scalars.span
        for index in positions.indices {
            let start = positions[index] + offset
            try document.replace(
                start..<start + deleted[index],
                with: text.extracting(starts[index]..<starts[index + 1]), by: author)
        }
    }
}
