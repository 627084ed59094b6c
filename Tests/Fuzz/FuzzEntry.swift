#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What a byte string is made into. Each mode is a case here and a line in ``FuzzMode/run(_:)``.
///
/// The files of this folder are compiled into one module with those of GlossCore, by `scripts/fuzz`.
enum FuzzMode: String {
    /// Changes, right and wrong ones, for two documents that take them in different orders.
    case integration
    /// A stored history.
    case history
    /// A stored snapshot.
    case snapshot

    /// The mode that `GLOSS_FUZZ` names.
    static let chosen: FuzzMode = {
        guard let name = getenv("GLOSS_FUZZ") else { return .integration }
        guard let mode = FuzzMode(rawValue: String(cString: name)) else {
            fatalError("GLOSS_FUZZ names no mode")
        }
        return mode
    }()

    /// Stops the program if the bytes show an error.
    func run(_ bytes: [UInt8]) {
        switch self {
        case .integration: FuzzedIntegration.run(FuzzBytes(bytes))
        case .history: FuzzedCodec.runHistory(bytes)
        case .snapshot: FuzzedCodec.runSnapshot(bytes)
        }
    }
}

/// What libFuzzer calls for every input it makes up.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    FuzzMode.chosen.run(Array(UnsafeBufferPointer(start: start, count: count)))
    return 0
}
