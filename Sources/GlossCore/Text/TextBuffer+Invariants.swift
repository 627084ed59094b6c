extension TextBuffer {
    /// Stops the program unless one buffer holds all and the lengths in other units are right. O(n).
    func checkInvariants() {
        precondition(
            narrow.count + medium.count + wide.count == count, "one buffer holds the whole text")
        var expected = Surplus()
        for position in 0..<count { expected += Surplus(of: self[position].value) }
        precondition(
            surplus.utf8 == expected.utf8 && surplus.utf16 == expected.utf16,
            "the lengths in UTF-8 and UTF-16 are right")
    }
}
