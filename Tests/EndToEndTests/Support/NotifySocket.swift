import Foundation
import Glibc

/// A datagram socket as a service manager has it.
final class NotifySocket: Sendable {
    private let file: Int32

    /// Binds the socket; a name that starts with `@` is an abstract one.
    init(_ name: String) throws {
        file = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var bytes = Array(name.utf8)
        if bytes[0] == UInt8(ascii: "@") { bytes[0] = 0 }
        let capacity = MemoryLayout.size(ofValue: address.sun_path)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let length = socklen_t(MemoryLayout.size(ofValue: address) - capacity + bytes.count)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(file, $0, length) }
        }
        guard result == 0 else { throw Failure("\(name) cannot be bound") }
    }

    deinit {
        close(file)
    }

    /// The next message for which something holds; those before it are dropped.
    func message(where isWanted: (String) -> Bool) async throws -> String {
        let deadline = Date(timeIntervalSinceNow: 30)
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while Date() < deadline {
            let count = recv(file, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            if count > 0 {
                let text = String(decoding: buffer.prefix(count), as: UTF8.self)
                if isWanted(text) { return text }
            } else {
                try await Task.sleep(for: .milliseconds(10))
            }
        }
        throw Failure("the message did not come")
    }
}
