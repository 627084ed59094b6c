/// The operations of a log that neither insert nor delete, each packed as ``OpWriter`` writes it.
///
/// An annotation takes the bytes of its texts and some fifty more here; as a value it takes several
/// hundred, in half a dozen places. Reading an operation makes the value anew.
struct PackedOps: ~Copyable {
    /// Holds one operation while it is packed, and all agents that any of them names.
    private var writer = OpWriter()
    private var bytes = Slab<UInt8>()
    /// Where each operation ends among the bytes.
    private var ends = Slab<UInt32>()
    /// The local version of each, ascending.
    private var versions = Slab<UInt32>()

    /// No operations.
    init() {}

    /// Operations at local versions that ascend.
    init(_ ops: [Op], at versions: [Int]) {
        for (op, version) in zip(ops, versions) { append(op, at: version) }
    }

    /// How many there are.
    var count: Int { ends.count }

    /// How many bytes they have taken from the system, but for the table of agents.
    var byteCount: Int {
        writer.bytes.byteCount + bytes.byteCount + ends.byteCount + versions.byteCount
    }

    /// The same once more. O(n) in bytes.
    borrowing func copy() -> PackedOps {
        var copy = PackedOps()
        copy.writer = writer.copy()
        copy.bytes = bytes.copy()
        copy.ends = ends.copy()
        copy.versions = versions.copy()
        return copy
    }

    /// Gives the room back that no operation takes. O(n) in bytes.
    mutating func shrink() {
        writer.shrink()
        bytes.shrink()
        ends.shrink()
        versions.shrink()
    }

    /// An operation. O(n) in its size.
    subscript(index: Int) -> Op {
        let range = start(of: index)..<Int(ends[index])
        let packed = [UInt8](capacity: range.count) { bytes.append(range, to: &$0) }
        var reader = OpReader(own: packed, agents: writer.strangers)
        do throws(CodecError) {
            return try reader.op()
        } catch {
            preconditionFailure("what was packed here can be read: \(error)")
        }
    }

    /// What kind of operation it is: one of ``OpForm``. O(1).
    func form(of index: Int) -> UInt8 { bytes[start(of: index)] }

    /// The local version of an operation. O(1).
    func version(of index: Int) -> Int { Int(versions[index]) }

    /// Which operation stands at a local version, or `nil`. O(log n).
    func index(at version: Int) -> Int? {
        var low = 0
        var high = versions.count
        while low < high {
            let middle = (low + high) / 2
            if Int(versions[middle]) < version { low = middle + 1 } else { high = middle }
        }
        return low < versions.count && Int(versions[low]) == version ? low : nil
    }

    private func start(of index: Int) -> Int { index == 0 ? 0 : Int(ends[index - 1]) }

    /// Adds an operation at a local version behind all others. O(n) in its size, amortised.
    mutating func append(_ op: Op, at version: Int) {
        writer.append(op)
        bytes.makeRoom(for: writer.bytes.count, orPart: 8)
        writer.move(to: &bytes)
        guard let end = UInt32(exactly: bytes.count) else {
            preconditionFailure("a document's operations take less than 4 GiB")
        }
        ends.append(end)
        versions.append(UInt32(truncatingIfNeeded: version))
    }

    /// Takes the last operation back. O(1).
    mutating func removeLast() {
        ends.truncate(to: ends.count - 1)
        versions.truncate(to: ends.count)
        bytes.truncate(to: start(of: ends.count))
    }
}
