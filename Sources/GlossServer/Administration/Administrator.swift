import GlossCore
import GlossCrypto
import GlossProtocol
import GlossStorage
import GlossTransport

/// Does what administrators ask for, on a running server or on the files of a stopped one.
struct Administrator {
    /// The name of the library a new server starts with.
    static let firstLibrary = "main"

    let store: any Store
    let accounts: Accounts
    /// What invitations say of the server.
    let identity: ServerIdentity
    /// The documents of a running server; `nil` if it is stopped.
    let rooms: Rooms?
    /// Reads the configuration again; `nil` if the server is stopped.
    var reloader: Reloader?
    /// Where changes of access are written down.
    var audit: AuditLog?
    /// How a running server is; `nil` if it is stopped.
    var vitals: Vitals?
    /// Who asks.
    var actor = AuditEntry.Actor.server
    /// Called if the disk can no longer be trusted.
    let onFatal: @Sendable (StoreError) -> Void

    var address: ListenAddress { identity.address }

    /// Does what a request asks for.
    func perform(
        _ request: AdminRequest, by actor: AuditEntry.Actor = .server
    ) async throws(ServerError) -> AdminReport {
        do {
            var administrator = self
            administrator.actor = actor
            return try await administrator.attempt(request)
        } catch let error as StoreError {
            if error.code == .fsyncFailed { onFatal(error) }
            throw ServerError(error)
        } catch let error as ServerError {
            throw error
        } catch {
            throw ServerError(.io, "\(error)")
        }
    }

    private func attempt(_ request: AdminRequest) async throws -> AdminReport {
        switch request.command {
        case .invite: try await invite(request)
        case .users: try await listUsers()
        case .role: try await setRole(request)
        case .devices: try await listDevices()
        case .revoke: try await revoke(request)
        case .libraries: try await listLibraries()
        case .addLibrary: try await addLibrary(request)
        case .documents: try await listDocuments(request)
        case .documentRole: try await setDocumentRole(request)
        case .purge: try await purge(request)
        case .compact: try await compact(request)
        case .backup: try await backup(request)
        case .reload: try reload(request)
        case .status: try await status()
        }
    }

    /// The library a request names, or the only one there is.
    func library(_ name: String?) async throws -> LibraryRecord {
        if let name {
            guard let library = try await store.library(named: name) else {
                throw ServerError(
                    .notFound, "There is no library “\(name)”. See: glossd library list")
            }
            return library
        }
        let all = try await store.libraries()
        guard let only = all.first else {
            throw ServerError(.notFound, "There is no library yet. Try: glossd library add NAME")
        }
        guard all.count == 1 else {
            throw ServerError(.invalid, "There are \(all.count) libraries: say which (--library).")
        }
        return only
    }

    func role(_ text: String) throws(ServerError) -> Role {
        guard let role = Role(rawValue: text) else {
            let known = Role.allCases.map(\.rawValue).joined(separator: ", ")
            throw ServerError(.invalid, "“\(text)” is no role. Roles: \(known)")
        }
        return role
    }
}
