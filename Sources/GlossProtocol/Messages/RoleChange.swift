public import GlossCore

/// `role`: what this user may do with a followed document, or in a library, is something else now.
public struct RoleChange: Hashable, Sendable {
    /// Where.
    public var subject: Revoked.Subject
    /// What they may do there now.
    public var role: Role

    /// A change.
    public init(subject: Revoked.Subject, role: Role) {
        self.subject = subject
        self.role = role
    }
}

extension RoleChange {
    func write(to json: inout JSONWriter) {
        json.member("t", "role")
        switch subject {
        case .document(let doc): json.member("doc", doc.description)
        case .library(let library): json.member("lib", library.description)
        }
        json.member("role", role.rawValue)
    }

    init(_ fields: FieldReader) throws(WireError) {
        let subject: Revoked.Subject =
            if fields.has("doc") {
                .document(try fields.document("doc"))
            } else {
                .library(try fields.library("lib"))
            }
        self.init(subject: subject, role: try fields.role("role"))
    }
}
