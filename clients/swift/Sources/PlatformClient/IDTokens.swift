import Foundation

/// Why an ID token is asked for: at first, because the one before it expires, or because an API refused that with 401.
public enum TokenReason: Sendable {
    case first
    case expired
    case refused
}

/// Gives an ID token of the signed-in user. The client keeps it until it expires. Throws what the caller of the API is to see.
public typealias IDTokenSource = @Sendable (TokenReason) async throws -> String

/// Keeps an ID token, and asks for another when it is time. Requests at the same time share one question.
actor IDTokens {
    /// Seconds before its end from which on a token is not used any more: clocks differ, and requests take their time.
    private static let margin: TimeInterval = 60

    private let source: IDTokenSource
    private let now: @Sendable () -> Date
    private var token: String?
    private var asking: Task<String, Error>?

    init(source: @escaping IDTokenSource, now: @escaping @Sendable () -> Date) {
        self.source = source
        self.now = now
    }

    /// A token that has not expired.
    func current() async throws -> String {
        if let asking { return try await asking.value }
        guard let token else { return try await ask(.first) }
        if let end = Self.end(of: token), end < now().addingTimeInterval(Self.margin) {
            return try await ask(.expired)
        }
        return token
    }

    /// Another token than this one, which was refused.
    func after(_ refused: String) async throws -> String {
        if let asking { return try await asking.value }
        if let token, token != refused { return token }
        return try await ask(.refused)
    }

    private func ask(_ reason: TokenReason) async throws -> String {
        let source = self.source
        let task = Task { try await source(reason) }
        asking = task
        defer { asking = nil }
        let fresh = try await task.value
        token = fresh
        return fresh
    }

    /// By the token's own word. What cannot be read is left to the API to judge.
    private static func end(of token: String) -> Date? {
        struct Claims: Decodable {
            let exp: Double
        }
        let parts = token.split(separator: ".")
        guard parts.count == 3 else { return nil }
        var payload = parts[1].replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
        while payload.count % 4 != 0 { payload += "=" }
        guard let data = Data(base64Encoded: payload),
            let claims = try? JSONDecoder().decode(Claims.self, from: data)
        else { return nil }
        return Date(timeIntervalSince1970: claims.exp)
    }
}
