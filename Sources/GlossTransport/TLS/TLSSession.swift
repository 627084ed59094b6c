import COpenSSL

/// One TLS session without a socket: encrypted bytes go in and come out through memory.
///
/// Every call that can make OpenSSL speak (`advanceHandshake`, `read`, `write`, `shutDown`, also
/// when it throws) may leave bytes for the peer: take them with `takeOutput`.
struct TLSSession: ~Copyable {
    enum Handshake {
        case done
        case needsInput
    }

    enum Read {
        case bytes(Int)
        case needsInput
        /// The peer has said that it sends nothing more.
        case closed
    }

    /// The most plain text in one record.
    static let recordSize = 16_384
    /// Larger buffers are given back once they are empty. Nearly all connections are idle nearly always.
    private static let idleBufferSize = 256

    let isServer: Bool
    private let ssl: OpaquePointer
    private var input: OpaquePointer
    private var output: OpaquePointer
    private var largestTransfer = 0
    /// Read by OpenSSL through a plain pointer, so it has to live as long as `ssl`.
    private let pin: KeyPin?
    /// The same holds for the key that the context shows.
    private let context: TLSContext

    /// The server's side of a session.
    init(server context: TLSContext) throws(TLSFailure) {
        try self.init(context, isServer: true, pin: nil)
        SSL_set_accept_state(ssl)
        // A ticket that was given under another key is not taken.
        if let name = context.currentKey?.fingerprint.bytes {
            SSL_set_session_id_context(ssl, name, UInt32(name.count))
        }
    }

    /// The client's side of a session with the server that has `key`; with a ticket out of `tickets`, if
    /// there is one.
    init(
        client context: TLSContext, expecting key: KeyFingerprint,
        tickets: TicketCache.Slot? = nil
    ) throws(TLSFailure) {
        try self.init(context, isServer: false, pin: KeyPin(expected: key, tickets: tickets))
        SSL_set_connect_state(ssl)
        tickets?.ticket?.offer(on: ssl)
    }

    private init(_ context: TLSContext, isServer: Bool, pin: KeyPin?) throws(TLSFailure) {
        ERR_clear_error()
        guard let ssl = SSL_new(context.pointer) else { throw .take() }
        guard let input = BIO_new(BIO_s_mem()) else {
            SSL_free(ssl)
            throw .take()
        }
        guard let output = BIO_new(BIO_s_mem()) else {
            BIO_free(input)
            SSL_free(ssl)
            throw .take()
        }
        SSL_set_bio(ssl, input, output)
        if let pin { SSL_set_ex_data(ssl, 0, Unmanaged.passUnretained(pin).toOpaque()) }
        self.context = context
        self.isServer = isServer
        self.ssl = ssl
        self.input = input
        self.output = output
        self.pin = pin
    }

    deinit {
        SSL_free(ssl)
    }

    /// The key the server showed, if it is not the pinned one.
    var keyMismatch: (expected: KeyFingerprint, found: KeyFingerprint)? {
        guard let pin, let found = pin.found, found != pin.expected else { return nil }
        return (pin.expected, found)
    }

    /// Hands encrypted bytes from the peer to the session. Give at most a record's worth at a
    /// time and read in between: what is not read yet is kept.
    mutating func feed(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress, !bytes.isEmpty else { return }
        let taken = BIO_write(input, start, Int32(bytes.count))
        precondition(taken == bytes.count, "out of memory")
        largestTransfer = max(largestTransfer, bytes.count)
    }

    /// Goes on with the handshake as far as the input allows.
    mutating func advanceHandshake() throws(TLSFailure) -> Handshake {
        ERR_clear_error()
        let result = SSL_do_handshake(ssl)
        if result == 1 {
            try checkResumedKey()
            return .done
        }
        guard SSL_get_error(ssl, result) == SSL_ERROR_WANT_READ else { throw .take() }
        return .needsInput
    }

    /// Whether the two sides went on from an earlier session.
    var isResumed: Bool { SSL_session_reused(ssl) == 1 }

    /// A server that resumes shows no certificate. That it knows the secret of the earlier session proves
    /// that it is the server of that; that this one had the pinned key is checked here once more.
    private func checkResumedKey() throws(TLSFailure) {
        guard let pin, isResumed else { return }
        pin.found = SSL_get0_peer_certificate(ssl).flatMap { KeyFingerprint(certificate: $0) }
        if pin.found != pin.expected { throw TLSFailure(reason: "a session of another server") }
    }

    /// Decrypts into `buffer`, which must not be empty.
    mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(TLSFailure) -> Read {
        ERR_clear_error()
        var count = 0
        let result = SSL_read_ex(ssl, buffer.baseAddress, buffer.count, &count)
        if result == 1 { return .bytes(count) }
        switch SSL_get_error(ssl, result) {
        case SSL_ERROR_WANT_READ: return .needsInput
        case SSL_ERROR_ZERO_RETURN: return .closed
        default: throw .take()
        }
    }

    /// Encrypts `bytes`, at most `recordSize` and not empty, as one record.
    mutating func write(_ bytes: UnsafeRawBufferPointer) throws(TLSFailure) {
        ERR_clear_error()
        var count = 0
        let result = SSL_write_ex(ssl, bytes.baseAddress, bytes.count, &count)
        guard result == 1, count == bytes.count else { throw .take() }
    }

    /// Tells the peer that nothing more will be sent (close_notify). Reading goes on.
    mutating func shutDown() {
        ERR_clear_error()
        _ = SSL_shutdown(ssl)
        ERR_clear_error()
    }

    /// How many encrypted bytes wait for `takeOutput`.
    var outputCount: Int {
        BIO_ctrl_pending(output)
    }

    /// Moves encrypted bytes for the peer into `buffer`; how many.
    mutating func takeOutput(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        largestTransfer = max(largestTransfer, outputCount)
        let count = BIO_read(output, buffer.baseAddress, Int32(clamping: buffer.count))
        return max(0, Int(count))
    }

    /// Gives large buffers back if they are empty. Only once the handshake is done.
    mutating func releaseIdleBuffers() {
        guard largestTransfer > Self.idleBufferSize, outputCount == 0, BIO_ctrl_pending(input) == 0,
            let newInput = BIO_new(BIO_s_mem())
        else { return }
        guard let newOutput = BIO_new(BIO_s_mem()) else {
            BIO_free(newInput)
            return
        }
        SSL_set0_rbio(ssl, newInput)
        SSL_set0_wbio(ssl, newOutput)
        input = newInput
        output = newOutput
        largestTransfer = 0
    }
}
