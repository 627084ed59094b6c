import Synchronization

extension Wire {
    /// Has what others make come behind the next answer to a push.
    static func rowsBehindAcks() -> Alteration {
        let held = Mutex<[[UInt8]]>([])
        return { line in
            let text = String(decoding: line.prefix(12), as: UTF8.self)
            if text.hasPrefix(#"{"t":"row""#) {
                held.withLock { $0.append(line) }
                return []
            }
            guard text.hasPrefix(#"{"t":"ack""#) else { return [line] }
            return [line]
                + held.withLock { rows in
                    defer { rows = [] }
                    return rows
                }
        }
    }
}
