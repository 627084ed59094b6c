import Testing

@testable import GlossServer

@Suite("Where a service has directories of its own")
struct PrivateTemporaryFilesTests {
    private static let mounts = """
        24 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw
        520 24 254:1 /tmp/systemd-private-5f0c-glossd.service-aB3x/tmp /tmp rw - ext4 /dev/vda1 rw
        521 24 254:1 /var/tmp/systemd-private-5f0c-glossd.service-zZ/tmp /var/tmp rw - ext4 /dev/vda1 rw
        """

    @Test("A copy that nobody would find is noticed, and no other one")
    func hidden() {
        #expect(PrivateTemporaryFiles.hiding("/tmp/copy.db", mounts: Self.mounts) == "/tmp")
        #expect(PrivateTemporaryFiles.hiding("/var/tmp/a/b.db", mounts: Self.mounts) == "/var/tmp")
        for path in ["/srv/copy.db", "/tmpfile.db", "/home/tmp/copy.db"] {
            #expect(PrivateTemporaryFiles.hiding(path, mounts: Self.mounts) == nil)
        }
        let plain = "24 1 254:1 / / rw - ext4 /dev/vda1 rw\n25 24 0:30 / /tmp rw - tmpfs tmpfs rw"
        #expect(PrivateTemporaryFiles.hiding("/tmp/copy.db", mounts: plain) == nil)
    }
}
