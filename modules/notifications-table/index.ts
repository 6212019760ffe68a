/**
 * The DynamoDB table of the notifications of users, which functions/notifications writes from events. A partition holds those of one user, in
 * the order of time.
 *
 * @module
 */
export { NotificationsTable, type NotificationsTableConfig } from "./notifications-table";
