import GlossCore
import GlossStorage
import Testing

@Suite("The contract of a store: invitations")
struct InvitationContract {
    @Test(
        "Invitations are listed oldest first, taken back, and cleaned up",
        arguments: Engine.allCases)
    func listing(_ engine: Engine) async throws {
        try await engine.withStore { (store) async throws in
            var late = Fixture.invitation(1, forUser: "ann", expiresAt: 30, creator: "bob")
            late.createdAt = 9
            let early = Fixture.invitation(2, role: .reader, expiresAt: 20, uses: 3)
            try await store.addInvitation(late)
            try await store.addInvitation(early)
            await expect(.exists) { try await store.addInvitation(early) }
            #expect(try await store.invitations(to: Fixture.library) == [early, late])
            #expect(try await store.invitations(to: Fixture.other) == [])
            #expect(try await store.removeExpiredInvitations(now: 19) == 0)
            #expect(try await store.removeExpiredInvitations(now: 20) == 1)
            #expect(try await store.invitations(to: Fixture.library) == [late])
            try await store.removeInvitation(secretHash: late.secretHash)
            #expect(try await store.invitations(to: Fixture.library) == [])
            await expect(.invitationUnknown) {
                try await store.removeInvitation(secretHash: late.secretHash)
            }
        }
    }

    @Test("An invitation that could never be redeemed is not taken", arguments: Engine.allCases)
    func useless(_ engine: Engine) async throws {
        try await engine.withStore { (store) async throws in
            await expect(.notFound) {
                try await store.addInvitation(Fixture.invitation(1, library: Fixture.other))
            }
            await expect(.invalid) {
                try await store.addInvitation(Fixture.invitation(1, uses: 0))
            }
            await expect(.invalid) {
                try await store.addInvitation(Fixture.invitation(1, expiresAt: 1))
            }
            var short = Fixture.invitation(1)
            short.secretHash.removeLast()
            await expect(.invalid) { [short] in try await store.addInvitation(short) }
        }
    }

