import GlossCore

/// Patches ready to be made one by one.
///
/// They lie in memory of their own and cannot be copied, so that a loop over them lends each text
/// to the engine. A loop over an array would retain each, which costs as much as the edit.
struct Keystrokes: ~Copyable {
    private struct Keystroke: ~Copyable {
        let position: Int
        let deleted: Int
        let inserted: [Unicode.Scalar]
    }

    private let strokes: UnsafeMutableBufferPointer<Keystroke>

    /// How many there are.
    var count: Int { strokes.count }

    init(_ patches: some Collection<Patch>) {
        strokes = .allocate(capacity: patches.count)
        for (index, patch) in patches.enumerated() {
            strokes.initializeElement(
                at: index,
                to: Keystroke(
                    position: patch.position, deleted: patch.deleted, inserted: patch.inserted))
        }
    }

    deinit {
        strokes.deinitialize().deallocate()
    }

    /// Makes each of them, `offset` further on: what `local` times.
    func type(
        into document: inout Document, offset: Int = 0, by author: borrowing Author
    ) throws(ChangeError) {
        for index in strokes.indices {
            try Keystrokes.make(strokes[index], in: &document, offset: offset, by: author)
        }
    }

    /// A function, because the parameter is what keeps the text from being retained.
    @inline(never)
    private static func make(
        _ stroke: borrowing Keystroke, in document: inout Document, offset: Int,
        by author: borrowing Author
    ) throws(ChangeError) {
        let start = stroke.position + offset
        try document.replace(
            start..<start + stroke.deleted, with: stroke.inserted, by: author)
    }
}
