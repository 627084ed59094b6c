// swift-tools-version: 6.2
import PackageDescription

/// Every target is compiled with the same strict settings: imports show what leaks into an API
/// (SE-0409), members come only from modules a file imports (SE-0444), existentials are spelled
/// out (SE-0335), and a warning is an error.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioEmbedded: Target.Dependency = .product(name: "NIOEmbedded", package: "swift-nio")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let grdbSQLite: Target.Dependency = .product(name: "GRDBSQLite", package: "GRDB.swift")
let lifecycle: Target.Dependency = .product(
    name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals: Target.Dependency = .product(
    name: "UnixSignals", package: "swift-service-lifecycle")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let metrics: Target.Dependency = .product(name: "Metrics", package: "swift-metrics")
let hummingbird: Target.Dependency = .product(name: "HummingbirdCore", package: "hummingbird")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let argumentParser: Target.Dependency = .product(
    name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "gloss",
    products: [
        .executable(name: "gloss", targets: ["gloss"]),
        .executable(name: "glossd", targets: ["glossd"]),
        .executable(name: "gloss-bench", targets: ["gloss-bench"]),
        .library(name: "ShiftedClock", type: .dynamic, targets: ["CShiftedClock"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0", traits: []),
        .package(
            url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
    ],
    targets: [
        .systemLibrary(
            name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
        .target(name: "GlossCrypto", dependencies: ["COpenSSL"], swiftSettings: strict),
        .target(name: "GlossCore", swiftSettings: strict),
        .target(
            name: "GlossProtocol", dependencies: ["GlossCore", "GlossCrypto"],
            swiftSettings: strict),
        .target(
            name: "GlossStorage", dependencies: ["GlossCore", grdb, grdbSQLite],
            swiftSettings: strict),
        .target(
            name: "GlossTransport",
            dependencies: ["GlossProtocol", "GlossCrypto", "COpenSSL", nioCore, nioPosix],
            swiftSettings: strict),
        .target(
            name: "GlossClient",
            dependencies: [
                "GlossCore", "GlossCrypto", "GlossProtocol", "GlossStorage", "GlossTransport",
            ],
            swiftSettings: strict),
        .target(
            name: "GlossServer",
            dependencies: [
                "GlossCore", "GlossCrypto", "GlossProtocol", "GlossStorage", "GlossTransport",
                lifecycle, unixSignals, logging, metrics, hummingbird, httpTypes, nioCore, nioPosix,
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "gloss", dependencies: ["GlossClient", "GlossCore", argumentParser],
            swiftSettings: strict),
        .executableTarget(
            name: "glossd", dependencies: ["GlossServer", argumentParser], swiftSettings: strict),
        .target(
            name: "TestSupport", dependencies: ["GlossCore", "GlossProtocol"],
            path: "Tests/TestSupport", swiftSettings: strict),
        .testTarget(
            name: "GlossCryptoTests", dependencies: ["GlossCrypto"], swiftSettings: strict),
        .testTarget(
            name: "GlossCoreTests", dependencies: ["GlossCore", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "GlossProtocolTests",
            dependencies: ["GlossProtocol", "GlossCore", "GlossCrypto", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "GlossStorageTests",
            dependencies: ["GlossStorage", "GlossCore", "TestSupport", grdb],
            swiftSettings: strict),
        .testTarget(
            name: "GlossTransportTests",
            dependencies: [
                "GlossTransport", "GlossProtocol", "GlossCrypto", nioCore, nioPosix, nioEmbedded,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "GlossClientTests",
            dependencies: [
                "GlossClient", "GlossCore", "GlossProtocol", "GlossStorage", "TestSupport",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "GlossServerTests",
            dependencies: [
                "GlossServer", "GlossCore", "GlossCrypto", "GlossProtocol", "GlossStorage",
                "GlossTransport", "TestSupport", nioCore, nioPosix, logging, metrics,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "SimulationTests",
            dependencies: [
                "GlossClient", "GlossServer", "GlossCore", "GlossCrypto", "GlossProtocol",
                "GlossStorage", "GlossTransport", "TestSupport", nioCore, nioEmbedded, logging,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "gloss", "glossd", "GlossServer", "GlossCore", "GlossProtocol", "GlossStorage",
                "GlossTransport", "TestSupport", grdb,
            ],
            swiftSettings: strict),
        .target(name: "CShiftedClock", path: "Tests/CShiftedClock"),
        .systemLibrary(
            name: "CZlib", path: "Tests/Benchmarks/CZlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "CBenchmark", path: "Tests/Benchmarks/CBenchmark"),
        .executableTarget(
            name: "gloss-bench",
            dependencies: [
                "GlossCore", "GlossCrypto", "GlossProtocol", "GlossTransport", "TestSupport",
                "CBenchmark", "CZlib", nioPosix, argumentParser,
            ],
            path: "Tests/Benchmarks/gloss-bench", swiftSettings: strict),
        .testTarget(
            name: "BenchmarkTests", dependencies: ["gloss-bench", "GlossCore", "TestSupport"],
            swiftSettings: strict),
    ]
)