    @Test("Redeeming makes account, device and membership at once", arguments: Engine.allCases)
    func redeem(_ engine: Engine) async throws {
        try await engine.withStore { (store) async throws in
            try await store.addInvitation(Fixture.invitation(1, uses: 2))
            let result = try await store.redeem(Fixture.offer(1, "ann", device: 5))
            let device = DeviceRecord(
                id: DeviceID(rawValue: 5), user: "ann", label: "laptop",
                secretHash: Fixture.hash(99), createdAt: 10)
            #expect(
                result
                    == Redemption(
                        user: "ann", device: device, library: Fixture.library, role: .editor))
            #expect(try await store.device(device.id) == device)
            #expect(try await store.users() == [UserRecord(name: "ann", createdAt: 10)])
            #expect(try await store.role(of: "ann", in: Fixture.library) == .editor)
            #expect(try await store.invitations(to: Fixture.library).first?.usesLeft == 1)
        }
    }

    @Test("A retry gets the same answer and uses nothing up, even late", arguments: Engine.allCases)
    func retry(_ engine: Engine) async throws {
        try await engine.withStore { (store) async throws in
            try await store.addInvitation(Fixture.invitation(1))
            let first = try await store.redeem(Fixture.offer(1, "ann", device: 5))
            var again = Fixture.offer(1, "ann", device: 5, label: "other", now: 5000)
            #expect(try await store.redeem(again) == first)
            #expect(try await store.devices(of: nil) == [first.device])
            #expect(try await store.invitations(to: Fixture.library).first?.usesLeft == 0)
            // With another secret, name or device it is no retry.
            again.now = 10
            again.secretHash = Fixture.hash(98)
            await expect(.invitationUsedUp) { [again] in _ = try await store.redeem(again) }
            await expect(.invitationUsedUp) {
                _ = try await store.redeem(Fixture.offer(1, "bob", device: 5))
            }
            await expect(.invitationUsedUp) {
                _ = try await store.redeem(Fixture.offer(1, "ann", device: 6))
            }
            _ = try await store.removeExpiredInvitations(now: 5000)
            await expect(.invitationUnknown) {
                _ = try await store.redeem(Fixture.offer(1, "ann", device: 5))
            }
        }
    }

    @Test("Refusals leave nothing behind", arguments: Engine.allCases)
    func refusals(_ engine: Engine) async throws {
        try await engine.withStore { (store) async throws in
            try await store.addInvitation(Fixture.invitation(1, expiresAt: 100, uses: 9))
            try await store.addInvitation(Fixture.invitation(2, forUser: "eve", expiresAt: 100))
            await expect(.invitationUnknown) {
                _ = try await store.redeem(Fixture.offer(8, "ann", device: 5))
            }
            await expect(.invitationExpired) {
                _ = try await store.redeem(Fixture.offer(1, "ann", device: 5, now: 100))
            }
            await expect(.nameReserved) {
                _ = try await store.redeem(Fixture.offer(2, "ann", device: 5))
            }
            await expect(.nameReserved) {
                _ = try await store.redeem(Fixture.offer(1, "eve", device: 5))
            }
            await expect(.invalid) { _ = try await store.redeem(Fixture.offer(1, "", device: 5)) }
            #expect(try await store.users() == [])
            #expect(try await store.devices(of: nil) == [])
            #expect(try await store.invitations(to: Fixture.library).map(\.usesLeft) == [9, 1])

            _ = try await store.redeem(Fixture.offer(1, "ann", device: 5))
            await expect(.nameTaken) {
                _ = try await store.redeem(Fixture.offer(1, "ann", device: 6))
            }
            await expect(.deviceTaken) {
                _ = try await store.redeem(Fixture.offer(1, "bob", device: 5))
            }
            #expect(try await store.users().map(\.name) == ["ann"])
            #expect(try await store.invitations(to: Fixture.library).map(\.usesLeft) == [8, 1])
        }
    }

    @Test(
        "A second device joins by an invitation for its account and keeps the role",
        arguments: Engine.allCases)
    func secondDevice(_ engine: Engine) async throws {
        try await engine.withStore { (store) async throws in
            try await store.addInvitation(Fixture.invitation(1, role: .reviewer))
            _ = try await store.redeem(Fixture.offer(1, "ann", device: 5))
            try await store.addInvitation(
                Fixture.invitation(2, role: .owner, forUser: "ann", uses: 3))
            let second = try await store.redeem(Fixture.offer(2, "ann", device: 6))
            #expect(second.device.label == "laptop-2")
            #expect(second.role == .reviewer)
            let third = try await store.redeem(Fixture.offer(2, "ann", device: 7))
            #expect(third.device.label == "laptop-3")
            #expect(try await store.role(of: "ann", in: Fixture.library) == .reviewer)
            #expect(try await store.devices(of: "ann").count == 3)
        }
    }

    @Test("A label is no longer for the number behind it", arguments: Engine.allCases)
    func longLabels(_ engine: Engine) async throws {
        try await engine.withStore { (store) async throws in
            let long = String(repeating: "ä", count: 32)
            try await store.addInvitation(Fixture.invitation(1))
            _ = try await store.redeem(Fixture.offer(1, "ann", device: 1, label: long))
            try await store.addInvitation(Fixture.invitation(2, forUser: "ann", uses: 10))
            for device in UInt64(2)...11 {
                let joined = try await store.redeem(
                    Fixture.offer(2, "ann", device: device, label: long))
                #expect(joined.device.label.utf8.count <= 64)
                #expect(joined.device.label.hasSuffix("ä-\(device)"))
                #expect(joined.device.label.hasPrefix(String(long.prefix(30))))
            }
            #expect(try await Set(store.devices(of: "ann").map(\.label)).count == 11)
        }
    }

    @Test(
        "Who has another library than the invitation's is refused, and nothing is used up",
        arguments: Engine.allCases)
    func anotherLibrary(_ engine: Engine) async throws {
        try await engine.withStore { (store) async throws in
            try await store.addLibrary(LibraryRecord(id: Fixture.other, name: "x", createdAt: 1))
            try await store.addInvitation(Fixture.invitation(1, library: Fixture.other))
            await expect(.libraryDiffers) {
                _ = try await store.redeem(
                    Fixture.offer(1, "ann", device: 5, library: Fixture.library))
            }
            #expect(try await store.users() == [])
            #expect(try await store.invitations(to: Fixture.other).map(\.usesLeft) == [1])
            for _ in 0..<2 {
                let joined = try await store.redeem(
                    Fixture.offer(1, "ann", device: 5, library: Fixture.other))
                #expect(joined.library == Fixture.other)
            }
            await expect(.libraryDiffers) {
                _ = try await store.redeem(
                    Fixture.offer(1, "ann", device: 5, library: Fixture.library))
            }
        }
    }

    @Test(
        "A known device joins another library as it is, unless it is revoked",
        arguments: Engine.allCases)
    func knownDevice(_ engine: Engine) async throws {
        try await engine.withStore { (store) async throws in
            try await store.addInvitation(Fixture.invitation(1))
            let first = try await store.redeem(Fixture.offer(1, "ann", device: 5))
            try await store.addLibrary(LibraryRecord(id: Fixture.other, name: "x", createdAt: 1))
            try await store.addInvitation(
                Fixture.invitation(
                    2, role: .reader, forUser: "ann", uses: 2, library: Fixture.other))
            let second = try await store.redeem(Fixture.offer(2, "ann", device: 5, label: "new"))
            #expect(second.device == first.device)
            #expect(second.library == Fixture.other)
            #expect(second.role == .reader)
            try await store.revokeDevice(first.device.id, now: 20)
            try await store.addInvitation(Fixture.invitation(3, forUser: "ann"))
            await expect(.deviceRevoked) {
                _ = try await store.redeem(Fixture.offer(3, "ann", device: 5))
            }
            await expect(.deviceTaken) {
                _ = try await store.redeem(Fixture.offer(3, "ann", device: 5, secret: 98))
            }
        }
    }
}
