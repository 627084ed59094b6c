import Glibc
import GlossStorage
import GlossTransport

extension Administrator {
    func backup(_ request: AdminRequest) async throws -> AdminReport {
        guard let path = request.path, path.hasPrefix("/") else {
            throw ServerError(.invalid, "A backup needs an absolute path.")
        }
        if let hidden = PrivateTemporaryFiles.hiding(path) {
            throw ServerError(
                .invalid,
                "The server has a \(hidden) of its own, where nobody would find \(path). Name a file in "
                    + "another directory that it may write to.")
        }
        if request.dry == true {
            guard access(path, F_OK) != 0 else {
                throw ServerError(.exists, "\(path) is there already.")
            }
            try Self.checkWritable(directoryOf: path)
        } else {
            try await store.backup(to: path)
        }
        var report = AdminReport("backup")
        report.backup = path
        return report
    }

    /// - Throws: ``ServerError`` if no file can be made beside a path.
    private static func checkWritable(directoryOf path: String) throws(ServerError) {
        let parent = directory(of: path)
        // Through a path of the directory itself, so that a file in its place is found out.
        guard access(parent + "/.", W_OK | X_OK) == 0 else {
            throw ServerError(errno: errno, path: parent)
        }
    }

    func status() async throws -> AdminReport {
        var report = AdminReport("status")
        report.status = AdminReport.Status(
            version: Server.version, address: address.description,
            fingerprint: try identity.fingerprint()?.description ?? "none", running: rooms != nil,
            connections: accounts.access.connectionCount,
            documentsInMemory: await rooms?.count ?? 0,
            users: try await store.users().count, libraries: try await store.libraries().count)
        await vitals?.fill(&report.status)
        return report
    }
}
