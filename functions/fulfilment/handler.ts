import type { Context } from "aws-lambda";
import { readTrace } from "../../runtime";
import { describeError, type Observability, withDeadline } from "../internal";
import { type Input, InvalidInput, readInput } from "./input";
import type { StepAnswer, Steps } from "./steps";

/** What the handler works with. */
export interface FulfilmentHandlerConfig {
  readonly steps: Steps;
  readonly observability: Observability;
}

/** Kept before the function's own timeout, to answer in. */
const MARGIN_MILLISECONDS = 500;

/** Metrics of outcomes that tell of orders; each is counted as often as a step has come to it, again after a lost answer. */
const METRICS: Readonly<Record<string, string>> = {
  "ship shipped": "OrderShipped",
  "giveUp failed": "OrderFailed",
  "giveUp shipped": "OrderShippedBefore",
  "requestApproval asked": "ApprovalAsked",
  "reserve elsewhere": "OrderElsewhere",
};

/**
 * Does one step. What is expected is an answer with an `outcome`; what is not is an error, whose message says nothing of the order, as
 * the workflow's history and Lambda's log show it.
 */
export function fulfilmentHandler({ steps, observability }: FulfilmentHandlerConfig) {
  return async (value: unknown, context: Context): Promise<StepAnswer> => {
    const { logger, count, publishMetrics, tracing } = observability;
    logger.addContext(context);
    const startedAt = performance.now();
    const milliseconds = () => Math.round(performance.now() - startedAt);
    let named: object = {};
    try {
      const input = readInput(value);
      named = namesOf(input);
      const left = Math.max(0, context.getRemainingTimeInMillis() - MARGIN_MILLISECONDS);
      const answer = await tracing.capture(
        input.step,
        () => withDeadline(left, (signal) => answerOf(steps.within(signal), input)),
        (answered) => ({ annotations: { ...named, ...(answered && { outcome: answered.outcome }) } }),
      );
      const metric = METRICS[`${input.step} ${answer.outcome}`];
      if (metric !== undefined) count(metric);
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
      return steps.approvals();
    case "answerApproval":
      return steps.answerApproval(input.orderId, input.decision);
    case "reserve":
      return steps.reserve(input.event, input.execution);
    case "requestApproval":
      return steps.requestApproval(input.event, input.token);
    case "giveUp":
      return steps.giveUp(input.event, input.reason);
    default:
      return steps[input.step](input.event);
  }
}

/** What of an input is logged: never the token, nor what was ordered. */
function namesOf(input: Input): Record<string, string> {
  if (input.step === "approvals") return { step: input.step };
  if (input.step === "answerApproval") return { step: input.step, orderId: input.orderId };
  const { subject, id, traceparent } = input.event;
  const header = (name: string) => (name === "traceparent" ? traceparent : undefined);
  const traceId = readTrace(header, Date.now()).id;
  return { step: input.step, orderId: subject, eventId: id, traceId };
}
