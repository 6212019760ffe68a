/** Something to do about one order. */
interface OrderRequest {
  /** Id of the order. */
  readonly order: string;
  /** Whether it is only said what would be done. */
  readonly dryRun: boolean;
}

/** That an order is approved or rejected. */
export interface DecisionRequest extends OrderRequest {
  readonly what: "approve" | "reject";
}

/** That another execution goes on with an order. */
export interface ResumeRequest extends OrderRequest {
  readonly what: "resume";
}

/** What is asked for. */
export type Request = { readonly what: "approvals" } | DecisionRequest | ResumeRequest;

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
  /** All of them, oldest first: by when their approval was asked for. */
  readonly approvals: readonly Approval[];
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

/** How an order was taken up again: printed as it is with `--json`. */
export interface Resumption {
  readonly environment: string;
  readonly order: string;
  /** `would-resume`: nothing was started. */
  readonly action: "resumed" | "would-resume";
  /** ARN of the execution that has come to no good end. */
  readonly from: string;
  /** How that has ended. */
  readonly fromStatus: string;
  /** ARN of the execution that goes on with the order. Absent where nothing was started. */
  readonly execution?: string;
}

/** What a request comes to. */
export type Result = Approvals | Decision | Resumption;
