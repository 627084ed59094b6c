import NIOCore
import NIOPosix

extension TransportError {
    /// What `error` means on a connection that was established.
    static func onConnection(_ error: any Error) -> TransportError {
        switch error {
        case let error as TransportError: error
        case let error as ChannelError where error == .ioOnClosedChannel: .closed
        case let error as ChannelError where error == .outputClosed: .closed
        case is CancellationError: .cancelled
        default: .connectionLost(reason: reason(for: error))
        }
    }

    /// What `error` means while connecting.
    static func whileConnecting(_ error: any Error) -> TransportError {
        switch error {
        case let error as TransportError: error
        case ChannelError.connectTimeout: .timedOut
        case let error as NIOConnectionError: whileConnecting(to: error)
        default: .unreachable(reason: reason(for: error))
        }
    }

    private static func whileConnecting(to error: NIOConnectionError) -> TransportError {
        if let last = error.connectionErrors.last?.error {
            return whileConnecting(last)
        }
        if error.dnsAError != nil || error.dnsAAAAError != nil {
            return .unreachable(reason: "no address is known for the name \(error.host)")
        }
        return .unreachable(reason: error.host)
    }

    /// What `error` means while binding `address`.
    static func whileBinding(_ error: any Error, address: String) -> TransportError {
        switch error {
        case let error as TransportError: error
        case let error as IOError where error.errnoCode == SystemFile.addressInUse:
            .addressInUse(address)
        default: .cannotListen(reason: "\(address): \(reason(for: error))")
        }
    }

    private static func reason(for error: any Error) -> String {
        guard let error = error as? IOError else { return "\(error)" }
        return SystemFile.reason(errorNumber: error.errnoCode)
    }
}
