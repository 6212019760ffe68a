import * as z from "zod";
import { wholeNumber } from "./fields";

/** How an environment is observed. modules/observability says more of each field. */
export const observability = z.strictObject({
  /** `none`: the account is an emulator that keeps no queries of Logs Insights. @default "saved" */
  queries: z.enum(["saved", "none"]).default("saved"),
  /** How many requests X-Ray records. @default X-Ray's own rule: one a second, and five percent of the others */
  traces: z
    .strictObject({
      /** Requests in each second that are traced, for each API. */
      requestsPerSecond: wholeNumber(0, 1000),
      /** Percent of the others that are traced. */
      percent: z.number().min(0).max(100),
    })
    .exactOptional(),
});

/** A checked section, its defaults filled in. */
export type ObservabilitySpec = z.output<typeof observability>;
