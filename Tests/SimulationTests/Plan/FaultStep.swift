import GlossCore

/// One thing that happens in a simulation of faults. Devices are numbered; those that copies add come
/// behind the others, and a number beyond the last starts over.
enum FaultStep: Codable, Hashable {
    /// Somebody does something; what, follows from the seed.
    case act(device: Int, seed: UInt64)
    /// Somebody does something to what others wrote.
    case build(device: Int, seed: UInt64)
    /// Somebody writes a note for themselves alone.
    case keep(device: Int, seed: UInt64)
    /// Somebody writes notes that are as long as notes may be.
    case flood(device: Int, seed: UInt64)
    /// `gloss sync` is started.
    case sync(device: Int)
    /// `gloss sync --without-lost` is started.
    case leaveOut(device: Int)
    /// `gloss sync --watch` is started, or stopped.
    case watch(device: Int)
    case leave(device: Int)
    /// Nothing happens for a while but what is under way.
    case pass(milliseconds: Int)
    /// A device's network lets nothing through for a while.
    case hold(device: Int, milliseconds: Int)
    /// A device's connection breaks behind so many more bytes.
    case cut(device: Int, bytes: Int, isUp: Bool, notice: Link.Notice)
    /// A client, or the server, is stopped for a while, and goes on.
    case halt(device: Int, milliseconds: Int)
    case haltServer(milliseconds: Int)
    /// A client dies after so many more jobs.
    case kill(device: Int, jobs: Int)
    /// The server dies after so many more jobs, with or without its machine, and starts again.
    case crash(jobs: Int, isSilent: Bool, milliseconds: Int)
    /// The server is stopped as whoever runs it does, and starts again: those who are connected are
    /// told to come back, and have a while to go.
    case drain(grace: Int, milliseconds: Int)
    /// The next write of a log goes wrong.
    case disk(fault: DiskFault)
    /// The store is copied, or the copy put back: under another lineage or, by hand, the same.
    case backUp
    case restore(isByHand: Bool)
    /// A library is copied to another device.
    case copy(device: Int)
    /// A device's clock, or the server's, is put forward or back.
    case setClock(device: Int, milliseconds: Int)
    case setServerClock(milliseconds: Int)
    /// A device's user gets another role, or none.
    case role(device: Int, role: String?)
    /// A device's user gets another role on the article, `none` that hides it, or `default`.
    case articleRole(device: Int, role: String)
    /// A device is revoked.
    case revoke(device: Int)
    /// All faults end, and everybody who watches comes to the same.
    case quiet
}
