import { InvalidEvent, readEvent } from "../../runtime";
import { isUuid } from "../internal";
import type { FailureReason, OrderEvent } from "./fulfilment";
import { events } from "./generated/events";

const BEGINNINGS = {
  "shop.order.placed.v1": events["shop.order.placed.v1"],
  "shop.order.cancelled.v1": events["shop.order.cancelled.v1"],
} as const;

/** Steps of a workflow that need no more than the event. */
const PLAIN = ["charge", "concludeApproval", "refund", "release", "ship"] as const;

/** What the function is asked: a step of a workflow, with the event that this began with, or something of a person. */
export type Input =
  | { readonly step: (typeof PLAIN)[number]; readonly event: OrderEvent }
  | { readonly step: "reserve"; readonly event: OrderEvent; readonly execution: string }
  | { readonly step: "requestApproval"; readonly event: OrderEvent; readonly token: string }
  | { readonly step: "giveUp"; readonly event: OrderEvent; readonly reason: FailureReason }
  | { readonly step: "approvals" }
  | {
      readonly step: "answerApproval";
      readonly orderId: string;
      readonly decision: "approved" | "rejected";
    };

/** What an input is instead of one that is understood. Quotes nothing of it. */
export class InvalidInput extends Error {
  override readonly name = "InvalidInput";
}

/** Reasons that a workflow gives up for. */
const REASONS = ["cancelled", "error"] as const;
const DECISIONS = ["approved", "rejected"] as const;

/** @throws InvalidInput naming what is wrong */
export function readInput(value: unknown): Input {
  const { step, event, execution, token, reason, orderId, decision } = Object(value) as Record<
    string,
    unknown
  >;
  switch (step) {
    case "approvals":
      return { step };
    case "answerApproval":
      if (typeof orderId !== "string" || !isUuid(orderId)) throw new InvalidInput("orderId must be a UUID");
      return { step, orderId, decision: oneOf("decision", decision, DECISIONS) };
    case "reserve":
      return { step, event: readOrderEvent(event), execution: text("execution", execution) };
    case "requestApproval":
      return { step, event: readOrderEvent(event), token: text("token", token) };
    case "giveUp":
      return { step, event: readOrderEvent(event), reason: oneOf("reason", reason, REASONS) };
    default:
      return {
        step: oneOf("step", step, PLAIN, "reserve, requestApproval, giveUp, approvals, answerApproval"),
        event: readOrderEvent(event),
      };
  }
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
