import GlossCore
import GlossProtocol

/// Ids and secrets that a device draws for itself.
enum Secret {
    /// A device's secret: 256 random bits in base64url.
    static func make(_ environment: ClientEnvironment) -> String {
        var bytes: [UInt8] = []
        for _ in 0..<4 {
            let word = environment.random()
            for shift in stride(from: 56, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(shift)))
            }
        }
        return Base64URL.encode(bytes)
    }

    static func deviceID(_ environment: ClientEnvironment) -> DeviceID {
        DeviceID(rawValue: environment.random())
    }
}
