import * as z from "zod";
import { containerService } from "./container-spec";
import { wholeNumber } from "./fields";

/** Messages between the services: how the events of orders are published, and what is made of them. docs/events.md tells the whole. */
export const events = z.strictObject({
  /** Tasks that publish the events: one does, the others stand by. Each has three connections of the database. */
  relay: containerService,
  /** Stream of the events of orders, in order for each order. */
  stream: z.strictObject({
    /** Shards, each of which takes 1 MB and 1000 events in a second; or `on-demand`, where AWS finds how many. */
    shards: z.custom<number | "on-demand">(
      (value) => value === "on-demand" || wholeNumber(1, 500).safeParse(value).success,
      { error: 'must be "on-demand" or a whole number from 1 to 500' },
    ),
    /** Hours that an event is kept for consumers that could not handle it, 24 to 8760. @default 168, a week */
    retentionHours: wholeNumber(24, 8760).default(168),
  }),
  /** Days that the archive keeps every event: the view of orders can be built anew as far back. @default 365 */
  archiveDays: wholeNumber(1, 3650).default(365),
  /** View of the users' orders, which the storefront reads. @default none */
  history: z
    .strictObject({
      /** Invocations of the projector at once: one for each shard (4 of `on-demand`) and 2 for each of two queues, and 6 at least. @default 10 */
      reservedConcurrency: wholeNumber(6, 10_000).default(10),
      /** Days that the table can be restored to any second of, 1 to 35. @default 35 */
      pointInTimeRecoveryDays: wholeNumber(1, 35).default(35),
    })
    .optional(),
  /** Bucket for CSV files of products. @default none */
  catalogImport: z
    .strictObject({
      /** Files that are imported at once: 2 at least. @default 2 */
      reservedConcurrency: wholeNumber(2, 1000).default(2),
      /** Days that files and their results are kept, 1 to 3650. @default 90 */
      retentionDays: wholeNumber(1, 3650).default(90),
    })
    .optional(),
  /** Workflows that reserve, charge and ship orders, and give back what cancelled ones hold. @default none */
  fulfilment: z
    .strictObject({
      /** What a user may owe in one currency, in its smallest unit. */
      creditLimitCents: wholeNumber(0, 999_999_999_999),
      /** Orders with a total above it wait until a person approves them, in the currency's smallest unit. */
      approvalAboveCents: wholeNumber(0, 999_999_999_999),
      /**
       * Seconds that an order may wait for approval, 60 to 2592000. The alarm at half of that is measured every five minutes: below 1800 it may come
       * late, or not at all. @default 259200, three days
       */
      approvalSeconds: wholeNumber(60, 2_592_000).default(259_200),
      /** Steps at once: 2 at least. @default 20 */
      reservedConcurrency: wholeNumber(2, 10_000).default(20),
      /** Days that the table can be restored to any second of, 1 to 35. @default 35 */
      pointInTimeRecoveryDays: wholeNumber(1, 35).default(35),
    })
    .optional(),
  /** What users are told of their orders. @default none */
  notifications: z
    .strictObject({
      /** Days that a notification is kept, 1 to 3650. @default 90 */
      retentionDays: wholeNumber(1, 3650).default(90),
      /** Batches of messages at once: 2 at least. @default 5 */
      reservedConcurrency: wholeNumber(2, 10_000).default(5),
      /** Days that the table can be restored to any second of, 1 to 35. @default 35 */
      pointInTimeRecoveryDays: wholeNumber(1, 35).default(35),
    })
    .optional(),
});
