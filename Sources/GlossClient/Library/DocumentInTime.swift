import GlossCore
import GlossProtocol
import GlossStorage

/// A document as it is here up to a place of its local order, with what is refused.
struct DocumentInTime {
    var replica: Replica
    /// The places behind that, ascending.
    private var places: ArraySlice<Int>

    init(_ document: DocumentID, places: [Int]) {
        replica = Replica(id: document)
        self.places = places[...]
    }

    /// Goes on to a place, with what stands in front of it by now.
    mutating func advance(to place: Int, in reader: LibraryReader) throws {
        while let next = places.first, next < place {
            if let stored = try reader.change(of: replica.id, at: next) {
                _ = try replica.integrate(ChangeCodec.decode(stored.bytes))
            }
            places.removeFirst()
        }
    }
}
