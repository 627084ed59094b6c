import FoundationEssentials
@testable import GlossProtocol

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What a byte string is read as. Each mode is one of ``WireFuzz``, or a command of an administrator.
///
/// The files of this folder are compiled into one module with `TestSupport/Fuzz` and what
/// `scripts/fuzz` names of the server.
enum ProtocolFuzz {
    private static let mode = getenv("GLOSS_FUZZ").map { String(cString: $0) } ?? ""
    private static let wire = WireFuzz(rawValue: mode)

    /// Stops the program if the bytes show an error.
    static func run(_ bytes: [UInt8]) {
        guard let wire else {
            precondition(mode == "admin", "GLOSS_FUZZ names no mode")
            return runRequest(bytes)
        }
        do throws(WireFuzz.Finding) {
            try wire.check(bytes)
        } catch {
            fatalError("\(error)")
        }
        if wire == .change { compareDecoders(bytes) }
    }

    /// The quick decoder takes what the slow one takes, where it takes anything.
    private static func compareDecoders(_ bytes: [UInt8]) {
        guard bytes.count <= WireLimits.change, let quick = ChangeScanner.change(in: bytes) else {
            return
        }
        do throws(WireError) {
            let slow = try ChangeCodec.decodeAsTree(bytes)
            precondition(quick == slow, "both decoders read the same")
        } catch {
            fatalError("only the quick decoder takes it: \(error)")
        }
    }

    /// A request reads as it was written.
    private static func runRequest(_ bytes: [UInt8]) {
        let decoder = JSONDecoder()
        guard let request = try? decoder.decode(AdminRequest.self, from: Data(bytes)) else {
            return
        }
        guard let written = try? JSONEncoder().encode(request),
            let again = try? decoder.decode(AdminRequest.self, from: written)
        else { fatalError("a request that was written does not read") }
        precondition(again == request, "a request reads as it was written")
    }
}

/// What libFuzzer calls for every input it makes up.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    ProtocolFuzz.run(Array(UnsafeBufferPointer(start: start, count: count)))
    return 0
}
