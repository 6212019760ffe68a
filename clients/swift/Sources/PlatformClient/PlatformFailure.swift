import Foundation
#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// One violated rule of a contract, with either `pointer` (into the body, as a URI fragment) or `parameter`.
public struct Violation: Sendable, Codable, Hashable {
    public let pointer: String?
    public let parameter: String?
    public let detail: String
}

/// Problem details, RFC 9457, as all APIs give them.
public struct Problem: Sendable, Codable, Hashable {
    public let type: String
    public let title: String
    public let status: Int
    public let detail: String
    /// Id of the request in the service's logs; nil when a load balancer or a firewall answered in its place.
    public let requestId: String?
    /// The violations, when there are any to name.
    public let errors: [Violation]?
}

/// How calls fail, whatever the API: `catch { switch error.failure { … } }`.
public enum PlatformFailure: Sendable {
    /// An API refused the request or failed. `eTag` is that of what has changed since, with status 412.
    case problem(Problem, eTag: String?)
    /// What the client has is still true: the answer to `ifNoneMatch`.
    case notModified
    /// There was no answer: no connection, or none in time. Whether a write took place is not known.
    case connection(Error)
    /// The source of ID tokens failed.
    case token(Error)
    /// The answer is not what the contract says.
    case unexpected(Error)
}

/// Carries what the source of ID tokens threw through the generated code.
struct TokenError: Error {
    let cause: Error
}

extension ErrorResponse {
    /// What every call's error means.
    public var failure: PlatformFailure {
        guard case let .error(status, data, response, error) = self else { return .unexpected(self) }
        if let error = error as? TokenError { return .token(error.cause) }
        guard let answer = response as? HTTPURLResponse else {
            return error is URLError ? .connection(error) : .unexpected(error)
        }
        if answer.statusCode == 304 { return .notModified }
        if (200..<300).contains(status) { return .unexpected(error) }
        return .problem(Self.problem(of: answer, data), eTag: answer.value(forHTTPHeaderField: "ETag"))
    }

    private static func problem(of answer: HTTPURLResponse, _ data: Data?) -> Problem {
        if [301, 302, 303, 307, 308].contains(answer.statusCode) {
            let location = answer.value(forHTTPHeaderField: "Location") ?? ""
            let url = URL(string: location)
            let host = url?.host.map { name in url?.port.map { "\(name):\($0)" } ?? name } ?? "the same host"
            return Problem(
                type: "about:blank",
                title: HTTPURLResponse.localizedString(forStatusCode: answer.statusCode),
                status: answer.statusCode,
                detail: "The answer is a redirect to \(host), which is not followed: the tokens would go along.",
                requestId: nil,
                errors: nil
            )
        }
        let type = answer.value(forHTTPHeaderField: "Content-Type")?.lowercased() ?? ""
        if type.hasPrefix("application/problem+json") || type.hasPrefix("application/json"), let data,
            let problem = try? JSONDecoder().decode(Problem.self, from: data) {
            return problem
        }
        return Problem(
            type: "about:blank",
            title: HTTPURLResponse.localizedString(forStatusCode: answer.statusCode),
            status: answer.statusCode,
            detail: "The answer is no problem details: it is not the service's own.",
            requestId: nil,
            errors: nil
        )
    }
}
