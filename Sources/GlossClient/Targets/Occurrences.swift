/// Where a pattern stands in a text, occurrences that overlap included.
///
/// - Returns: where each begins, ascending; none for an empty pattern.
/// - Complexity: O(text + pattern).
func occurrences<Element: Equatable>(of pattern: [Element], in text: [Element]) -> [Int] {
    guard let first = pattern.first, pattern.count <= text.count else { return [] }
    var borders = [0]
    borders.reserveCapacity(pattern.count)
    var border = 0
    for index in pattern.indices.dropFirst() {
        while border > 0, pattern[index] != pattern[border] { border = borders[border - 1] }
        if pattern[index] == pattern[border] { border += 1 }
        borders.append(border)
    }
    var found: [Int] = []
    var matched = 0
    for index in text.indices {
        let element = text[index]
        if matched == 0, element != first { continue }
        while matched > 0, pattern[matched] != element { matched = borders[matched - 1] }
        if pattern[matched] == element { matched += 1 }
        if matched == pattern.count {
            found.append(index + 1 - matched)
            matched = borders[matched - 1]
        }
    }
    return found
}
