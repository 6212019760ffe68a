/**
 * A DynamoDB table as every module wants it: encrypted with the customer's key, restorable to any second of the last days, on
 * demand or scaled between two bounds, with alarms on what it refuses and on DynamoDB's own errors.
 *
 * @module
 */
export type { CapacityRange } from "./auto-scaling";
export type { GlobalIndex, LocalIndex, TableConfig } from "./config";
export { Table } from "./table";
