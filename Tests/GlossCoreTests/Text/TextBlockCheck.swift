import Testing

@testable import GlossCore

/// What must hold of the blocks of a text at any time.
enum TextBlockCheck {
    static func check(_ text: borrowing TextBuffer, _ label: String) {
        var sum = TextLength()
        var frames: Set<UInt32> = []
        var group = TextLength()
        var isRight = true
        for index in 0..<text.blocks.count {
            let block = text.block(at: index)
            frames.insert(block.frame)
            isRight = isRight && isConsistent(block, of: text)
            if index != text.openIndex { isRight = isRight && block.byteCount > 0 }
            if index == text.openIndex { isRight = isRight && text.start == sum.count }
            sum += block.length
            group += block.length
            let isLast = index % TextBuffer.groupSize == TextBuffer.groupSize - 1
            if isLast || index == text.blocks.count - 1 {
                let held = text.length(ofGroup: index / TextBuffer.groupSize)
                isRight = isRight && held.count == group.count && held.surplus == group.surplus
                group = TextLength()
            }
        }
        for index in 0..<text.freeFrames.count { frames.insert(text.freeFrames[index]) }
        let groupCount = (text.blocks.count + TextBuffer.groupSize - 1) / TextBuffer.groupSize
        isRight = isRight && text.groups.count == groupCount
        isRight = isRight && frames.count * text.frameSize == text.bytes.count
        isRight = isRight && frames.count == text.blocks.count + text.freeFrames.count
        isRight = isRight && sum.count == text.count && sum.surplus == text.surplus
        #expect(isRight, "\(label)")
    }

    /// Whether a block says of its bytes what they are.
    private static func isConsistent(_ block: TextBlock, of text: borrowing TextBuffer) -> Bool {
        let floor = Int(block.frame) * text.frameSize
        let gap = floor + Int(block.gap)
        let ceiling = floor + text.frameSize
        let rest = Int(block.byteCount) - Int(block.gap)
        guard rest >= 0, Int(block.byteCount) <= text.frameSize else { return false }
        var leads = 0
        var before = 0
        var astral = 0
        for place in Array(floor..<gap) + Array(ceiling - rest..<ceiling) {
            if place == gap || place == ceiling - rest || place == floor {
                // A scalar never lies on both sides of the gap or of an end.
                guard !text.bytes[place].isContinuation else { return false }
            }
            if !text.bytes[place].isContinuation { leads += 1 }
            if !text.bytes[place].isContinuation, place < gap { before += 1 }
            if text.bytes[place] >= 0xF0 { astral += 1 }
        }
        return leads == Int(block.count) && before == Int(block.before)
            && astral == Int(block.astral)
    }
}
