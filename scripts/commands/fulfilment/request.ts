/** What is asked for. */
export type Request =
  | { readonly what: "approvals" }
  | {
      readonly what: "approve" | "reject";
      /** Id of the order. */
      readonly order: string;
      /** Whether it is only said if the order waits. */
      readonly dryRun: boolean;
    };

/** An order that waits. */
export interface Approval {
  readonly orderId: string;
  /** Whose order it is: the subject of the user's token. */
  readonly principal: string;
  readonly totalCents: number;
  /** ISO 4217. */
  readonly currency: string;
  /** Since when, as an ISO time. */
  readonly askedAt: string;
}

/** The orders that wait: printed as it is with `--json`. */
export interface Approvals {
  readonly environment: string;
  /** Oldest first. */
  readonly approvals: readonly Approval[];
  /** Whether there are more than are shown. */
  readonly more: boolean;
}

/** What was decided: printed as it is with `--json`. */
export interface Decision {
  readonly environment: string;
  readonly order: string;
  /** `would-…`: nothing was sent. */
  readonly action: "approved" | "rejected" | "would-approve" | "would-reject";
  /** Whether the workflow was woken; where not, its next step finds the decision. Absent where nothing was sent. */
  readonly heard?: boolean;
}
