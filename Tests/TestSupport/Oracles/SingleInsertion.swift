import GlossCore

/// One inserted character with the neighbours its author saw.
struct SingleInsertion {
    /// The character's id.
    var id: OpID
    /// The character it was typed after; `nil` at the start of the text.
    var left: OpID?
    /// The character that followed; `nil` at the end of the text.
    var right: OpID?
    /// What it shows.
    var scalar: Unicode.Scalar

    /// The characters of a run: each but the first was typed after the one before it, and all of
    /// them in front of the run's right neighbour.
    static func all(of run: Insertion, as id: OpID) -> [SingleInsertion] {
        run.text.indices.map { index in
            SingleInsertion(
                id: id.advanced(by: index),
                left: index == 0 ? run.left : id.advanced(by: index - 1),
                right: run.right,
                scalar: run.text[index])
        }
    }
}
