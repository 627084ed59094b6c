import GlossCore
import GlossProtocol
import GlossStorage

/// All that the logs of an article and its annotation set hold, undone and replaced or not.
struct Ledger {
    private(set) var ids: Set<OpID> = []
    private var texts: [Written.Use: [String]] = [:]

    init(_ rows: [LogRow]) throws {
        for row in rows {
            let change = try ChangeCodec.decode(row.bytes)
            ids.insert(change.id)
            add(change)
        }
    }

    /// What some changes hold.
    init(_ changes: [Change]) {
        for change in changes {
            ids.insert(change.id)
            add(change)
        }
    }

    /// What this one holds, and what some more changes hold.
    func adding(_ changes: [Change]) -> Ledger {
        var ledger = self
        for change in changes { ledger.add(change) }
        return ledger
    }

    private mutating func add(_ change: Change) {
        add(change.message, as: .reason)
        for op in change.ops {
            switch op {
            case .insert(let insertion):
                add(String(String.UnicodeScalarView(insertion.text)), as: .text)
            case .annotate(let note):
                add(note.body, as: .body)
                add(note.proposal, as: .proposal)
                for tag in note.tags { add(tag, as: .tag) }
            case .reply(let reply): add(reply.body, as: .body)
            case .addTag(let addition): add(addition.tag, as: .tag)
            case .write(let write):
                add(write.why, as: .reason)
                add(write.value.text, as: write.field.use)
            case .resolve(let resolution): add(resolution.why, as: .reason)
            case .delete, .visibility, .removeTag, .unknown: break
            }
        }
    }

    private mutating func add(_ text: String?, as use: Written.Use?) {
        if let text, let use { texts[use, default: []].append(text) }
    }

    /// Whether the same was written, under whatever names.
    func says(_ other: Ledger) -> Bool { texts == other.texts }

    /// What somebody wrote and no log holds.
    func missing(_ written: Written) -> [Written.Entry] {
        written.entries.filter { entry in
            let held = texts[entry.use] ?? []
            // Text is typed among other text, everything else stands alone.
            return entry.use == .text
                ? !held.contains { $0.contains(entry.text) } : !held.contains(entry.text)
        }
    }
}

extension Field {
    /// As what its values are written; `nil` if people do not write them.
    fileprivate var use: Written.Use? {
        switch self {
        case .body: .body
        case .proposal: .proposal
        case .name: .name
        default: nil
        }
    }
}
