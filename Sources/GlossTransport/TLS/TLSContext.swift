import COpenSSL

/// What all sessions of one server, or all sessions of a client, have in common.
///
/// `@unchecked Sendable`: the context is complete when `init` returns and only read afterwards;
/// OpenSSL makes sessions from one context on any number of threads.
final class TLSContext: @unchecked Sendable {
    /// The protocol both sides name in ALPN.
    static let applicationProtocol = "gloss/1"

    let pointer: OpaquePointer
    private let presented: PresentedKey?
    private let tickets: TicketKeys?

    private init(
        _ method: OpaquePointer?, presenting presented: PresentedKey? = nil,
        tickets: TicketKeys? = nil
    ) throws(TLSFailure) {
        self.presented = presented
        self.tickets = tickets
        ERR_clear_error()
        guard let pointer = SSL_CTX_new(method) else { throw .take() }
        self.pointer = pointer
        gloss_SSL_CTX_set_mode(pointer, Int(SSL_MODE_RELEASE_BUFFERS))
        gloss_SSL_CTX_disable_session_cache(pointer)
        guard gloss_SSL_CTX_require_tls13(pointer) == 1 else { throw .take() }
    }

    deinit {
        SSL_CTX_free(pointer)
    }

    /// The key that sessions of a server show now.
    var currentKey: ServerKey? { presented?.current }

    /// A context that shows the current key of `presented`, and gives each client a ticket. No early data:
    /// nothing is taken before both sides have agreed.
    static func server(
        presenting presented: PresentedKey, tickets: TicketKeys? = nil
    ) throws(TLSFailure) -> TLSContext {
        let tickets = tickets ?? TicketKeys(presented)
        let context = try TLSContext(
            TLS_server_method(), presenting: presented, tickets: tickets)
        let key = presented.current
        guard SSL_CTX_use_certificate(context.pointer, key.material.certificate) == 1,
            SSL_CTX_use_PrivateKey(context.pointer, key.material.privateKey) == 1,
            SSL_CTX_set_num_tickets(context.pointer, 1) == 1, tickets.install(on: context.pointer)
        else { throw .take() }
        presented.install(on: context.pointer)
        SSL_CTX_set_alpn_select_cb(context.pointer, selectProtocol, nil)
        return context
    }

    /// A context that takes exactly the key its session pins.
    static func client(
        applicationProtocols: [String] = [applicationProtocol]
    ) throws(TLSFailure) -> TLSContext {
        let context = try TLSContext(TLS_client_method())
        SSL_CTX_set_verify(context.pointer, SSL_VERIFY_PEER, nil)
        SSL_CTX_set_cert_verify_callback(context.pointer, checkPinnedKey, nil)
        gloss_SSL_CTX_hand_over_sessions(context.pointer)
        SSL_CTX_sess_set_new_cb(context.pointer, keepSession)
        let names = encodeProtocols(applicationProtocols)
        if !names.isEmpty {
            guard SSL_CTX_set_alpn_protos(context.pointer, names, UInt32(names.count)) == 0 else {
                throw .take()
            }
        }
        return context
    }
}

/// Each name after its length in one byte.
private func encodeProtocols(_ names: [String]) -> [UInt8] {
    names.flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) }
}

/// Takes `gloss/1` if the client offers it; anything else ends the handshake. OpenSSL does not
/// call this for a client that offers nothing.
private let selectProtocol: SSL_CTX_alpn_select_cb_func = {
    _, output, outputCount, offer, count, _ in
    var remaining = UnsafeBufferPointer(start: offer, count: Int(count))[...]
    while let length = remaining.first {
        let name = remaining.dropFirst().prefix(Int(length))
        if name.elementsEqual(TLSContext.applicationProtocol.utf8) {
            // `name` lies in the client's hello, which outlives this call.
            output?.pointee = UnsafeBufferPointer(rebasing: name).baseAddress
            outputCount?.pointee = length
            return SSL_TLSEXT_ERR_OK
        }
        remaining = remaining.dropFirst(1 + Int(length))
    }
    return SSL_TLSEXT_ERR_ALERT_FATAL
}

/// Compares the key of the server's certificate with the pinned one. That the server holds the
/// private key is proved by the handshake itself.
private let checkPinnedKey: @convention(c) (OpaquePointer?, UnsafeMutableRawPointer?) -> Int32 = {
    store, _ in
    guard let store,
        let session = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()),
        let stored = SSL_get_ex_data(OpaquePointer(session), 0),
        let certificate = X509_STORE_CTX_get0_cert(store)
    else { return 0 }
    let pin = Unmanaged<KeyPin>.fromOpaque(stored).takeUnretainedValue()
    pin.found = KeyFingerprint(certificate: certificate)
    guard pin.found == pin.expected else {
        X509_STORE_CTX_set_error(store, X509_V_ERR_CERT_REJECTED)
        return 0
    }
    return 1
}

/// Takes the ticket that a server gave; what is kept is a copy.
private let keepSession: @convention(c) (OpaquePointer?, OpaquePointer?) -> Int32 = {
    connection, session in
    if let connection, let session, let stored = SSL_get_ex_data(connection, 0),
        let slot = Unmanaged<KeyPin>.fromOpaque(stored).takeUnretainedValue().tickets,
        let ticket = SessionTicket(copying: session)
    {
        slot.keep(ticket)
    }
    return 0
}

/// The key a client session expects and the one it was shown, and where its tickets go. Used by one
/// session only.
final class KeyPin {
    let expected: KeyFingerprint
    let tickets: TicketCache.Slot?
    var found: KeyFingerprint?

    init(expected: KeyFingerprint, tickets: TicketCache.Slot?) {
        self.expected = expected
        self.tickets = tickets
    }
}

/// OpenSSL gave up on a session; its reason.
struct TLSFailure: Error, Hashable {
    let reason: String

    static func take() -> TLSFailure {
        TLSFailure(reason: CryptoReason.take())
    }
}
