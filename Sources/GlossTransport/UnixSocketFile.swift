import GlossCrypto
import NIOCore
import NIOPosix
import Synchronization

/// The file of a listening Unix socket.
final class UnixSocketFile: Sendable {
    private let path: String
    /// Nil once removed: the number of a removed file is given out again.
    private let identity: Mutex<SystemFile.Identity?>

    private init(path: String, identity: SystemFile.Identity?) {
        self.path = path
        self.identity = Mutex(identity)
    }

    /// Binds under a private name, restricts the file to its owner, and only then moves it to
    /// `path`: nobody else can connect at any moment.
    static func bind(
        _ bootstrap: ServerBootstrap, path: String, group: any EventLoopGroup
    ) async throws(TransportError) -> (any Channel, UnixSocketFile) {
        try await makeSureNobodyListens(at: path, group: group)
        var random = SystemRandom()
        let draft = "\(path).\(UInt16.random(in: .min ... .max, using: &random))"
        let channel: any Channel
        do {
            channel = try await bootstrap.bind(unixDomainSocketPath: draft).get()
        } catch {
            throw .whileBinding(error, address: path)
        }
        do throws(SystemFile.Failure) {
            try SystemFile.restrictToOwner(draft)
            try SystemFile.rename(draft, to: path)
            let identity = try SystemFile.status(of: path)?.identity
            return (channel, UnixSocketFile(path: path, identity: identity))
        } catch {
            SystemFile.remove(draft)
            channel.close(mode: .all, promise: nil)
            throw .cannotListen(reason: "\(path): \(error.reason)")
        }
    }

    /// Removes the file, unless another listener has replaced it.
    func remove() {
        guard let identity = identity.withLock({ $0.take() }),
            (try? SystemFile.status(of: path))?.identity == identity
        else { return }
        SystemFile.remove(path)
    }

    private static func makeSureNobodyListens(
        at path: String, group: any EventLoopGroup
    ) async throws(TransportError) {
        do throws(SystemFile.Failure) {
            guard let status = try SystemFile.status(of: path) else { return }
            guard status.isSocket else {
                throw SystemFile.Failure(reason: "the file is no socket")
            }
        } catch {
            throw .cannotListen(reason: "\(path): \(error.reason)")
        }
        let answered: Bool
        do {
            let probe = try await ClientBootstrap(group: group)
                .connectTimeout(.seconds(1))
                .connect(unixDomainSocketPath: path).get()
            probe.close(mode: .all, promise: nil)
            answered = true
        } catch let error as IOError {
            // Only a refused connection proves that the process behind the file is gone.
            answered = error.errnoCode != SystemFile.connectionRefused
        } catch {
            answered = true
        }
        if answered { throw .addressInUse(path) }
    }
}
