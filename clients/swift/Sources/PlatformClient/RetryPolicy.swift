import Foundation
#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// When a request is sent again.
public struct RetryPolicy: Sendable {
    /// How often a request is sent in all. 1 is never again.
    public var attempts: Int
    /// The longest wait before the second attempt, in seconds; before each further one it is twice that.
    public var firstDelay: TimeInterval
    /// The longest wait at all, in seconds. An answer whose `Retry-After` asks for more is given to the caller.
    public var mostDelay: TimeInterval

    public init(attempts: Int = 4, firstDelay: TimeInterval = 0.2, mostDelay: TimeInterval = 5) {
        self.attempts = attempts
        self.firstDelay = firstDelay
        self.mostDelay = mostDelay
    }

    /// Answers that tell of a moment: too many requests, or a service that is busy or away.
    private static let passing: Set<Int> = [429, 502, 503, 504]
    /// Safe to send again by HTTP itself: https://www.rfc-editor.org/rfc/rfc9110#section-9.2.2
    private static let idempotent: Set<String> = ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"]

    /// Whether a request may be sent again when it is not known what became of it.
    static func repeatable(_ request: URLRequest) -> Bool {
        idempotent.contains(request.httpMethod ?? "GET") || request.value(forHTTPHeaderField: "Idempotency-Key") != nil
    }

    /// How long to wait before a request is sent again, in seconds; nil when it must not be.
    ///
    /// - Parameters:
    ///   - sent: how often it has been, 1 or more
    ///   - status: what was answered; nil when nothing was
    ///   - retryAfter: the answer's header
    ///   - random: from 0 to 1: clients that failed together do not come back together
    func delay(sent: Int, status: Int?, retryAfter: String?, random: Double, now: Date) -> TimeInterval? {
        if sent >= attempts { return nil }
        if let status, !Self.passing.contains(status) { return nil }
        let most = min(firstDelay * pow(2, Double(sent - 1)), mostDelay)
        let asked = Self.seconds(of: retryAfter, now: now)
        return asked > mostDelay ? nil : asked + random * most
    }

    /// Of seconds, or of a date. 0 when it says nothing.
    private static func seconds(of retryAfter: String?, now: Date) -> TimeInterval {
        guard let retryAfter else { return 0 }
        if let seconds = TimeInterval(retryAfter) { return max(0, seconds) }
        return Date(httpDate: retryAfter).map { max(0, $0.timeIntervalSince(now)) } ?? 0
    }
}

extension Date {
    /// E.g. of `Wed, 01 Dec 2027 00:00:00 GMT`; nil when it is no such date.
    init?(httpDate text: String) {
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(identifier: "GMT")
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss zzz"
        guard let date = format.date(from: text) else { return nil }
        self = date
    }
}
