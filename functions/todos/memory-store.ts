import { pageOf } from "./list-query";
import type {
  Change,
  ChangeResult,
  CreateResult,
  IdempotentRequest,
  ListQuery,
  ListResult,
  ReadOptions,
  TodoReader,
  TodoWriter,
} from "./store";
import { type Todo, type TodoInput, todoOf } from "./todo";

/** For tests: a store in memory that keeps to the interface, and remembers how it was read. */
export class MemoryTodoStore implements TodoReader, TodoWriter {
  /** Whether each read so far was consistent. */
  readonly reads: boolean[] = [];
  private readonly todos = new Map<string, Todo>();
  private readonly requests = new Map<string, { readonly id: string; readonly inputHash: string }>();

  async get(owner: string, id: string, { consistent }: ReadOptions): Promise<Todo | undefined> {
    this.reads.push(consistent);
    return this.todos.get(key(owner, id));
  }

  async list({ owner, status, limit, after }: ListQuery, { consistent }: ReadOptions): Promise<ListResult> {
    this.reads.push(consistent);
    const found = [...this.todos]
      .filter(([at]) => at.startsWith(`${owner}/`))
      .map(([, todo]) => todo)
      .filter((todo) => status === undefined || todo.status === status)
      .sort((a, b) => (a.id < b.id ? 1 : -1))
      .filter((todo) => after === undefined || todo.id < after);
    return pageOf(found, limit, false);
  }

  async create(
    owner: string,
    todo: Todo,
    _signal: AbortSignal,
    request?: IdempotentRequest,
  ): Promise<CreateResult> {
    if (request) {
      const known = this.requests.get(key(owner, request.keyHash));
      if (known) {
        if (known.inputHash !== request.inputHash) return { outcome: "otherRequest" };
        return { outcome: "repeated", id: known.id };
      }
      this.requests.set(key(owner, request.keyHash), { id: todo.id, inputHash: request.inputHash });
    }
    this.todos.set(key(owner, todo.id), todo);
    return { outcome: "created" };
  }

  async update(change: Change, fields: Partial<TodoInput>, updatedAt: string): Promise<ChangeResult<Todo>> {
    return this.change(change, (current) => {
      const todo = todoOf({ ...current, version: current.version + 1, updatedAt }, { ...current, ...fields });
      this.todos.set(key(change.owner, change.id), todo);
      return todo;
    });
  }

  async remove(change: Change): Promise<ChangeResult<undefined>> {
    return this.change(change, () => {
      this.todos.delete(key(change.owner, change.id));
      return undefined;
    });
  }

  private change<T>({ owner, id, expected }: Change, apply: (current: Todo) => T): ChangeResult<T> {
    const current = this.todos.get(key(owner, id));
    if (!current) return { outcome: "missing" };
    if (expected !== "any" && !expected.includes(current.version)) {
      return { outcome: "conflict", version: current.version };
    }
    return { outcome: "done", value: apply(current) };
  }
}

function key(owner: string, name: string): string {
  return `${owner}/${name}`;
}
