import GlossCore
import GlossStorage
import Testing

@Suite("The contract of a store: libraries, members, users, devices")
struct AccountContract {
    @Test("Libraries have unique ids and names and are found by both", arguments: Engine.allCases)
    func libraries(_ engine: Engine) async throws {
        try await engine.withStore { (store) async throws in
            let desk = LibraryRecord(id: Fixture.library, name: "desk", createdAt: 1)
            let archive = LibraryRecord(id: Fixture.other, name: "archive", createdAt: 3)
            await expect(.exists) {
                try await store.addLibrary(
                    LibraryRecord(id: Fixture.library, name: "new", createdAt: 1))
            }
            await expect(.exists) {
                try await store.addLibrary(
                    LibraryRecord(id: Fixture.other, name: "desk", createdAt: 1))
            }
            try await store.addLibrary(archive)
            #expect(try await store.libraries() == [archive, desk])
            #expect(try await store.library(Fixture.library) == desk)
            #expect(try await store.library(named: "archive") == archive)
            #expect(try await store.library(named: "Archive") == nil)
            #expect(try await store.library(LibraryID(rawValue: 9)) == nil)
        }
    }

    @Test(
        "Members have one role in each library, which can be changed and taken",
        arguments: Engine.allCases)
    func members(_ engine: Engine) async throws {
        try await engine.withStore { (store) async throws in
            try await store.addUser(UserRecord(name: "bob", createdAt: 5))
            try await store.addUser(UserRecord(name: "ann", createdAt: 4))
            await expect(.exists) {
                try await store.addUser(UserRecord(name: "ann", createdAt: 6))
            }
            #expect(try await store.users().map(\.name) == ["ann", "bob"])
            #expect(try await store.users().map(\.createdAt) == [4, 5])

            await expect(.notFound) {
                try await store.setRole(.reader, of: "ann", in: Fixture.other)
            }
            await expect(.notFound) {
                try await store.setRole(.reader, of: "cyd", in: Fixture.library)
            }
            for role in Role.allCases {
                try await store.setRole(role, of: "ann", in: Fixture.library)
                #expect(try await store.role(of: "ann", in: Fixture.library) == role)
            }
            try await store.setRole(.reviewer, of: "bob", in: Fixture.library)
            let ann = Membership(library: Fixture.library, user: "ann", role: .owner)
            let bob = Membership(library: Fixture.library, user: "bob", role: .reviewer)
            #expect(try await store.members(of: Fixture.library) == [ann, bob])
            #expect(try await store.members(of: Fixture.other) == [])

            try await store.addLibrary(LibraryRecord(id: Fixture.other, name: "x", createdAt: 3))
            try await store.setRole(.reader, of: "ann", in: Fixture.other)
            #expect(
                try await store.memberships(of: "ann") == [
                    Membership(library: Fixture.other, user: "ann", role: .reader), ann,
                ])
            try await store.setRole(nil, of: "ann", in: Fixture.library)
            #expect(try await store.role(of: "ann", in: Fixture.library) == nil)
            #expect(try await store.role(of: "ann", in: Fixture.other) == .reader)
            #expect(try await store.members(of: Fixture.library) == [bob])
        }
    }

    @Test(
        "Who is lowered or removed loses the invitations that could bring them back",
        arguments: Engine.allCases)
    func noWayBack(_ engine: Engine) async throws {
        try await engine.withStore { (store) async throws in
            try await store.addUser(UserRecord(name: "ann", createdAt: 1))
            try await store.setRole(.owner, of: "ann", in: Fixture.library)
            try await store.addInvitation(Fixture.invitation(1, creator: "ann"))
            try await store.addInvitation(Fixture.invitation(2, forUser: "ann"))
            try await store.addInvitation(Fixture.invitation(3, creator: "bob"))
            try await store.setRole(.owner, of: "ann", in: Fixture.library)
            #expect(try await store.invitations(to: Fixture.library).count == 3)
            try await store.setRole(.editor, of: "ann", in: Fixture.library)
            #expect(
                try await store.invitations(to: Fixture.library).map(\.secretHash)
                    == [Fixture.hash(2), Fixture.hash(3)])
            try await store.setRole(nil, of: "ann", in: Fixture.library)
            #expect(
                try await store.invitations(to: Fixture.library).map(\.secretHash)
                    == [Fixture.hash(3)])
        }
    }

    @Test("Devices are listed, seen and revoked", arguments: Engine.allCases)
    func devices(_ engine: Engine) async throws {
        try await engine.withStore { (store) async throws in
            try await store.addInvitation(Fixture.invitation(1, uses: 5))
            let ann = try await store.redeem(Fixture.offer(1, "ann", device: .max)).device
            let bob = try await store.redeem(Fixture.offer(1, "bob", device: 3)).device
            #expect(try await store.devices(of: nil) == [ann, bob])
            #expect(try await store.devices(of: "bob") == [bob])
            #expect(try await store.devices(of: "cyd") == [])
            #expect(try await store.device(bob.id) == bob)
            #expect(try await store.device(DeviceID(rawValue: 77)) == nil)

            try await store.touchDevice(bob.id, now: 50)
            try await store.touchDevice(bob.id, now: 40)
            #expect(try await store.device(bob.id)?.lastSeenAt == 50)
            try await store.revokeDevice(bob.id, now: 60)
            try await store.revokeDevice(bob.id, now: 70)
            #expect(try await store.device(bob.id)?.revokedAt == 60)
            #expect(try await store.device(ann.id)?.revokedAt == nil)
            await expect(.notFound) {
                try await store.touchDevice(DeviceID(rawValue: 77), now: 1)
            }
            await expect(.notFound) {
                try await store.revokeDevice(DeviceID(rawValue: 77), now: 1)
            }
        }
    }
}
