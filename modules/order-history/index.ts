/**
 * The DynamoDB table of the view of orders: what functions/order-history writes from events, and services/storefront reads.
 *
 * A partition holds the orders of one user in one generation of the view, in the order of their ids, which is that of time: a page of a
 * user's orders, newest first, is one query of one partition, without an index. A new generation is built beside the one that is
 * read (`scripts/rebuild-view`); one row, `control`, says which is which. Rows that nobody reads any more end by themselves.
 *
 * @module
 */
export { OrderHistory, type OrderHistoryConfig } from "./order-history";
