import COpenSSL

extension CryptoError {
    /// A `libraryFailure` with the latest reason on this thread's error queue, which is emptied.
    static func fromLibrary() -> CryptoError {
        let code = ERR_peek_last_error()
        ERR_clear_error()
        guard let text = ERR_reason_error_string(code) else { return .libraryFailure("unknown") }
        return .libraryFailure(String(cString: text))
    }
}
