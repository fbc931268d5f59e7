// swift-tools-version: 5.9
import PackageDescription

let package = Package(
    name: "shop",
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.40.0"),
    ]
)
