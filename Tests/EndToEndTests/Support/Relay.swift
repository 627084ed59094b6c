import Foundation
import Glibc
import Synchronization

/// What stands between a client and a server, and may stop passing anything on, the end of a connection
/// included: to both sides the other one has vanished.
final class Relay: Sendable {
    private struct State {
        /// The sockets of each connection: the client's, the server's.
        var pairs: [(client: Int32, server: Int32)] = []
        /// Connections below this number pass nothing on any more.
        var silent = 0
        var isClosed = false
    }

    /// Where clients connect to.
    let port: Int
    private let listener: Int32
    private let state = Mutex(State())

    /// Passes on to a port on this machine.
    init(to target: Int) throws {
        let listener = socket(
            AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        self.listener = listener
        var address = Relay.address(0)
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        var length = size
        let isBound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, size) == 0 && listen(listener, 16) == 0
                    && getsockname(listener, $0, &length) == 0
            }
        }
        guard isBound else { throw Failure("the relay cannot listen") }
        port = Int(UInt16(bigEndian: address.sin_port))
        Thread.detachNewThread { [self] in accept(for: target) }
    }

    /// Passes nothing on any more for those who are connected now. Others may connect.
    func silence() { state.withLock { $0.silent = $0.pairs.count } }

    /// Ends everything.
    func close() {
        state.withLock { state in
            state.isClosed = true
            shutdown(listener, Int32(SHUT_RDWR))
            for pair in state.pairs {
                for file in [pair.client, pair.server] { shutdown(file, Int32(SHUT_RDWR)) }
            }
        }
    }

    private static func address(_ port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }

    private func accept(for target: Int) {
        while true {
            let client = Glibc.accept(listener, nil, nil)
            guard client >= 0 else { break }
            let server = socket(
                AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
            var address = Relay.address(target)
            let isConnected = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(server, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
                }
            }
            let number: Int? = state.withLock { state in
                guard isConnected, !state.isClosed else { return nil }
                state.pairs.append((client, server))
                return state.pairs.count - 1
            }
            guard let number else {
                Glibc.close(client)
                Glibc.close(server)
                continue
            }
            Thread.detachNewThread { [self] in pass(from: client, to: server, number) }
            Thread.detachNewThread { [self] in pass(from: server, to: client, number) }
        }
        Glibc.close(listener)
    }

    /// The descriptors stay open until the process ends: there are few, and closing one while the other
    /// direction uses it would hit another file.
    private func pass(from source: Int32, to target: Int32, _ number: Int) {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(source, &buffer, buffer.count)
            let passes = state.withLock { $0.isClosed || number >= $0.silent }
            guard passes else { return }
            guard count > 0 else {
                shutdown(target, Int32(SHUT_WR))
                return
            }
            var sent = 0
            while sent < count {
                let more = send(
                    target, Array(buffer[sent..<count]), count - sent, Int32(MSG_NOSIGNAL))
                guard more > 0 else { return }
                sent += more
            }
        }
    }
}
