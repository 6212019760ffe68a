/** What may be logged of an error. */
export interface ErrorDescription {
  /** Class or AWS error code, e.g. `AccessDeniedException`. */
  readonly name: string;
  /** Code of the system or of a client, e.g. `ECONNREFUSED`; not one with anything but letters, digits, `_` and `.` in it. */
  readonly code?: string;
  /** Where it was thrown: frames alone. */
  readonly frames: readonly string[];
  /** Request id at the AWS service. */
  readonly serviceRequestId?: string;
  /** HTTP status of the AWS service. */
  readonly serviceStatus?: number;
  /** Attempts that the AWS client made. */
  readonly attempts?: number;
}

interface ServiceMetadata {
  readonly requestId?: string;
  readonly httpStatusCode?: number;
  readonly attempts?: number;
}

/**
 * Describes an unknown error for the log without its message: that of a service or of a parser may quote what a user wrote.
 */
export function describeError(error: unknown): ErrorDescription {
  if (!(error instanceof Error)) return { name: typeof error, frames: [] };
  const { requestId, httpStatusCode, attempts } =
    (error as { $metadata?: ServiceMetadata }).$metadata ?? ({} as ServiceMetadata);
  const { code } = error as { code?: unknown };
  return {
    name: error.name,
    ...(typeof code === "string" && /^[\w.]+$/.test(code) && { code }),
    frames: (error.stack ?? "")
      .split("\n")
      .filter((line) => /^\s+at /.test(line))
      .map((line) => line.trim()),
    ...(requestId !== undefined && { serviceRequestId: requestId }),
    ...(httpStatusCode !== undefined && { serviceStatus: httpStatusCode }),
    ...(attempts !== undefined && { attempts }),
  };
}
