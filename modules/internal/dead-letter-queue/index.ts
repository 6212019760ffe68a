/**
 * Where messages and events go whose processing failed for good: kept encrypted for two weeks, and someone is told.
 *
 * @module
 */
export { DeadLetterQueue, type DeadLetterQueueConfig } from "./dead-letter-queue";
