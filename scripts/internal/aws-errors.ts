/**
 * What errors of AWS clients mean to a command's user.
 *
 * @module
 */

/** Names of errors by which AWS says that these credentials do not allow it. */
export const NOT_ALLOWED: ReadonlySet<string> = new Set(["AccessDenied", "AccessDeniedException"]);

/** Names of errors by which the SDK or AWS says that credentials are missing, have expired or are wrong. */
export const BAD_CREDENTIALS: ReadonlySet<string> = new Set([
  "CredentialsProviderError",
  "TokenProviderError",
  "ExpiredToken",
  "ExpiredTokenException",
  "RequestExpired",
  "InvalidClientTokenId",
  "UnrecognizedClientException",
  "InvalidAccessKeyId",
  "IncompleteSignature",
  "SignatureDoesNotMatch",
]);
