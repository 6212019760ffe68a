import type { CircuitBreaker } from "../../runtime";
import { describeError, type Observability, withDeadline } from "../internal";
import { type TodoItem, todoKey, todoOfItem } from "./item";
import { listQuery, type PlainQuery, pageOf } from "./list-query";
import type { ListQuery, ListResult, ReadOptions, TodoReader } from "./store";
import type { Todo } from "./todo";

/** What is used of DAX's document client. */
export interface DaxClient {
  get(input: {
    readonly TableName: string;
    readonly Key: object;
  }): Promise<{ readonly Item?: object | undefined }>;
  query(input: PlainQuery): Promise<{
    readonly Items?: readonly object[] | undefined;
    readonly LastEvaluatedKey?: object | undefined;
  }>;
}

/** What the reader works with. */
export interface DaxTodoReaderConfig {
  readonly tableName: string;
  /** Connects to the cluster; called by {@link DaxTodoReader.warmUp}, or at the first read, and after a failed attempt. */
  readonly connect: () => Promise<DaxClient>;
  /** Answers what DAX cannot. */
  readonly database: TodoReader;
  readonly breaker: CircuitBreaker;
  /** Milliseconds after which DAX is given up and the database asked. */
  readonly timeoutMilliseconds: number;
  /** The same for the first read, which also waits for the client's code, TLS and the discovery of the nodes. */
  readonly firstTimeoutMilliseconds: number;
  /** Counts each read as `DaxRead` or `DaxFallback`, traces it, and logs why DAX is given up. */
  readonly observability: Pick<Observability, "count" | "logger" | "tracing">;
}

/** What DAX answered, if it did. */
type Cached<T> = { readonly failed: true } | { readonly failed: false; readonly value: T };

/**
 * Reads to-dos through DAX, and from the database when DAX fails, is slow, or must not be asked: a consistent read, which DAX
 * would only pass on. What this means for reads after a write is in docs/decisions/0008-dax-and-stale-reads.md.
 */
export class DaxTodoReader implements TodoReader {
  private client: Promise<DaxClient> | undefined;
  private first = true;

  constructor(private readonly config: DaxTodoReaderConfig) {}

  /** Begins to connect: called at start, the first read finds it done, or waits for less. */
  warmUp(): void {
    // What fails here, the first read tries again.
    this.connected().catch(() => undefined);
  }

  async get(owner: string, id: string, options: ReadOptions): Promise<Todo | undefined> {
    const { database, tableName } = this.config;
    if (options.consistent) return database.get(owner, id, options);
    const cached = await this.read("GetItem", async (dax) => {
      const { Item } = await dax.get({ TableName: tableName, Key: todoKey(owner, id) });
      return Item && todoOfItem(Item as TodoItem);
    });
    if (cached.failed) return database.get(owner, id, options);
    // DAX remembers what was not there, too: it is asked of the database whether that is still so.
    return cached.value ?? database.get(owner, id, { ...options, consistent: true });
  }

  async list(query: ListQuery, options: ReadOptions): Promise<ListResult> {
    const { database, tableName } = this.config;
    if (options.consistent) return database.list(query, options);
    const cached = await this.read("Query", async (dax) => {
      const { Items = [], LastEvaluatedKey } = await dax.query(listQuery(tableName, query));
      const todos = Items.map((item) => todoOfItem(item as TodoItem));
      return pageOf(todos, query.limit, LastEvaluatedKey !== undefined);
    });
    return cached.failed ? database.list(query, options) : cached.value;
  }

  private async read<T>(operation: string, ask: (dax: DaxClient) => Promise<T>): Promise<Cached<T>> {
    const { breaker, firstTimeoutMilliseconds, timeoutMilliseconds } = this.config;
    const { count, logger, tracing } = this.config.observability;
    if (!breaker.allows()) {
      count("DaxFallback");
      return { failed: true };
    }
    const { first } = this;
    this.first = false;
    const milliseconds = first ? firstTimeoutMilliseconds : timeoutMilliseconds;
    try {
      const value = await tracing.capture(
        "DAX",
        () => withDeadline(milliseconds, async () => ask(await this.connected())),
        () => ({ namespace: "aws", aws: { operation } }),
      );
      breaker.succeeded();
      count("DaxRead");
      return { failed: false, value };
    } catch (error) {
      // The first failure may be one of connecting late, which says nothing of the reads to come.
      if (!first && breaker.failed()) logger.warn("DAX is given up for now", { cause: describeError(error) });
      count("DaxFallback");
      return { failed: true };
    }
  }

  private connected(): Promise<DaxClient> {
    this.client ??= this.config.connect().catch((error: unknown) => {
      this.client = undefined;
      throw error;
    });
    return this.client;
  }
}
