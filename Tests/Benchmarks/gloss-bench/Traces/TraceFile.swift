import CZlib
import GlossProtocol

/// Reads traces: JSON, plain or compressed with gzip.
enum TraceFile {
    /// The trace in a file, named after the file.
    static func read(_ path: String) throws -> Trace {
        let value: JSONValue
        do {
            value = try JSONParser.parse(try bytes(path))
        } catch let error as JSONError {
            throw BenchError("\(path): \(error)")
        }
        guard case .object(let object) = value, let trace = trace(object, named: name(of: path))
        else { throw BenchError("\(path): this is no trace") }
        return trace
    }

    /// The file's name without its endings.
    static func name(of path: String) -> String {
        let file = path.split(separator: "/").last ?? ""
        return String(file.prefix { $0 != "." })
    }

    /// All bytes of a file, unpacked if it is packed.
    private static func bytes(_ path: String) throws -> [UInt8] {
        guard let file = gzopen(path, "rb") else { throw BenchError("\(path): cannot be read") }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = gzread(file, &buffer, UInt32(buffer.count))
            if count <= 0 { break }
            bytes.append(contentsOf: buffer[..<Int(count)])
        }
        var status: Int32 = Z_OK
        _ = gzerror(file, &status)
        let closed = gzclose(file)
        guard status == Z_OK || status == Z_STREAM_END, closed == Z_OK else {
            throw BenchError("\(path): cannot be read, or is damaged")
        }
        return bytes
    }

    private static func trace(_ object: JSONObject, named name: String) -> Trace? {
        guard case .string(let text) = object["endContent"],
            case .array(let values) = object["txns"], !values.isEmpty
        else { return nil }
        if case .string(let start) = object["startContent"], !start.isEmpty { return nil }
        var isConcurrent = false
        if case .string("concurrent") = object["kind"] { isConcurrent = true }
        var transactions: [Transaction] = []
        transactions.reserveCapacity(values.count)
        for (index, value) in values.enumerated() {
            guard case .object(let fields) = value,
                var transaction = transaction(fields, index: index)
            else { return nil }
            if !isConcurrent { transaction.parents = index == 0 ? [] : [index - 1] }
            transactions.append(transaction)
        }
        return Trace(
            name: name, isConcurrent: isConcurrent, transactions: transactions,
            finalText: Array(text.unicodeScalars))
    }

    private static func transaction(_ fields: JSONObject, index: Int) -> Transaction? {
        guard case .array(let values) = fields["patches"] else { return nil }
        var transaction = Transaction(agent: 0, parents: [], patches: [])
        if case .integer(let agent) = fields["agent"] { transaction.agent = agent }
        if case .array(let parents) = fields["parents"] {
            for parent in parents {
                guard case .integer(let place) = parent, (0..<index).contains(place)
                else { return nil }
                transaction.parents.append(place)
            }
        }
        for value in values {
            guard let patch = patch(value) else { return nil }
            transaction.patches.append(patch)
        }
        return transaction
    }

    private static func patch(_ value: JSONValue) -> Patch? {
        guard case .array(let parts) = value, parts.count == 3,
            case .integer(let position) = parts[0], position >= 0,
            case .integer(let deleted) = parts[1], deleted >= 0,
            case .string(let inserted) = parts[2], deleted > 0 || !inserted.isEmpty
        else { return nil }
        return Patch(
            position: position, deleted: deleted, inserted: Array(inserted.unicodeScalars))
    }
}
