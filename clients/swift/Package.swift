// swift-tools-version:6.0

import PackageDescription

let package = Package(
    name: "PlatformClient",
    platforms: [.iOS(.v13), .macOS(.v10_15)],
    products: [.library(name: "PlatformClient", targets: ["PlatformClient"])],
    targets: [.target(name: "PlatformClient", path: "Sources/PlatformClient")],
    swiftLanguageModes: [.v6]
)
