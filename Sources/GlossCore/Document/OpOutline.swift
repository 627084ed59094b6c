/// What an operation says, but for its lists.
///
/// An operation holds arrays, and whoever hands it on while the document changes has to retain them.
/// Most need nothing of it but this, which is read out in one go.
struct OpOutline {
    enum Kind {
        case insertion
        case deletion
        /// Neither.
        case other
    }

    var kind: Kind
    /// Of an insertion, its origins.
    var left: OpID?
    var right: OpID?
    /// Of an insertion, how many scalars it has, and the first of them.
    var count = 0
    var first: Unicode.Scalar = "\0"
    /// Of an insertion, whether it says more than where which text goes.
    var hasDetails = false
    /// Whether it accepts a suggestion.
    var accepts = false

    @inline(__always)
    init(_ op: borrowing Op) {
        switch op {
        case .insert(let insertion):
            kind = .insertion
            left = insertion.left
            right = insertion.right
            count = insertion.scalarCount
            first = insertion.first
            if !insertion.isPlain {
                hasDetails = true
                accepts = insertion.accepts != nil
            }
        case .delete(let deletion):
            kind = .deletion
            accepts = deletion.accepts != nil
        case .visibility, .annotate, .reply, .addTag, .removeTag, .write, .resolve, .unknown:
            kind = .other
        }
    }

    /// For where an operation is not of the kind that its outline says.
    static func trap() -> Never {
        preconditionFailure("an outline says of which kind its operation is")
    }
}
