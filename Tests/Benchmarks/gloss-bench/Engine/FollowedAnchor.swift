/// An anchor before a character, moved along with each edit by arithmetic on positions alone.
///
/// A deleted character keeps its place among the visible ones. What is typed there later goes in
/// front of it, because text is put directly behind its left neighbour. Only where one patch
/// deletes and inserts, both sides of the new text are allowed.
struct FollowedAnchor {
    /// Which anchor it is.
    let index: Int
    private var lowest: Int
    private var highest: Int
    private var lives = true

    private init(index: Int, offset: Int) {
        self.index = index
        lowest = offset
        highest = offset
    }

    /// Follows up to 1,000 of the anchors at `offsets`, evenly chosen, through all patches.
    static func follow(_ offsets: [Int], through patches: ArraySlice<Patch>) -> [FollowedAnchor] {
        let step = max(1, offsets.count / 1_000)
        var anchors = stride(from: 0, to: offsets.count, by: step).map {
            FollowedAnchor(index: $0, offset: offsets[$0])
        }
        for patch in patches {
            for index in anchors.indices { anchors[index].move(with: patch) }
        }
        return anchors
    }

    /// Whether the anchor may have ended at `place`, its character alive or not.
    func allows(_ place: Int, _ lives: Bool) -> Bool {
        lives == self.lives && lowest <= place && place <= highest
    }

    private mutating func move(with patch: Patch) {
        let start = patch.position
        let end = start + patch.deleted
        let wasDeletedHere = lives && start <= lowest && lowest < end
        let touches = !lives && highest >= start && lowest <= end
        if wasDeletedHere { lives = false }
        lowest = moved(lowest, over: start..<end)
        highest = moved(highest, over: start..<end)
        let isReplacement = patch.deleted > 0 && !patch.inserted.isEmpty
        if isReplacement, wasDeletedHere || touches {
            if lowest > start { lowest += patch.inserted.count }
            if highest >= start { highest += patch.inserted.count }
        } else {
            if lowest >= start { lowest += patch.inserted.count }
            if highest >= start { highest += patch.inserted.count }
        }
    }

    private func moved(_ place: Int, over deleted: Range<Int>) -> Int {
        if place >= deleted.upperBound { return place - deleted.count }
        return min(place, deleted.lowerBound)
    }
}
