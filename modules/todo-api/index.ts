/**
 * The to-do back end: a DynamoDB table with a partition for each user, and the REST API with its function before it. Several
 * versions of the API can stand side by side on one table, below one domain.
 *
 * @module
 */
export { ApiDomain, type ApiDomainConfig } from "../internal/rest-api";
export type { CapacityRange } from "../internal/table";
export { TodoApi, type TodoApiConfig } from "./todo-api";
export { TodoTable, type TodoTableConfig } from "./todo-table";
