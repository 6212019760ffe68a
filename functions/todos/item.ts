import { type Todo, type TodoPriority, type TodoStatus, todoOf } from "./todo";

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

/**
 * A to-do as the table holds it, in JavaScript's terms. `dueAt` is absent when there is none, `priority` when the to-do is older than
 * priorities are.
 */
export type TodoItem = ItemKey &
  Omit<Todo, "id" | "dueAt" | "priority"> & {
    readonly statusSk: string;
    readonly dueAt?: string;
    readonly priority?: TodoPriority;
  };

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
  return todoOf(known, { ...item, priority: item.priority ?? "normal", dueAt: item.dueAt ?? null });
}
