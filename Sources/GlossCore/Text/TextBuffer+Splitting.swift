/// How blocks make room, and are split, joined and removed.
extension TextBuffer {
    /// Sees that four bytes fit into the gap, wherever it lies then.
    ///
    /// A full block gives the smaller part, before or behind its gap, to the block beside it, or to a
    /// new one if that has not the room; there the gap is then. So an eighth of a frame is free at
    /// least, and who goes on typing leaves full blocks behind.
    @inline(never)
    mutating func makeRoom() {
        close()
        if blocks.count == 0 {
            insertBlock(TextBlock(frame: takeFrame()), at: 0)
            openBlock(0, at: 0)
        } else if ceiling &- gapEnd <= gap &- floor {
            moveOnBehind(ceiling &- gapEnd)
        } else {
            moveOnBefore(gap &- floor)
        }
    }

    /// Moves the bytes behind the gap of the closed block into the next one, and opens that.
    private mutating func moveOnBehind(_ moved: Int) {
        let place = position
        let source = gapEnd
        let block = blocks[openIndex]
        var length = block.length
        length.count &-= Int(block.before)
        length.surplus = part(source..<source &+ moved, length.count, of: block)
        takeDown(length, isBefore: false)
        let next = openIndex &+ 1
        if next == blocks.count || !hasRoom(next, for: moved) {
            insertBlock(TextBlock(frame: takeFrame()), at: next)
        }
        openBlock(next, at: place)
        moveGap(to: place)
        gapEnd &-= moved
        bytes.move(from: source, to: gapEnd, count: moved)
        openSurplus += length.surplus
    }

    /// Moves the bytes before the gap of the closed block into the one before, and opens that.
    private mutating func moveOnBefore(_ moved: Int) {
        let place = start
        let source = floor
        let block = blocks[openIndex]
        var length = TextLength()
        length.count = Int(block.before)
        length.surplus = part(source..<source &+ moved, length.count, of: block)
        takeDown(length, isBefore: true)
        if openIndex > 0, hasRoom(openIndex &- 1, for: moved) {
            openBlock(openIndex &- 1, at: place &- Int(blocks[openIndex &- 1].count))
        } else {
            insertBlock(TextBlock(frame: takeFrame()), at: openIndex)
            openBlock(openIndex, at: place)
        }
        moveGap(to: place)
        bytes.move(from: source, to: gap, count: moved)
        gap &+= moved
        position &+= length.count
        behind &-= length.count
        openSurplus += length.surplus
    }

    /// How much longer some bytes of a block are than the scalars they are.
    private func part(_ range: Range<Int>, _ count: Int, of block: TextBlock) -> Surplus {
        Surplus(
            utf8: range.count &- count,
            utf16: block.astral == 0 ? 0 : bytes.surplus(of: range).utf16)
    }

    /// Takes down that the closed block loses what lies before its gap, or behind it.
    private mutating func takeDown(_ lost: TextLength, isBefore: Bool) {
        var block = blocks[openIndex]
        block.count &-= UInt16(truncatingIfNeeded: lost.count)
        block.byteCount &-= UInt16(truncatingIfNeeded: lost.count &+ lost.surplus.utf8)
        block.astral &-= UInt16(truncatingIfNeeded: lost.surplus.utf16)
        if isBefore {
            block.gap = 0
            block.before = 0
        }
        blocks[openIndex] = block
        groups[openIndex / TextBuffer.groupSize] -= lost
    }

    private func hasRoom(_ index: Int, for added: Int) -> Bool {
        Int(blocks[index].byteCount) &+ added &+ spare <= frameSize
    }

    /// Joins the closed block with one beside it if it is half empty and that has the room.
    mutating func join() {
        guard blocks.count > 1 else { return }
        let small = blocks[openIndex]
        let added = Int(small.byteCount)
        guard added < frameSize / 2 else { return }
        let index = openIndex
        let place = start
        if index &+ 1 < blocks.count, added == 0 || hasRoom(index &+ 1, for: added) {
            openBlock(index &+ 1, at: place)
        } else if index > 0, added == 0 || hasRoom(index &- 1, for: added) {
            openBlock(index &- 1, at: place &- Int(blocks[index &- 1].count))
        } else {
            return
        }
        moveGap(to: place)
        absorb(small)
        close()
        if openIndex > index { openIndex = index }
        removeBlocks(index..<index &+ 1)
    }

    /// Copies a block that lies just before the gap, or just behind it, into the open block.
    private mutating func absorb(_ block: TextBlock) {
        let floor = Int(block.frame) &* frameSize
        let rest = Int(block.byteCount &- block.gap)
        bytes.move(from: floor, to: gap, count: Int(block.gap))
        bytes.move(from: floor &+ frameSize &- rest, to: gap &+ Int(block.gap), count: rest)
        gap &+= Int(block.byteCount)
        position &+= Int(block.count)
        behind &-= Int(block.count)
        openSurplus += block.length.surplus
    }

    // MARK: Removing

    /// Takes a range away that may lie anywhere.
    @inline(never)
    mutating func removeElsewhere(_ range: Range<Int>) {
        let place = range.lowerBound
        precondition(place >= 0 && range.upperBound <= count, "the range is in the text")
        var left = range.count
        while left > 0 {
            move(to: place, reaching: place &+ 1)
            left &-= removeBehindGap(left)
            if left > 0 { left &-= removeWholeBlocks(left) }
        }
    }

    /// Takes away what lies behind the gap in the open block, up to a limit; gives how much that was.
    private mutating func removeBehindGap(_ limit: Int) -> Int {
        let held = start &+ openLength.count &- position
        let removed = min(limit, held)
        var end = gapEnd &+ removed
        if openSurplus.utf8 > 0 {
            end =
                removed == held ? ceiling : bytes.place(removed, behind: gapEnd, end: ceiling)
            let lost = bytes.surplus(of: gapEnd..<end)
            openSurplus -= lost
            surplus -= lost
        }
        gapEnd = end
        behind &-= removed
        return removed
    }

    /// Takes away the blocks behind the open one that a limit covers; gives how much that was.
    private mutating func removeWholeBlocks(_ limit: Int) -> Int {
        let first = openIndex &+ 1
        var end = first
        var removed = TextLength()
        while end < blocks.count, removed.count &+ Int(blocks[end].count) <= limit {
            removed += blocks[end].length
            end &+= 1
        }
        if end > first {
            removeBlocks(first..<end)
            surplus -= removed.surplus
            behind &-= removed.count
        }
        return removed.count
    }
}
