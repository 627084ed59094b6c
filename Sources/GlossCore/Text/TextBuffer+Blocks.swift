/// How blocks are found and opened, and how they are listed.
extension TextBuffer {
    /// How long the open block is.
    @inline(__always)
    var openLength: TextLength {
        let byteCount = gap &- floor &+ ceiling &- gapEnd
        return TextLength(count: byteCount &- openSurplus.utf8, surplus: openSurplus)
    }

    /// The block at an index as it is now. O(1).
    @inline(__always)
    func block(at index: Int) -> TextBlock {
        var block = blocks[index]
        if index == openIndex {
            let length = openLength
            block.count = UInt16(truncatingIfNeeded: length.count)
            block.byteCount = UInt16(truncatingIfNeeded: length.count &+ length.surplus.utf8)
            block.astral = UInt16(truncatingIfNeeded: length.surplus.utf16)
            block.gap = UInt16(truncatingIfNeeded: gap &- floor)
            block.before = UInt16(truncatingIfNeeded: position &- start)
        }
        return block
    }

    /// How long a group of blocks is now. O(1).
    @inline(__always)
    func length(ofGroup group: Int) -> TextLength {
        var length = groups[group]
        if group == openIndex / TextBuffer.groupSize {
            length += openLength
            length -= blocks[openIndex].length
        }
        return length
    }

    /// Moves the gap to a position, in the first block that goes on up to `reached`.
    ///
    /// - Parameter reached: the position, or the next one for a block that has the scalar behind.
    @inline(never)
    mutating func move(to place: Int, reaching reached: Int) {
        precondition(place >= 0 && reached <= count, "the position is in the text")
        if place < start || reached > start &+ openLength.count {
            close()
            join()
            let found = find(reached)
            openBlock(found.index, at: found.start)
        }
        moveGap(to: place)
    }

    /// Moves the gap inside the open block.
    @inline(__always)
    mutating func moveGap(to place: Int) {
        let distance = place &- position
        if distance < 0 {
            let target =
                openSurplus.utf8 == 0 ? gap &+ distance : byte(distance, beforeGapOf: place)
            let moved = gap &- target
            bytes.move(from: target, to: gapEnd &- moved, count: moved)
            gap = target
            gapEnd &-= moved
        } else {
            let end =
                openSurplus.utf8 == 0
                ? gapEnd &+ distance : bytes.place(distance, behind: gapEnd, end: ceiling)
            let moved = end &- gapEnd
            bytes.move(from: gapEnd, to: gap, count: moved)
            gap &+= moved
            gapEnd = end
        }
        position = place
        behind &-= distance
    }

    /// The byte of a position before the gap of the open block, from whichever end is nearer.
    private func byte(_ distance: Int, beforeGapOf place: Int) -> Int {
        place &- start < -distance
            ? bytes.place(place &- start, behind: floor, end: gap)
            : bytes.place(-distance, before: gap)
    }

    /// The first block that goes on up to a position, and where it begins. O(1) for the blocks beside
    /// the open one, else O(n / 2^18 + 64).
    @inline(__always)
    func find(_ reached: Int) -> (index: Int, start: Int) {
        if blocks.count == 0 { return (0, 0) }
        if reached > start {
            let end = start &+ openLength.count
            if reached <= end { return (openIndex, start) }
            let next = openIndex &+ 1
            if next < blocks.count, reached <= end &+ Int(blocks[next].count) { return (next, end) }
        } else if openIndex > 0 {
            let previous = openIndex &- 1
            let first = start &- Int(blocks[previous].count)
            if reached > first || previous == 0 { return (previous, first) }
        }
        return findFar(reached)
    }

    private func findFar(_ reached: Int) -> (index: Int, start: Int) {
        var start = 0
        var group = 0
        let openGroup = openIndex / TextBuffer.groupSize
        let change = blocks.count == 0 ? 0 : openLength.count &- Int(blocks[openIndex].count)
        while group &+ 1 < groups.count {
            let end = start &+ groups[group].count &+ (group == openGroup ? change : 0)
            if end >= reached { break }
            start = end
            group &+= 1
        }
        var index = group &* TextBuffer.groupSize
        while index &+ 1 < blocks.count {
            let count = index == openIndex ? openLength.count : Int(blocks[index].count)
            if start &+ count >= reached { break }
            start &+= count
            index &+= 1
        }
        return (index, start)
    }

    /// Takes down how the open block is now.
    mutating func close() {
        guard blocks.count > 0 else { return }
        let group = openIndex / TextBuffer.groupSize
        groups[group] = length(ofGroup: group)
        blocks[openIndex] = block(at: openIndex)
    }

    /// Opens a block; the one that was open is closed.
    mutating func openBlock(_ index: Int, at start: Int) {
        let block = blocks[index]
        let all = count
        openIndex = index
        self.start = start
        openSurplus = block.length.surplus
        floor = Int(block.frame) &* frameSize
        ceiling = floor &+ frameSize
        gap = floor &+ Int(block.gap)
        gapEnd = gap &+ frameSize &- Int(block.byteCount)
        position = start &+ Int(block.before)
        behind = all &- position
    }

    // MARK: The list

    /// Adds a block to the list. O(n / 4096) behind it, as one `memmove` of 16 bytes a block.
    mutating func insertBlock(_ block: TextBlock, at index: Int) {
        blocks.append(block)
        let moved = blocks.count &- 1 &- index
        if moved > 0 {
            blocks.move(from: index, to: index &+ 1, count: moved)
            blocks[index] = block
        }
        // Each group behind gets the last block of the one before it.
        var group = index / TextBuffer.groupSize
        var added = block.length
        while group < groups.count {
            groups[group] += added
            group &+= 1
            guard group &* TextBuffer.groupSize < blocks.count else { return }
            added = blocks[group &* TextBuffer.groupSize].length
            groups[group &- 1] -= added
        }
        groups.append(added)
    }

    /// Takes blocks from the list and keeps their frames for others. O(n / 4096) behind them.
    mutating func removeBlocks(_ range: Range<Int>) {
        for index in range { freeFrames.append(blocks[index].frame) }
        let moved = blocks.count &- range.upperBound
        blocks.move(from: range.upperBound, to: range.lowerBound, count: moved)
        blocks.truncate(to: blocks.count &- range.count)
        sumGroups(from: range.lowerBound)
    }

    /// Sums up the group of a block and those behind it again.
    private mutating func sumGroups(from index: Int) {
        groups.truncate(to: min(groups.count, index / TextBuffer.groupSize))
        var first = groups.count &* TextBuffer.groupSize
        while first < blocks.count {
            let end = min(first &+ TextBuffer.groupSize, blocks.count)
            var sum = TextLength()
            for block in first..<end { sum += blocks[block].length }
            groups.append(sum)
            first = end
        }
    }

    /// A frame without a block. O(1) amortised.
    mutating func takeFrame() -> Int {
        if freeFrames.count > 0 {
            let frame = Int(freeFrames[freeFrames.count &- 1])
            freeFrames.truncate(to: freeFrames.count &- 1)
            return frame
        }
        let frame = bytes.count / frameSize
        bytes.makeRoom(for: frameSize)
        bytes.grow(by: frameSize)
        return frame
    }
}
