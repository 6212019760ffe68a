import Foundation
#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// Stands where the task of a request will be, so that what has not been sent yet can be cancelled.
private final class WaitingTask: URLSessionDataTaskProtocol {
    let taskIdentifier = -1
    let progress = Progress(parent: nil, userInfo: nil)

    func resume() {}

    func cancel() {}
}

/// Signs each request in, and has the generated code send it again where that is safe and may help.
final class Transport: OpenAPIInterceptor, @unchecked Sendable {
    /// What is known of a request that is under way, by its builder.
    private struct Sending {
        var sent = 0
        var token: String?
        var refused = false
        /// What the source threw when it was asked for another token.
        var failure: Error?
    }

    private let tokens: IDTokens
    private let policy: RetryPolicy
    private let now: @Sendable () -> Date
    private let deprecation: DeprecationNotice
    /// Headers besides.
    private let headers: @Sendable () -> [String: String]
    private let lock = NSLock()
    private var underWay: [ObjectIdentifier: Sending] = [:]

    init(
        tokens: IDTokens,
        policy: RetryPolicy,
        now: @escaping @Sendable () -> Date,
        deprecation: DeprecationNotice,
        headers: @escaping @Sendable () -> [String: String]
    ) {
        self.tokens = tokens
        self.policy = policy
        self.now = now
        self.deprecation = deprecation
        self.headers = headers
    }

    func intercept<T>(
        urlRequest: URLRequest,
        urlSession: URLSessionProtocol,
        requestBuilder: RequestBuilder<T>,
        completion: @Sendable @escaping (Result<URLRequest, Error>) -> Void
    ) {
        let id = requestBuilder.id
        let requestTask = requestBuilder.requestTask
        if change(id, { _ in }).token == nil {
            // From here on a call without a task is a cancelled one. Only now, the first time, is this run by the caller's task.
            requestTask.set(task: WaitingTask())
            if Task.isCancelled { requestTask.cancel() }
        }
        Task {
            do {
                if let failure = change(id, { _ in }).failure { throw failure }
                let token = try await tokens.current()
                guard requestTask.get() != nil else {
                    completion(.failure(URLError(.cancelled)))
                    return
                }
                change(id) {
                    $0.sent += 1
                    $0.token = token
                }
                var request = urlRequest
                request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization")
                for (name, value) in headers() { request.setValue(value, forHTTPHeaderField: name) }
                completion(.success(request))
            } catch {
                completion(.failure(TokenError(cause: error)))
            }
        }
    }

    func retry<T>(
        urlRequest: URLRequest,
        urlSession: URLSessionProtocol,
        requestBuilder: RequestBuilder<T>,
        data: Data?,
        response: URLResponse?,
        error: Error,
        completion: @Sendable @escaping (OpenAPIInterceptorRetry) -> Void
    ) {
        let id = requestBuilder.id
        let answer = response as? HTTPURLResponse
        let status = answer?.statusCode
        let retryAfter = answer?.value(forHTTPHeaderField: "Retry-After")
        let cancelled = (error as? URLError)?.code == .cancelled
        let repeatable = RetryPolicy.repeatable(urlRequest)
        Task {
            let sending = change(id) { _ in }
            if status == 401, !sending.refused, let refused = sending.token {
                // It was not looked at, so it does not count, and may be sent again whatever it is.
                change(id) {
                    $0.refused = true
                    $0.sent -= 1
                }
                do {
                    let next = try await tokens.after(refused)
                    completion(next == refused ? .dontRetry : .retry)
                } catch {
                    // It is `intercept` that can say so: nothing is sent.
                    change(id) { $0.failure = error }
                    completion(.retry)
                }
                return
            }
            guard repeatable, !cancelled,
                let delay = policy.delay(
                    sent: sending.sent,
                    status: status,
                    retryAfter: retryAfter,
                    random: Double.random(in: 0...1),
                    now: now()
                )
            else {
                completion(.dontRetry)
                return
            }
            try? await Task.sleep(nanoseconds: UInt64(delay * 1_000_000_000))
            // This task is not the caller's: a call that is cancelled has lost its own. `intercept` tells.
            completion(.retry)
        }
    }

    func didReceiveResponse<T>(
        urlRequest: URLRequest,
        urlSession: URLSessionProtocol,
        requestBuilder: RequestBuilder<T>,
        data: Data?,
        response: URLResponse?,
        error: Error?
    ) {
        if let answer = response as? HTTPURLResponse { deprecation.look(at: answer) }
    }

    func didComplete<T>(
        urlRequest: URLRequest,
        urlSession: URLSessionProtocol,
        requestBuilder: RequestBuilder<T>,
        data: Data?,
        response: URLResponse?,
        result: Result<T, Error>
    ) {
        lock.lock()
        defer { lock.unlock() }
        underWay[requestBuilder.id] = nil
    }

    @discardableResult
    private func change(_ id: ObjectIdentifier, _ change: (inout Sending) -> Void) -> Sending {
        lock.lock()
        defer { lock.unlock() }
        var sending = underWay[id] ?? Sending()
        change(&sending)
        underWay[id] = sending
        return sending
    }
}
