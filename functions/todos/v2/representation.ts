import type { components } from "../generated/v2/types";
import type { Todo, TodoInput, TodoPriority, TodoStatus } from "../todo";

type Schemas = components["schemas"];

/** A to-do as version 2 shows it: what there is none of is absent. */
export function shownTodo(todo: Todo): Schemas["Todo"] {
  const { id, title, note, status, priority, dueAt, attachments, version, createdAt, updatedAt } = todo;
  return {
    id,
    title,
    ...(note !== "" && { note }),
    status,
    priority,
    ...(dueAt !== null && { dueAt }),
    attachments: [...attachments],
    version,
    createdAt,
    updatedAt,
  };
}

/** What a client says of a new to-do, its defaults filled in. */
export type SaidInput = Schemas["TodoInput"] & {
  readonly status: TodoStatus;
  readonly priority: TodoPriority;
  readonly attachments: string[];
};

/** A new to-do in the service's terms. */
export function inputOf({ note, dueAt, ...rest }: SaidInput): TodoInput {
  return { ...rest, note: note ?? "", dueAt: dueAt ?? null };
}

/** What a merge patch changes, in the service's terms: `null` is no note, or no due date. */
export function changesOf({ note, ...rest }: Schemas["TodoPatch"]): Partial<TodoInput> {
  return { ...rest, ...(note !== undefined && { note: note ?? "" }) };
}
