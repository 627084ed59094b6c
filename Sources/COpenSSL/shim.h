// What Swift sees of OpenSSL 3.0: the headers, and functions for what is only a macro or variadic.
#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/params.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

/// Allows TLS 1.3 and nothing else. Returns 1, or 0 on failure.
static inline int gloss_SSL_CTX_require_tls13(SSL_CTX *context) {
    return SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION)
        && SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION);
}

static inline void gloss_SSL_CTX_set_mode(SSL_CTX *context, long mode) {
    SSL_CTX_set_mode(context, mode);
}

static inline void gloss_SSL_CTX_disable_session_cache(SSL_CTX *context) {
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
}

/// Has new sessions of a client handed to its callback, and keeps none itself.
static inline void gloss_SSL_CTX_hand_over_sessions(SSL_CTX *context) {
    SSL_CTX_set_session_cache_mode(
        context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL_STORE);
}

/// 32 bytes that follow from a private key and `info`, and from which neither can be found. Returns 1,
/// or 0 on failure.
static inline int gloss_derive_from_key(
    EVP_PKEY *key, const unsigned char *info, size_t count, unsigned char *secret
) {
    unsigned char *encoded = NULL;
    int length = i2d_PrivateKey(key, &encoded);
    if (length <= 0) return 0;
    unsigned char *made = HMAC(EVP_sha256(), encoded, length, info, count, secret, NULL);
    OPENSSL_clear_free(encoded, length);
    return made != NULL;
}

/// Prepares to seal a session ticket, or to open one: AES-256-CBC and HMAC-SHA256, keys of 32 bytes.
/// Returns 1, or 0 on failure.
static inline int gloss_use_ticket_key(
    EVP_CIPHER_CTX *cipher, EVP_MAC_CTX *mac, const unsigned char *cipherKey,
    const unsigned char *macKey, const unsigned char *iv, int seals
) {
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, (void *)macKey, 32),
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, "SHA256", 0),
        OSSL_PARAM_construct_end(),
    };
    return EVP_CipherInit_ex(cipher, EVP_aes_256_cbc(), NULL, cipherKey, iv, seals) == 1
        && EVP_MAC_CTX_set_params(mac, parameters) == 1;
}

/// A new P-256 key, or NULL.
static inline EVP_PKEY *gloss_generate_p256_key(void) {
    return EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
}

/// A new Ed25519 key, or NULL.
static inline EVP_PKEY *gloss_generate_ed25519_key(void) {
    return EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
}
