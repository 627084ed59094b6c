import GlossCore

/// Who pushes, and when it arrived.
struct Pusher: Hashable {
    var user: String
    var device: DeviceID
    /// What the user calls the device.
    var label: String
    /// Milliseconds since 1970.
    var time: Int

    var owner: AgentOwner { AgentOwner(user: user, device: device) }
}

/// Whose an agent is: nobody else may write with it.
struct AgentOwner: Hashable {
    var user: String
    var device: DeviceID
}
