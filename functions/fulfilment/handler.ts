import type { Context } from "aws-lambda";
import { readTrace } from "../../runtime";
import { describeError, type Observability, withDeadline } from "../internal";
import { type Input, InvalidInput, readInput } from "./input";
import type { Takes } from "./settings";
import type { ApprovalAgeAnswer, StepAnswer, Steps } from "./steps";

/** What the handler works with. */
export interface FulfilmentHandlerConfig {
  readonly steps: Steps;
  /** What the function is for; all else is refused. */
  readonly takes: Takes;
  readonly observability: Observability;
}

/** Kept before the function's own timeout, to answer in. */
const MARGIN_MILLISECONDS = 500;

/** Metrics of outcomes that tell of orders; each is counted as often as a step has come to it, again after a lost answer. */
const METRICS: Readonly<Record<string, string>> = {
  "ship shipped": "OrderShipped",
  "giveUp failed": "OrderFailed",
  // Given up for an error, it is shipped as any other: the answer of `ship` was lost.
  "giveUp shipped cancelled": "OrderShippedBefore",
  "requestApproval asked": "ApprovalAsked",
  "reserve elsewhere": "OrderElsewhere",
};

/**
 * Does one step. What is expected is an answer with an `outcome`; what is not is an error, whose message says nothing of the order, as
 * the workflow's history and Lambda's log show it.
 */
export function fulfilmentHandler({ steps, takes, observability }: FulfilmentHandlerConfig) {
  return async (value: unknown, context: Context): Promise<StepAnswer> => {
    const { logger, count, measure, publishMetrics, tracing } = observability;
    logger.addContext(context);
    const startedAt = performance.now();
    const milliseconds = () => Math.round(performance.now() - startedAt);
    let named: object = {};
    try {
      const input = readInput(value, takes);
      named = namesOf(input);
      const left = Math.max(0, context.getRemainingTimeInMillis() - MARGIN_MILLISECONDS);
      const answer = await tracing.capture(
        input.step,
        () => withDeadline(left, (signal) => answerOf(steps.within(signal), input)),
        (answered) => ({ annotations: { ...named, ...(answered && { outcome: answered.outcome }) } }),
      );
      const metric = metricOf(input, answer);
      if (metric !== undefined) count(metric);
      if (isAge(answer)) measure("ApprovalAge", answer.milliseconds);
      logger.info("step", { ...named, outcome: answer.outcome, milliseconds: milliseconds() });
      return answer;
    } catch (error) {
      count("StepFailed");
      if (error instanceof InvalidInput) {
        logger.error("step", { ...named, outcome: "refused", reason: error.message });
        throw error;
      }
      const cause = describeError(error);
      logger.error("step", { ...named, outcome: "error", cause, milliseconds: milliseconds() });
      throw new Error(`the step failed: ${cause.name}`);
    } finally {
      publishMetrics();
      await tracing.flush();
    }
  };
}

function answerOf(steps: Steps, input: Input): Promise<StepAnswer> {
  switch (input.step) {
    case "approvals":
      return steps.approvals(input.from);
    case "approvalAge":
      return steps.approvalAge();
    case "order":
      return steps.order(input.orderId);
    case "answerApproval":
      return steps.answerApproval(input.orderId, input.decision);
    case "reserve":
      return steps.reserve(input.event, input.execution);
    case "requestApproval":
      return steps.requestApproval(input.event, input.token);
    case "giveUp":
      return steps.giveUp(input.event, input.reason, input.execution);
    default:
      return steps[input.step](input.event);
  }
}

function metricOf(input: Input, { outcome }: StepAnswer): string | undefined {
  const came = `${input.step} ${outcome}`;
  return METRICS[came] ?? ("reason" in input ? METRICS[`${came} ${input.reason}`] : undefined);
}

function isAge(answer: StepAnswer): answer is ApprovalAgeAnswer {
  return answer.outcome === "measured";
}

/** What of an input is logged: never the token, nor what was ordered. */
function namesOf(input: Input): Record<string, string> {
  if ("orderId" in input) return { step: input.step, orderId: input.orderId };
  if (!("event" in input)) return { step: input.step };
  const { subject, id, traceparent } = input.event;
  const header = (name: string) => (name === "traceparent" ? traceparent : undefined);
  const traceId = readTrace(header, Date.now()).id;
  return { step: input.step, orderId: subject, eventId: id, traceId };
}
