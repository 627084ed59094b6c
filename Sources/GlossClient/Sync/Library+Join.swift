import GlossCore
import GlossProtocol
import GlossStorage
import GlossTransport

extension Library {
    /// Joins a server's library by an invitation, and downloads it.
    ///
    /// The library must have no server yet, or this one: after a restore a server may not know a
    /// device any more, which then comes back under the name it had, and a server may have got
    /// another key, which the invitation then names. A device that was revoked joins as a new one,
    /// with all that was not sent. Joining again after an answer was lost is harmless.
    ///
    /// - Parameter user: the name wanted; that of the library where it has a server, or if `nil`.
    /// - Throws: ``ClientError``: `invalid` for another library than the invitation's, which is not
    ///   used then; else what a sync throws.
    public func join(
        _ link: String, as user: String? = nil, timeout: Duration = .seconds(10),
        onEvent: @escaping @Sendable (SyncEvent) -> Void = { _ in }
    ) async throws -> SyncReport {
        let name = try isReturn(by: link) ? nil : user
        let link = try Library.checked(link)
        do {
            do {
                return try await redeem(link, as: name, timeout: timeout, onEvent: onEvent)
            } catch is RevokedDevice {
                try becomeNewDevice()
                return try await redeem(link, as: name, timeout: timeout, onEvent: onEvent)
            }
        } catch is RevokedDevice {
            throw ClientError(
                .notAllowed, "\(link.host):\(link.port): this device was revoked.",
                tries: [ClientError.askForInvitation])
        } catch var error as ClientError where error.code == .unreachable {
            error.tries = ["gloss join LINK"]
            throw error
        }
    }

    /// Whether a server was asked to let this library in and its answer is not known: the same
    /// invitation is still good for it.
    public func isJoining() throws -> Bool { try read { try $0.meta(.joining) } != nil }

    /// Whether an invitation is for the server that the library belongs to.
    ///
    /// - Throws: ``ClientError`` `invalid` if the library belongs to another one.
    public func isReturn(by link: String) throws -> Bool {
        let link = try Library.checked(link)
        let profile = try profile()
        guard profile.library != nil else { return false }
        guard let server = profile.server else { return true }
        if server.fingerprint == link.fingerprint { return true }
        // It may have another key by now. That it is the same library it says itself.
        if server.host == link.host, server.port == link.port { return true }
        throw ClientError(
            .invalid, "This library belongs to \(server.host) already.", tries: [Self.ofItsOwn])
    }

    private static let ofItsOwn = "gloss join LINK --library DIRECTORY"

    /// The server does not let this device in any more.
    private struct RevokedDevice: Error {}

    private func redeem(
        _ link: JoinLink, as user: String?, timeout: Duration,
        onEvent: @escaping @Sendable (SyncEvent) -> Void
    ) async throws -> SyncReport {
        let profile = try profile()
        guard let secret = try read({ try $0.meta(.deviceSecret) }),
            let key = Base64URL.decode(secret)
        else { throw ClientError(.library, "This library has no device secret.") }
        let server = Profile.Server(
            host: link.host, port: link.port, fingerprint: link.fingerprint)
        let credential = Credential.invitation(
            InvitationCredential(
                secret: link.secret, user: user ?? profile.user, label: profile.label,
                device: profile.device, key: key, library: profile.library))
        let connection = try await Library.dial(timeout: timeout)(server)
        try store.write { try $0.setMeta(.joining, to: "\(server.host):\(server.port)") }
        let driver = SyncDriver(
            library: self, server: server, connection: connection, credential: credential,
            mode: .once, onEvent: onEvent)
        do {
            return try await driver.run()
        } catch let error as ClientError {
            switch await driver.refusal {
            case .deviceRevoked: throw RevokedDevice()
            case .wrongLibrary:
                throw ClientError(
                    .invalid,
                    "The invitation is for another library than “\(profile.libraryName ?? "")”, "
                        + "which is in \(directory). It was not used.", tries: [Self.ofItsOwn])
            case .nameTaken where profile.library != nil:
                throw ClientError(
                    error.code, error.message,
                    tries: [
                        "ask whoever runs the server for an invitation of this name: "
                            + "glossd invite --for \(profile.user)"
                    ])
            default: throw error
            }
        }
    }

    /// Goes on as another device. What the server had from the old one stays that one's, and what
    /// was not sent is made again under other agents when the server refuses the old ones.
    private func becomeNewDevice() throws {
        let id = Secret.deviceID(environment).description
        let secret = Secret.make(environment)
        do {
            try store.write { writer in
                try writer.setMeta(.deviceID, to: id)
                try writer.setMeta(.deviceSecret, to: secret)
            }
        } catch let error as StoreError {
            throw ClientError(error)
        }
    }
}

extension ClientError {
    /// What to do where a server lets this device in no more.
    static let askForInvitation =
        "ask whoever runs the server for a new invitation (glossd invite --for NAME), "
        + "then: gloss join LINK"
}
