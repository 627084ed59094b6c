import GlossCore
import GlossProtocol
import GlossStorage

extension Administrator {
    /// Every document of a library with its checksums, replayed from the log on disk.
    ///
    /// - Complexity: O(changes of the library).
    func listDocuments(_ request: AdminRequest) async throws -> AdminReport {
        let library = try await library(request.library)
        var documents: [AdminReport.Document] = []
        var last: DocumentID?
        while true {
            let page = try await store.documents(in: library.id, after: last, limit: 256)
            for record in page { documents.append(try await describe(record)) }
            guard let end = page.last else { break }
            last = end.id
        }
        var report = AdminReport("documents")
        report.documents = documents
        return report
    }

    private func describe(_ record: DocumentRecord) async throws -> AdminReport.Document {
        var replica = Replica(id: record.id)
        var position = 0
        while position < record.head {
            let rows = try await store.rows(
                of: record.id, after: position, maxBytes: WireLimits.page,
                maxRows: WireLimits.pushChanges)
            guard let last = rows.last else { break }
            // What was appended since the record was read is not what its checksum is of.
            for row in rows where row.position <= record.head {
                try replica.integrate(try ChangeCodec.decode(row.bytes))
            }
            position = last.position
        }
        return AdminReport.Document(
            id: record.id.description, name: replica.register(.name).value?.text,
            kind: record.kind.rawValue, head: record.head,
            sum: Checksum(rawValue: record.sum).description,
            state: Checksum(rawValue: replica.stateChecksum).description,
            roles: record.kind == .article ? try await roles(on: record.id) : nil,
            of: record.owner == nil ? nil : record.article.description, user: record.owner)
    }
}
