/**
 * What fulfils orders, but for the workflows themselves: the table of fulfilments and of the ledger, and `functions/fulfilment`, twice: as the
 * function that does the steps, and as the one for approvals, with fewer rights.
 *
 * The table's keys are `pk` and `sk`. `order#<id>` holds an order's record, its shipment and the token of the workflow that waits for its approval,
 * `account#<user>#<currency>` what a user owes and the lines of the ledger, `approvals` the orders that wait for one, oldest first.
 *
 * @module
 */
export { Fulfilment, type FulfilmentConfig } from "./fulfilment";
