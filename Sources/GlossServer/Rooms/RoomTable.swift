import GlossCore

/// The rooms in memory, by document. Each has a place of its own, so that reading or changing one
/// copies nothing.
struct RoomTable: ~Copyable {
    private final class Place {
        var room: Room?

        init(_ room: Room? = nil) {
            self.room = room
        }
    }

    private var places: [DocumentID: Place] = [:]

    subscript(document: DocumentID) -> Room? {
        _read {
            if let place = places[document] {
                yield place.room
            } else {
                yield nil
            }
        }
        _modify {
            let known = places[document]
            let place = known ?? Place()
            yield &place.room
            if (known == nil) != (place.room == nil) {
                places[document] = place.room == nil ? nil : place
            }
        }
    }

    /// How many there are.
    var count: Int { places.count }

    /// All rooms, in no order.
    var all: some Sequence<Room> { places.values.lazy.compactMap(\.room) }

    /// Lets go of those for which the closure says so.
    mutating func remove(where isUnwanted: (Room) -> Bool) {
        places = places.filter { $0.value.room.map { !isUnwanted($0) } ?? false }
    }
}
