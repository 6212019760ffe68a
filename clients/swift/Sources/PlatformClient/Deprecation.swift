import Foundation
#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// What a version of an API says on its answers once it is deprecated: RFC 9745, and RFC 8594 for the sunset.
public struct Deprecation: Sendable, Hashable {
    public let api: PlatformAPI
    /// When it began, or will begin.
    public let deprecatedAt: Date
    /// When the version may stop to answer.
    public let sunsetAt: Date?
    /// Address of the version that comes after it.
    public let successor: URL?
    /// Address of a page for its developers.
    public let documentation: URL?
}

extension Deprecation {
    /// Nil when the answer says nothing of it, or nothing that can be read.
    init?(of api: PlatformAPI, by answer: HTTPURLResponse) {
        let said = answer.value(forHTTPHeaderField: "Deprecation")?.trimmingCharacters(in: .whitespaces) ?? ""
        guard said.hasPrefix("@"), let seconds = Int64(said.dropFirst()) else { return nil }
        let links = Self.links(in: answer.value(forHTTPHeaderField: "Link") ?? "")
        self.init(
            api: api,
            deprecatedAt: Date(timeIntervalSince1970: TimeInterval(seconds)),
            sunsetAt: answer.value(forHTTPHeaderField: "Sunset").flatMap { Date(httpDate: $0) },
            successor: links["successor-version"],
            documentation: links["deprecation"]
        )
    }

    /// Targets of a `Link` header by their relation: https://www.rfc-editor.org/rfc/rfc8288#section-3
    private static func links(in header: String) -> [String: URL] {
        var links: [String: URL] = [:]
        for link in groups(of: #"<([^>]*)>((?:\s*;\s*[^\s=;,]+(?:\s*=\s*(?:"[^"]*"|[^\s;,"]*))?)*)"#, in: header) {
            let parameters = groups(of: #";\s*([^\s=;,]+)(?:\s*=\s*(?:"([^"]*)"|([^\s;,"]*)))?"#, in: link[2])
            guard let rel = parameters.first(where: { $0[1].lowercased() == "rel" }), let target = URL(string: link[1])
            else { continue }
            for relation in (rel[2] + rel[3]).lowercased().split(separator: " ").map(String.init) {
                links[relation] = links[relation] ?? target
            }
        }
        return links
    }

    /// What each match holds: itself, then its groups, empty where there is nothing.
    private static func groups(of pattern: String, in text: String) -> [[String]] {
        guard let expression = try? NSRegularExpression(pattern: pattern) else { return [] }
        let all = NSRange(text.startIndex..<text.endIndex, in: text)
        return expression.matches(in: text, range: all).map { match in
            (0..<match.numberOfRanges).map { group in
                Range(match.range(at: group), in: text).map { String(text[$0]) } ?? ""
            }
        }
    }
}

/// Tells once that an API is deprecated.
final class DeprecationNotice: Sendable {
    private let api: PlatformAPI
    private let tell: (@Sendable (Deprecation) -> Void)?
    private let told = OpenAPIMutex<Bool>(false)

    init(of api: PlatformAPI, tell: (@Sendable (Deprecation) -> Void)?) {
        self.api = api
        self.tell = tell
    }

    func look(at answer: HTTPURLResponse) {
        guard let tell, !told.value, let deprecation = Deprecation(of: api, by: answer) else { return }
        let before = told.withValue { (told: inout Bool) -> Bool in
            defer { told = true }
            return told
        }
        if !before { tell(deprecation) }
    }
}
