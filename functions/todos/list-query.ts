import type { PlainValue } from "../../runtime";
import { STATUS_INDEX, statusSortKey, TODO_PREFIX, todoKey } from "./item";
import type { ListQuery, ListResult } from "./store";
import type { Todo } from "./todo";

/** A DynamoDB query with its values in JavaScript's terms, as DAX's document client takes it. */
export interface PlainQuery {
  readonly TableName: string;
  readonly IndexName?: string;
  readonly KeyConditionExpression: string;
  readonly ExpressionAttributeNames: Record<string, string>;
  readonly ExpressionAttributeValues: Record<string, PlainValue>;
  readonly ExclusiveStartKey?: Record<string, PlainValue>;
  readonly ScanIndexForward: false;
  readonly Limit: number;
}

/** The query of a list: newest first, and one more than asked for, which tells whether there are more. */
export function listQuery(tableName: string, { owner, status, limit, after }: ListQuery): PlainQuery {
  return {
    TableName: tableName,
    ...(status !== undefined && { IndexName: STATUS_INDEX }),
    KeyConditionExpression: "#owner = :owner AND begins_with(#sort, :prefix)",
    ExpressionAttributeNames: { "#owner": "owner", "#sort": status === undefined ? "sk" : "statusSk" },
    ExpressionAttributeValues: {
      ":owner": owner,
      ":prefix": status === undefined ? TODO_PREFIX : statusSortKey(status, ""),
    },
    ...(after !== undefined && {
      ExclusiveStartKey: {
        ...todoKey(owner, after),
        ...(status !== undefined && { statusSk: statusSortKey(status, after) }),
      },
    }),
    ScanIndexForward: false,
    Limit: limit + 1,
  };
}

/**
 * A page from a query that asked for one item more than the limit.
 *
 * @param cutOff DynamoDB stopped early, as it does after 1 MB
 */
export function pageOf(todos: readonly Todo[], limit: number, cutOff: boolean): ListResult {
  return { items: todos.slice(0, limit), more: todos.length > limit || cutOff };
}
