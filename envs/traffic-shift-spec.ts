import * as z from "zod";
import { wholeNumber } from "./fields";

/** Most minutes from the first step to the last: https://docs.aws.amazon.com/codedeploy/latest/userguide/limits.html */
export const MAXIMUM_MINUTES = 2880;

/** How new versions of a function take over. An alarm of the function meanwhile sends all calls back to the version before. */
export const trafficShift = z.discriminatedUnion(
  "kind",
  [
    z.strictObject({
      /** A share of the calls first, the rest when the time is up. */
      kind: z.literal("canary"),
      /** Percent of the calls at first. */
      percent: wholeNumber(1, 99),
      /** Minutes until the rest follows. */
      minutes: wholeNumber(1, MAXIMUM_MINUTES),
    }),
    z.strictObject({
      /** A share more each time. */
      kind: z.literal("linear"),
      /** Percent of the calls in each step. */
      percent: wholeNumber(1, 50),
      /** Minutes from each step to the next; two days at most for all. */
      minutes: wholeNumber(1, MAXIMUM_MINUTES),
    }),
  ],
  { error: 'must be one of "canary", "linear"' },
);
