/**
 * One place to see a system in: a dashboard, saved questions to the logs, errors counted in them, traces, and alarms that are told once. It
 * takes what is deployed as data; envs/observability.ts gathers that from the stack.
 *
 * @module
 */
export type { CodeLogs, ObservedAlarm, Symptom } from "./config";
export type { ObservedPart, PartKind } from "./parts";
export { SystemObservability } from "./system-observability";
