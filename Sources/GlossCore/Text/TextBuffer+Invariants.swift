extension TextBuffer {
    /// Stops the program unless the blocks, their sums and the whole fit together. O(n).
    func checkInvariants() {
        var sum = TextLength()
        var group = TextLength()
        for index in 0..<blocks.count {
            let block = self.block(at: index)
            checkBytes(of: block)
            precondition(
                index == openIndex || block.byteCount > 0, "no block is empty but the open one")
            precondition(index != openIndex || start == sum.count, "the open block knows its start")
            sum += block.length
            group += block.length
            let isLast = index % TextBuffer.groupSize == TextBuffer.groupSize - 1
            if isLast || index == blocks.count - 1 {
                let held = length(ofGroup: index / TextBuffer.groupSize)
                precondition(
                    held.count == group.count && held.surplus == group.surplus,
                    "a group knows its length")
                group = TextLength()
            }
        }
        precondition(sum.count == count && sum.surplus == surplus, "the text knows its length")
        checkFrames()
    }

    private func checkFrames() {
        var frames: Set<UInt32> = []
        for index in 0..<blocks.count { frames.insert(block(at: index).frame) }
        for index in 0..<freeFrames.count { frames.insert(freeFrames[index]) }
        precondition(
            frames.count == blocks.count + freeFrames.count
                && frames.count * frameSize == bytes.count,
            "each frame has one block or is free")
        let groupCount = (blocks.count + TextBuffer.groupSize - 1) / TextBuffer.groupSize
        precondition(groups.count == groupCount, "there is a sum for each group")
    }

    /// Stops the program unless a block says of its bytes what they are.
    private func checkBytes(of block: TextBlock) {
        let floor = Int(block.frame) * frameSize
        let gap = floor + Int(block.gap)
        let ceiling = floor + frameSize
        let rest = Int(block.byteCount) - Int(block.gap)
        precondition(rest >= 0 && Int(block.byteCount) <= frameSize, "a block fits its frame")
        var leads = 0
        var before = 0
        var astral = 0
        for place in Array(floor..<gap) + Array(ceiling - rest..<ceiling) {
            let isLead = !bytes[place].isContinuation
            precondition(
                isLead || (place != gap && place != ceiling - rest && place != floor),
                "a scalar never lies on both sides of the gap or of an end")
            if isLead { leads += 1 }
            if isLead, place < gap { before += 1 }
            if bytes[place] >= 0xF0 { astral += 1 }
        }
        precondition(
            leads == Int(block.count) && before == Int(block.before)
                && astral == Int(block.astral),
            "a block counts its scalars right")
    }
}
