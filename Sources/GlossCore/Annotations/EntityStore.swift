/// The registers of a document, and what was done to everything in it that can be written to.
///
/// What an annotation was made with stands in the log (``OpRuns/others``) and only there.
struct EntityStore: Sendable {
    /// The document's own fields.
    var fields: [Field: Register] = [:]
    /// What was done to entities, by the place in ``OpRuns/others`` of the operation that made them.
    var edits: [Int: EntityEdits] = [:]
}
