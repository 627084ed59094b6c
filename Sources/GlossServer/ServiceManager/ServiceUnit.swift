/// A systemd unit that runs `glossd` with as few rights as it needs.
public struct ServiceUnit: Sendable {
    /// The program, as an absolute path.
    public var program: String
    /// The configuration file, if there is one.
    public var configuration: String?
    /// The system's user to run as; `nil` for one that systemd makes up.
    public var user: String?
    /// Connections it must have room for.
    public var connections: Int
    /// Seconds that connections have to end when it stops.
    public var drainSeconds: Int

    /// A unit for a program.
    public init(
        program: String, configuration: String?, user: String?, connections: Int,
        drainSeconds: Int = 5
    ) {
        self.program = program
        self.configuration = configuration
        self.user = user
        self.connections = connections
        self.drainSeconds = drainSeconds
    }

    /// The text of the unit file.
    public var text: String {
        let who = user.map { "User=\($0)" } ?? "DynamicUser=yes"
        let config = configuration.map { " --config \(Self.quoted($0))" } ?? ""
        return """
            [Unit]
            Description=Gloss sync server
            Documentation=man:systemd.exec(5)
            After=network-online.target
            Wants=network-online.target

            [Service]
            Type=notify
            ExecStart=\(Self.quoted(program)) serve\(config)
            ExecReload=/bin/kill -HUP $MAINPID
            Environment=GLOSSD_DATA=%S/glossd
            StateDirectory=glossd
            StateDirectoryMode=0700
            \(who)
            UMask=0077
            Restart=on-failure
            RestartSec=2
            RestartPreventExitStatus=64 74 78
            WatchdogSec=60
            TimeoutStopSec=\(drainSeconds + 25)
            LimitNOFILE=\(connections + 1_024)

            NoNewPrivileges=yes
            CapabilityBoundingSet=
            AmbientCapabilities=
            ProtectSystem=strict
            ProtectHome=yes
            PrivateTmp=yes
            PrivateDevices=yes
            ProtectClock=yes
            ProtectControlGroups=yes
            ProtectHostname=yes
            ProtectKernelLogs=yes
            ProtectKernelModules=yes
            ProtectKernelTunables=yes
            ProtectProc=invisible
            RemoveIPC=yes
            RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
            RestrictNamespaces=yes
            RestrictRealtime=yes
            RestrictSUIDSGID=yes
            LockPersonality=yes
            MemoryDenyWriteExecute=yes
            SystemCallArchitectures=native
            SystemCallFilter=@system-service
            SystemCallFilter=~@privileged @resources

            [Install]
            WantedBy=multi-user.target
            """
    }

    /// A word of a command line as systemd reads it.
    private static func quoted(_ word: String) -> String {
        let escaped = word.replacing("%", with: "%%").replacing("$", with: "$$")
        guard escaped.contains(where: { " \t\"'\\;".contains($0) }) else { return escaped }
        let body = escaped.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return "\"\(body)\""
    }
}
