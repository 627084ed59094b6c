import GlossTransport
import Logging
import Synchronization

/// Reads the configuration of a running server again.
final class Reloader: Sendable {
    private let sources: ConfigurationSources
    private let identity: ServerIdentity
    private let bound: Endpoint
    private let logger: Logger
    private let log: LogSettings?
    private let audit: AuditLog
    /// What the server runs with: as at its start, but for what was reloaded since.
    private let running: Mutex<ServerConfiguration>
    /// Held for a whole reload: one comes behind the other. Files are read and written meanwhile,
    /// so nobody else waits for it.
    private let reloading = Mutex(())

    init(
        _ configuration: ServerConfiguration, sources: ConfigurationSources,
        identity: ServerIdentity, bound: Endpoint, logger: Logger, log: LogSettings?,
        audit: AuditLog
    ) {
        self.sources = sources
        self.identity = identity
        self.bound = bound
        self.logger = logger
        self.log = log
        self.audit = audit
        running = Mutex(configuration)
    }

    /// What the server runs with now.
    var configuration: ServerConfiguration { running.withLock { $0 } }

    /// Reads everything again, then uses what can change while the server runs. A mistake anywhere
    /// changes nothing.
    func reload(
        by actor: AuditEntry.Actor = .server
    ) throws(ServerError) -> AdminReport.Reload {
        let former = identity.presented?.current.fingerprint
        let result = reloading.withLock { _ -> Result<AdminReport.Reload, ServerError> in
            do throws(ServerError) {
                return .success(try apply(try plan(from: configuration)))
            } catch {
                return .failure(error)
            }
        }
        do throws(ServerError) {
            let report = try result.get()
            // Not with another certificate, or another place of it, that shows the same key.
            if report.fingerprint != former?.description {
                var entry = AuditEntry(.keyChanged)
                entry.fingerprint = report.fingerprint
                audit.record(entry, by: actor)
            }
            logger.notice(
                "reloaded",
                metadata: [
                    "changed": "\(report.changed.joined(separator: ", "))",
                    "restart": "\(report.restart.joined(separator: ", "))",
                    "key": "\(report.fingerprint)",
                ])
            return report
        } catch {
            logger.error("reloading failed, nothing changed", metadata: ["reason": "\(error)"])
            throw error
        }
    }

    /// What reloading would change now. Changes nothing.
    func plan() throws(ServerError) -> AdminReport.Reload {
        try plan(from: configuration).report
    }

    /// What there is to be used.
    private struct Plan {
        var configuration: ServerConfiguration
        var key: ServerKey
        var report: AdminReport.Reload
    }

    private func plan(from running: ServerConfiguration) throws(ServerError) -> Plan {
        let resolved = try sources.resolve()
        var next = resolved.configuration
        var changed: [String] = []
        var restart: [String] = []
        for key in ConfigurationKey.all where key.read(next) != key.read(running) {
            switch key.effect {
            case .reload: changed.append(key.name)
            case .restart:
                restart.append(key.name)
                _ = key.write(&next, key.read(running))
            }
        }
        let directory = DataDirectory(path: next.dataDirectory)
        guard next.certificate != nil || directory.holdsKey else {
            throw ServerError(
                .configuration,
                "\(directory.path) holds no server-key.pem any more. Put it back: a restart would make "
                    + "another key, and everybody would have to join again.")
        }
        let fresh: ServerKey
        do throws(TransportError) {
            fresh = try ServerKey.configured(next)
        } catch {
            throw ServerError(error)
        }
        if let presented = identity.presented, !fresh.isSame(as: presented.current),
            !changed.contains("certificate")
        {
            changed.append("certificate")
        }
        return Plan(
            configuration: next, key: fresh,
            report: AdminReport.Reload(
                file: resolved.file, changed: changed, restart: restart,
                fingerprint: fresh.fingerprint.description))
    }

    private func apply(_ plan: Plan) throws(ServerError) -> AdminReport.Reload {
        let next = plan.configuration
        let address = PublicAddress.choose(next, bound: bound)
        try DataDirectory(path: next.dataDirectory)
            .note(address: address, fingerprint: plan.key.fingerprint, of: next)
        if let presented = identity.presented, !plan.key.isSame(as: presented.current) {
            presented.current = plan.key
        }
        identity.address = address
        log?.use(next)
        running.withLock { $0 = next }
        return plan.report
    }
}
