public import GlossCore

/// `ping` and `pong`.
public struct Ping: Hashable, Sendable {
    /// Any number; a `pong` repeats its `ping`'s.
    public var number: Int?

    /// A sign of life.
    public init(number: Int? = nil) {
        self.number = number
    }
}

/// `err`: something failed, and what to do about it.
public struct Failure: Hashable, Sendable {
    /// The `id` of the message at fault, where it had one that could be read.
    public var id: Int?
    /// How far it reaches. Behind one of ``ErrorScope/connection`` the sender closes.
    public var scope: ErrorScope
    /// The document, for ``ErrorScope/document``.
    public var doc: DocumentID?
    /// What is wrong.
    public var code: ErrorCode
    /// What to do about it.
    public var retry: RetryClass
    /// Milliseconds to wait before that.
    public var delay: Int?
    /// For `bad_version`: the versions the sender speaks.
    public var versions: [Int]
    /// What exactly, for people.
    public var message: String

    /// A failure; scope and retry class are those of the code unless told otherwise.
    public init(
        id: Int? = nil, scope: ErrorScope? = nil, doc: DocumentID? = nil, code: ErrorCode,
        retry: RetryClass? = nil, delay: Int? = nil, versions: [Int] = [], message: String
    ) {
        self.id = id
        self.scope = scope ?? code.scope
        self.doc = doc
        self.code = code
        self.retry = retry ?? code.retry
        self.delay = delay
        self.versions = versions
        self.message = message
    }

    /// What a peer's mistake is answered with.
    public init(_ error: WireError) {
        self.init(id: error.id, code: error.code, message: error.message)
    }
}

/// `bye`: the sender closes the connection behind it.
public struct Bye: Hashable, Sendable {
    /// Why; `nil` when there is nothing wrong.
    public var code: ErrorCode?
    /// Milliseconds to wait before coming back, different for each client.
    public var delay: Int
    /// Why, for people.
    public var message: String

    /// A farewell.
    public init(code: ErrorCode? = nil, delay: Int = 0, message: String = "") {
        self.code = code
        self.delay = delay
        self.message = message
    }
}
