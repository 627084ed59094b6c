import GlossCore

extension Hello {
    func write(to json: inout JSONWriter) {
        json.member("t", "hello")
        json.member("id", id)
        json.key("v")
        json.beginArray()
        for version in versions { json.integer(version) }
        json.endArray()
        json.member("sw", software)
        json.member("caps", capabilities)
        if let auth {
            json.key("auth")
            json.beginObject()
            auth.write(to: &json)
            json.endObject()
        }
    }

    /// Of a peer that does not speak version 1 only the versions are read.
    init(_ fields: FieldReader) throws(WireError) {
        var versions: [Int] = []
        for value in try fields.array("v", limit: WireLimits.versions) {
            versions.append(try fields.integer(value, "v", in: 0...WireLimits.integer))
        }
        let id = try fields.integer("id")
        if !versions.contains(1) {
            self.init(id: id, versions: versions, software: "", auth: nil)
            return
        }
        self.init(
            id: id, versions: versions,
            software: try fields.optionalString("sw", limit: WireLimits.software) ?? "",
            capabilities: try fields.capabilities("caps"),
            auth: fields.has("auth") ? try Credential(try fields.reader("auth")) : nil)
    }
}

extension Credential {
    func write(to json: inout JSONWriter) {
        switch self {
        case .invitation(let invitation):
            json.member("k", "invite")
            json.member("secret", Base64URL.encode(invitation.secret))
            json.member("user", invitation.user)
            json.member("label", invitation.label)
            json.member("device", invitation.device.description)
            json.member("key", Base64URL.encode(invitation.key))
            if let library = invitation.library { json.member("lib", library.description) }
        case .device(let device):
            json.member("k", "device")
            json.member("device", device.device.description)
            json.member("key", Base64URL.encode(device.key))
        }
    }

    init(_ fields: FieldReader) throws(WireError) {
        switch try fields.string("k", limit: WireLimits.name) {
        case "invite":
            self = .invitation(
                InvitationCredential(
                    secret: try fields.secret("secret"), user: try fields.name("user"),
                    label: try fields.name("label"), device: try fields.newDevice(),
                    key: try fields.secret("key"),
                    library: fields.has("lib") ? try fields.library("lib") : nil))
        case "device":
            self = .device(
                DeviceCredential(
                    device: DeviceID(rawValue: try fields.hex("device")),
                    key: try fields.secret("key")))
        default: throw WireError(.authRequired, "no kind of credential known here", id: fields.id)
        }
    }
}

extension FieldReader {
    /// A device that is to be added. None has the id 0, which stands for no device.
    fileprivate func newDevice() throws(WireError) -> DeviceID {
        let device = DeviceID(rawValue: try hex("device"))
        if device.rawValue == 0 { throw malformed("device is 0") }
        return device
    }

    /// What people call something: not empty, without control characters.
    func name(_ key: String) throws(WireError) -> String {
        let name = try string(key, limit: WireLimits.name)
        if !DisplayName.isValid(name) { throw malformed("\(key) is no name") }
        return name
    }
}

extension Welcome {
    func write(to json: inout JSONWriter) {
        json.member("t", "welcome")
        json.member("id", id)
        json.member("v", version)
        json.member("user", user)
        json.member("device", device.description)
        json.member("label", label)
        json.member("log", Hex.string(log))
        json.key("libs")
        json.beginArray()
        for library in libraries {
            json.beginObject()
            json.member("id", library.id.description)
            json.member("name", library.name)
            json.member("role", library.role.rawValue)
            json.endObject()
        }
        json.endArray()
        if let joined { json.member("lib", joined.description) }
        json.member("hb", heartbeat)
        json.key("limits")
        json.beginObject()
        json.member("line", limits.line)
        json.member("inflight", limits.inflight)
        json.member("batches", limits.batches)
        json.member("subs", limits.subscriptions)
        json.member("change", limits.change)
        json.endObject()
        json.member("caps", capabilities)
    }

    init(_ fields: FieldReader) throws(WireError) {
        var libraries: [LibrarySummary] = []
        for value in try fields.array("libs", limit: WireLimits.libraries) {
            let library = try fields.reader(value, "libs")
            libraries.append(
                LibrarySummary(
                    id: try library.library("id"), name: try library.name("name"),
                    role: try library.role("role")))
        }
        let limits = try fields.reader("limits")
        self.init(
            id: try fields.integer("id"), version: try fields.integer("v"),
            user: try fields.name("user"), device: DeviceID(rawValue: try fields.hex("device")),
            label: try fields.name("label"), log: try fields.hex("log"), libraries: libraries,
            joined: fields.has("lib") ? try fields.library("lib") : nil,
            heartbeat: try fields.integer("hb", in: 1...86_400),
            limits: SessionLimits(
                line: try limits.integer("line"), inflight: try limits.integer("inflight"),
                batches: try limits.integer("batches"),
                subscriptions: try limits.integer("subs"),
                change: try limits.integer("change")),
            capabilities: try fields.capabilities("caps"))
    }
}
