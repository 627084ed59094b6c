import GlossCore

/// What holds for accounts and invitations, whatever keeps them.
enum AccountRules {
    /// What a store knows that bears on redeeming an invitation.
    struct Facts {
        var invitation: InvitationRecord?
        var userExists: Bool
        /// Whether another invitation that can still be redeemed is made for the wanted name.
        var nameHeld: Bool
        var device: DeviceRecord?
    }

    /// Refuses to redeem an invitation, for the first reason that applies.
    static func check(_ offer: Redeeming, _ facts: Facts) throws(StoreError) -> InvitationRecord {
        guard let invitation = facts.invitation else {
            throw StoreError(
                .invitationUnknown, "There is no such invitation. Ask for a new one.")
        }
        if offer.now >= invitation.expiresAt {
            throw StoreError(
                .invitationExpired, "The invitation has expired. Ask for a new one.")
        }
        if invitation.usesLeft < 1 {
            throw StoreError(
                .invitationUsedUp, "The invitation has been used. Ask for a new one.")
        }
        try check(offer, for: invitation.library)
        if let name = invitation.forUser, name != offer.user {
            throw StoreError(
                .nameReserved, "The invitation is for the account “\(name)”. Join with that name.")
        }
        if invitation.forUser == nil, facts.userExists {
            throw StoreError(
                .nameTaken,
                "The name “\(offer.user)” is taken. Choose another; if it is yours, ask for an "
                    + "invitation of that name.")
        }
        if invitation.forUser == nil, facts.nameHeld {
            throw StoreError(
                .nameReserved, "The name “\(offer.user)” is held for somebody. Choose another.")
        }
        if let device = facts.device {
            guard device.user == offer.user, device.secretHash == offer.secretHash else {
                throw StoreError(
                    .deviceTaken, "The device id \(offer.device) is in use. Draw another.")
            }
            guard device.revokedAt == nil else {
                throw StoreError(
                    .deviceRevoked, "The device \(offer.device) was revoked. Join as a new one.")
            }
        }
        return invitation
    }

    /// Refuses an offer of a client that has another library than the one it would join.
    static func check(_ offer: Redeeming, for library: LibraryID) throws(StoreError) {
        if let own = offer.library, own != library {
            throw StoreError(.libraryDiffers, "The invitation is for another library.")
        }
    }

    /// Refuses an offer that no invitation could serve.
    static func check(_ offer: Redeeming) throws(StoreError) {
        guard offer.secretHash.count == LogRules.hashLength, !offer.user.isEmpty else {
            throw StoreError(.invalid, "The account name is empty or the credential malformed.")
        }
    }

    /// Refuses an invitation that could never be redeemed.
    static func check(_ invitation: InvitationRecord) throws(StoreError) {
        guard invitation.secretHash.count == LogRules.hashLength, invitation.usesLeft >= 1,
            invitation.expiresAt > invitation.createdAt
        else {
            throw StoreError(
                .invalid, "The invitation could never be redeemed: check its uses and its time.")
        }
    }

    /// The most bytes that a device's label has; no client reads a longer one.
    static let labelLimit = 64

    /// The label itself, or with the first of `-2`, `-3` … that makes it differ from all in use, cut in
    /// front of that to ``labelLimit``.
    static func freeLabel(_ label: String, besides taken: [String]) -> String {
        var free = cut(label)
        var number = 2
        while taken.contains(free) {
            let suffix = "-\(number)"
            free = cut(label, to: labelLimit - suffix.utf8.count) + suffix
            number += 1
        }
        return free
    }

    /// As much of a label as fits into a number of bytes, in whole scalars.
    static func cut(_ label: String, to limit: Int = labelLimit) -> String {
        var label = label
        while label.utf8.count > limit { label.unicodeScalars.removeLast() }
        return label
    }

    /// Whether a member's role is lowered or taken away.
    static func loses(_ previous: Role?, _ new: Role?) -> Bool {
        guard let previous else { return false }
        guard let new else { return true }
        return new < previous
    }

    /// What to say of a library that does not exist.
    static func unknown(_ library: LibraryID) -> StoreError {
        StoreError(.notFound, "There is no library \(library).")
    }

    /// What to say of a user that does not exist.
    static func unknown(user: String) -> StoreError {
        StoreError(.notFound, "There is no account “\(user)”.")
    }

    /// What to say of somebody who is no member of an article's library.
    static func noMember(_ user: String, of article: DocumentID) -> StoreError {
        StoreError(.notFound, "“\(user)” is no member of the library of \(article).")
    }

    /// What to say of a device that does not exist.
    static func unknown(_ device: DeviceID) -> StoreError {
        StoreError(.notFound, "There is no device \(device).")
    }
}
