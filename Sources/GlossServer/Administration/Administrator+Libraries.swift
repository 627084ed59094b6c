import GlossCore
import GlossCrypto
import GlossProtocol
import GlossStorage

extension Administrator {
    func listLibraries() async throws -> AdminReport {
        var report = AdminReport("libraries")
        var libraries: [AdminReport.Library] = []
        for library in try await store.libraries() {
            libraries.append(try await describe(library))
        }
        report.libraries = libraries
        return report
    }

    private func describe(_ library: LibraryRecord) async throws -> AdminReport.Library {
        AdminReport.Library(
            id: library.id.description, name: library.name,
            created: Timestamp.text(library.createdAt),
            members: try await store.members(of: library.id).count)
    }

    func addLibrary(_ request: AdminRequest) async throws -> AdminReport {
        guard let name = request.name, DisplayName.isValid(name) else {
            throw ServerError(.invalid, "A library's name has \(DisplayName.rule).")
        }
        let now = accounts.clock.wall()
        if request.dry == true {
            guard try await store.library(named: name) == nil else {
                throw ServerError(.exists, "There is a library “\(name)” already.")
            }
            var report = AdminReport("libraries")
            report.libraries = [
                AdminReport.Library(name: name, created: Timestamp.text(now), members: 0)
            ]
            return report
        }
        var random = SystemRandom()
        let library = LibraryRecord(
            id: LibraryID(rawValue: random.next()), name: name, createdAt: now)
        try await store.addLibrary(library)
        var entry = AuditEntry(.libraryAdded)
        entry.library = name
        audit?.record(entry, by: actor)
        var report = AdminReport("libraries")
        report.libraries = [try await describe(library)]
        return report
    }
}
