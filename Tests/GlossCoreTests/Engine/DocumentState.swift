@testable import GlossCore

/// All that a document knows, written out line by line.
///
/// Left out is what says nothing: where the tree cuts its runs, cursors, gaps, hash tables, room to
/// spare, and how wide scalars are stored.
struct DocumentState: Equatable {
    private(set) var lines: [String] = []

    init(_ waiting: borrowing Document) {
        var document = waiting.copy()
        document.settle()
        addAgents(document)
        addGraph(document)
        addChanges(document)
        addOps(document)
        addTree(document)
        addVisibility(document)
        addEntities(document)
    }

    /// The first line that differs, in both: for messages.
    func difference(from other: DocumentState) -> String? {
        for index in 0..<max(lines.count, other.lines.count) {
            let mine = index < lines.count ? lines[index] : "nothing"
            let theirs = index < other.lines.count ? other.lines[index] : "nothing"
            if mine != theirs { return "\(mine) | \(theirs)" }
        }
        return nil
    }

    private mutating func addAgents(_ document: borrowing Document) {
        for agent in 0..<document.agents.agentCount {
            let next = document.agents.nextSeq(of: agent)
            lines.append("agent \(document.agents.id(of: agent)) next \(next)")
        }
        for index in 0..<document.agents.runCount {
            lines.append("agent run \(document.agents.runs[index])")
        }
    }

    private mutating func addGraph(_ document: borrowing Document) {
        for index in 0..<document.graph.entryCount {
            lines.append("chain \(document.graph.entries[index])")
        }
        lines.append(
            "parents \((0..<document.graph.parents.count).map { document.graph.parents[$0] })")
        lines.append("frontier \(document.graph.frontier) of \(document.graph.count)")
    }

    private mutating func addChanges(_ document: borrowing Document) {
        for index in 0..<document.changes.count {
            let time = document.changes.time(of: index)
            let message = document.changes.message(of: index) ?? "-"
            lines.append("change \(document.changes.versions(of: index)) \(time) \(message)")
        }
        lines.append("change rows \(document.changes.rowCount)")
    }

    private mutating func addOps(_ document: borrowing Document) {
        for index in 0..<document.ops.runs.count {
            lines.append("run \(document.ops.runs[index])")
        }
        lines.append("scalars \((0..<document.ops.scalars.count).map { document.ops.scalars[$0] })")
        for index in 0..<document.ops.others.count {
            lines.append(
                "other \(document.ops.others[index]) at \(document.ops.others.version(of: index))")
        }
        for detail in document.ops.details { lines.append("detail \(detail)") }
        lines.append(
            "replacements "
                + "\((0..<document.ops.replacements.count).map { document.ops.replacements[$0] })")
    }

    private mutating func addTree(_ document: borrowing Document) {
        var runs: [SpanTree.Run] = []
        document.tree.forEachRun { run in
            if let last = runs.last, last.continues(into: run) {
                runs[runs.count - 1].extend(by: run.count)
            } else {
                runs.append(run)
            }
        }
        for run in runs {
            lines.append(
                "text \(run.first)..<\(run.end) \(run.isGlued ? "glued" : "")"
                    + " \(run.isHidden ? "hidden" : "")")
        }
        lines.append("count \(document.tree.visibleCount) of \(document.tree.totalCount)")
        lines.append("kept \(document.keepsText ? document.buffer.string : "not")")
    }

    private mutating func addVisibility(_ document: borrowing Document) {
        lines.append("table \(document.table.isKept)")
        for version in 0..<document.table.count {
            lines.append(
                "visibility \(version) undone \(document.table.undoCount(of: version))"
                    + " repeated \(document.table.isRepeated(version))"
                    + " shows \(document.table.shows(version))")
        }
        for change in document.countChanges { lines.append("count \(change)") }
        for (suggestion, acceptances) in document.acceptances.sorted(by: { $0.key < $1.key }) {
            lines.append("accepted \(suggestion) \(acceptances)")
        }
    }

    private mutating func addEntities(_ document: borrowing Document) {
        add(document.store.fields)
        for entity in document.entities() {
            lines.append("entity \(entity.id) \(entity.kind) \(entity.touches)")
            add(entity.fields)
            for (tag, ids) in entity.tagAdditions.sorted(by: { $0.key < $1.key }) {
                lines.append("tag \(tag.text) \(ids)")
            }
            lines.append("replies \(document.replies(to: entity.id).map(\.id))")
        }
    }

    private mutating func add(_ fields: [Field: Register]) {
        for (field, register) in fields.sorted(by: { $0.key < $1.key }) {
            lines.append("field \(field.rawValue) \(register.writes) \(register.heads)")
        }
    }
}
