import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { type Todo, type TodoStatus, todoOf } from "./todo";

/** Name of the index by status: owner and `statusSk`. */
export const STATUS_INDEX = "byStatus";

/** Key of an item of the table. */
export interface ItemKey {
  /** Partition key: subject of the user's token. */
  readonly owner: string;
  /** Sort key: what the item is, and its id. */
  readonly sk: string;
}

/** Sort keys of all to-dos begin with it. */
export const TODO_PREFIX = "todo#";

/** A to-do as the table holds it, in JavaScript's terms. `dueAt` is absent when there is none. */
export type TodoItem = ItemKey &
  Omit<Todo, "id" | "dueAt"> & { readonly statusSk: string; readonly dueAt?: string };

/** Key of a to-do. */
export function todoKey(owner: string, id: string): ItemKey {
  return { owner, sk: `${TODO_PREFIX}${id}` };
}

/** Key of the record of a request, by the hash of its idempotency key. */
export function requestKey(owner: string, keyHash: string): ItemKey {
  return { owner, sk: `request#${keyHash}` };
}

/** Sort key within the index by status. */
export function statusSortKey(status: TodoStatus, id: string): string {
  return `${status}#${id}`;
}

/** The item of a to-do. */
export function itemOf(owner: string, { id, dueAt, ...rest }: Todo): TodoItem {
  return {
    ...todoKey(owner, id),
    statusSk: statusSortKey(rest.status, id),
    ...rest,
    ...(dueAt !== null && { dueAt }),
  };
}

/** The to-do of an item. */
export function todoOfItem(item: TodoItem): Todo {
  const known = { ...item, id: item.sk.slice(TODO_PREFIX.length) };
  return todoOf(known, { ...item, dueAt: item.dueAt ?? null });
}

/** What attributes of this table hold. */
export type PlainValue = string | number | readonly string[];

/** Writes an item in DynamoDB's terms. Only what this table holds: text, numbers and lists of text. */
export function marshal(item: Readonly<Record<string, PlainValue>>): Record<string, AttributeValue> {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, attributeOf(value)]));
}

/** Reads an item in DynamoDB's terms. */
export function unmarshal(item: Readonly<Record<string, AttributeValue>>): Record<string, PlainValue> {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, plainOf(name, value)]));
}

function attributeOf(value: PlainValue): AttributeValue {
  if (typeof value === "string") return { S: value };
  if (typeof value === "number") return { N: String(value) };
  return { L: value.map((text) => ({ S: text })) };
}

function plainOf(name: string, value: AttributeValue): PlainValue {
  if (value.S !== undefined) return value.S;
  if (value.N !== undefined) return Number(value.N);
  if (value.L !== undefined) return value.L.map((entry) => entry.S ?? "");
  throw new Error(`attribute ${name} is of type ${Object.keys(value)[0]}, which this table does not hold`);
}
