import type { components } from "../generated/v1/types";
import type { Todo, TodoInput } from "../todo";

/** A to-do as version 1 shows it: priorities are younger than it is. */
export function shownTodo({ priority: _younger, attachments, ...todo }: Todo): components["schemas"]["Todo"] {
  return { ...todo, attachments: [...attachments] };
}

/**
 * What a client says in version 1, its defaults filled in. It is the whole to-do but for what is younger: when it replaces one, the
 * priority stays.
 */
export type WholeInput = Omit<TodoInput, "priority">;
