import { InvalidEvent, readEvent } from "../../runtime";
import { isUuid } from "../internal";
import type { FailureReason, OrderEvent } from "./fulfilment";
import { events } from "./generated/events";
import type { Takes } from "./settings";

const BEGINNINGS = {
  "shop.order.placed.v1": events["shop.order.placed.v1"],
  "shop.order.cancelled.v1": events["shop.order.cancelled.v1"],
} as const;

/** Steps of a workflow that need no more than the event. */
const PLAIN = ["charge", "concludeApproval", "refund", "release", "ship"] as const;

/** What is asked about approvals and needs no more than that. */
const QUESTIONS = ["approvalAge"] as const;

/** A step of a workflow, with the event that this began with. */
type StepInput =
  | { readonly step: (typeof PLAIN)[number]; readonly event: OrderEvent }
  | { readonly step: "reserve"; readonly event: OrderEvent; readonly execution: string }
  | { readonly step: "requestApproval"; readonly event: OrderEvent; readonly token: string }
  | {
      readonly step: "giveUp";
      readonly event: OrderEvent;
      readonly reason: FailureReason;
      /** Absent when a cancellation gives up: it fulfils nothing. */
      readonly execution?: string;
    };

/** What people ask, and the clock. */
type ApprovalsInput =
  | { readonly step: (typeof QUESTIONS)[number] }
  | { readonly step: "approvals"; readonly from?: string }
  | { readonly step: "order"; readonly orderId: string }
  | {
      readonly step: "answerApproval";
      readonly orderId: string;
      readonly decision: "approved" | "rejected";
    };

/** What a function is asked. */
export type Input = StepInput | ApprovalsInput;

/** What an input is instead of one that is understood. Quotes nothing of it. */
export class InvalidInput extends Error {
  override readonly name = "InvalidInput";
}

/** Reasons that a workflow gives up for. */
const REASONS = ["cancelled", "error"] as const;
const DECISIONS = ["approved", "rejected"] as const;

/** Where a page of approvals begins: when the last of the page before was asked for, and its order. */
const FROM = /^\d{4}-\d\d-\d\dT[\d:.]{8,12}Z#[0-9a-f-]{36}$/;

/**
 * Reads what a function is asked. Each takes its own inputs alone: who may have an order approved may not have it shipped.
 *
 * @param takes what the function is for
 * @throws InvalidInput naming what is wrong
 */
export function readInput(value: unknown, takes: Takes): Input {
  const fields = Object(value) as Record<string, unknown>;
  return takes === "steps" ? readStep(fields) : readApprovals(fields);
}

function readStep({ step, event, execution, token, reason }: Record<string, unknown>): StepInput {
  switch (step) {
    case "reserve":
      return { step, event: readOrderEvent(event), execution: text("execution", execution) };
    case "requestApproval":
      return { step, event: readOrderEvent(event), token: text("token", token) };
    case "giveUp":
      return {
        ...{ step, event: readOrderEvent(event), reason: oneOf("reason", reason, REASONS) },
        ...(execution !== undefined && { execution: text("execution", execution) }),
      };
    default:
      return {
        step: oneOf("step", step, PLAIN, "reserve, requestApproval, giveUp"),
        event: readOrderEvent(event),
      };
  }
}

function readApprovals({ step, from, orderId, decision }: Record<string, unknown>): ApprovalsInput {
  switch (step) {
    case "approvals":
      if (from === undefined) return { step };
      if (typeof from === "string" && FROM.test(from)) return { step, from };
      throw new InvalidInput("from must be what the page before ends with");
    case "order":
      return { step, orderId: readOrderId(orderId) };
    case "answerApproval":
      return { step, orderId: readOrderId(orderId), decision: oneOf("decision", decision, DECISIONS) };
    default:
      return { step: oneOf("step", step, QUESTIONS, "approvals, order, answerApproval") };
  }
}

function readOrderId(value: unknown): string {
  if (typeof value === "string" && isUuid(value)) return value;
  throw new InvalidInput("orderId must be a UUID");
}

function readOrderEvent(event: unknown): OrderEvent {
  try {
    return readEvent(JSON.stringify(event ?? null), BEGINNINGS);
  } catch (error) {
    if (error instanceof InvalidEvent) throw new InvalidInput(`event: ${error.message}`);
    throw error;
  }
}

function text(name: string, value: unknown): string {
  if (typeof value === "string" && value !== "") return value;
  throw new InvalidInput(`${name} must be a text`);
}

function oneOf<const Value extends string>(
  name: string,
  value: unknown,
  values: readonly Value[],
  further?: string,
): Value {
  const found = values.find((each) => each === value);
  if (found !== undefined) return found;
  throw new InvalidInput(
    `${name} must be one of ${values.join(", ")}${further === undefined ? "" : `, ${further}`}`,
  );
}
