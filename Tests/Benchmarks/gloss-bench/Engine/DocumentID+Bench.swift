import GlossCore

extension DocumentID {
    /// The article that all benches write.
    static let bench = DocumentID(high: 0x676c_6f73_7362_656e, low: 0)
}
