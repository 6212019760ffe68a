/**
 * What fulfils orders, but for the workflows themselves: the table of fulfilments and of the ledger, and the function that does the steps,
 * `functions/fulfilment`.
 *
 * The table's keys are `pk` and `sk`. `order#<id>` holds an order's record and its shipment, `account#<user>#<currency>` what a user owes and the
 * lines of the ledger, `approvals` the orders that wait for one, with the tokens of their workflows.
 *
 * @module
 */
export { Fulfilment, type FulfilmentConfig } from "./fulfilment";
