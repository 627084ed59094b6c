/// Disjoint groups, joined pair by pair; the order of what comes out is that of what went in.
struct Groups<Member: Hashable> {
    private var group: [Member: Int] = [:]
    private var members: [[Member]] = []

    /// Makes the groups of two members one.
    mutating func join(_ first: Member, _ second: Member) {
        switch (group[first], group[second]) {
        case (nil, nil):
            group[first] = members.count
            group[second] = members.count
            members.append([first, second])
        case (let known?, nil): add(second, to: known)
        case (nil, let known?): add(first, to: known)
        case (let left?, let right?):
            guard left != right else { return }
            for member in members[right] { group[member] = left }
            members[left] += members[right]
            members[right] = []
        }
    }

    private mutating func add(_ member: Member, to index: Int) {
        group[member] = index
        members[index].append(member)
    }

    /// All groups, in the order of their first members.
    var all: [[Member]] { members.filter { !$0.isEmpty } }
}
