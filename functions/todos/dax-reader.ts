import { withDeadline } from "../internal";
import type { CircuitBreaker } from "./circuit-breaker";
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
  /** Connects to the cluster; called at the first read and after a failed attempt. */
  readonly connect: () => Promise<DaxClient>;
  /** Answers what DAX cannot. */
  readonly database: TodoReader;
  readonly breaker: CircuitBreaker;
  /** Milliseconds after which DAX is given up and the database asked. */
  readonly timeoutMilliseconds: number;
  /** Counts a read by its metric. */
  readonly count: (metric: "DaxRead" | "DaxFallback") => void;
}

/**
 * Reads to-dos through DAX, and from the database when DAX fails, is slow, or must not be asked: a consistent read, which DAX
 * would only pass on. What this means for reads after a write is in docs/decisions/0008-dax-and-stale-reads.md.
 */
export class DaxTodoReader implements TodoReader {
  private client: Promise<DaxClient> | undefined;

  constructor(private readonly config: DaxTodoReaderConfig) {}

  async get(owner: string, id: string, options: ReadOptions): Promise<Todo | undefined> {
    const { database, tableName } = this.config;
    const ask = () => database.get(owner, id, options);
    if (options.consistent) return ask();
    return this.read(async (dax) => {
      const { Item } = await dax.get({ TableName: tableName, Key: todoKey(owner, id) });
      return Item && todoOfItem(Item as TodoItem);
    }, ask);
  }

  async list(query: ListQuery, options: ReadOptions): Promise<ListResult> {
    const { database, tableName } = this.config;
    const ask = () => database.list(query, options);
    if (options.consistent) return ask();
    return this.read(async (dax) => {
      const { Items = [], LastEvaluatedKey } = await dax.query(listQuery(tableName, query));
      const todos = Items.map((item) => todoOfItem(item as TodoItem));
      return pageOf(todos, query.limit, LastEvaluatedKey !== undefined);
    }, ask);
  }

  private async read<T>(cached: (dax: DaxClient) => Promise<T>, database: () => Promise<T>): Promise<T> {
    const { breaker, count, timeoutMilliseconds } = this.config;
    if (!breaker.allows()) {
      count("DaxFallback");
      return database();
    }
    let result: T;
    try {
      result = await withDeadline(timeoutMilliseconds, async () => cached(await this.connected()));
    } catch {
      breaker.failed();
      count("DaxFallback");
      return database();
    }
    breaker.succeeded();
    count("DaxRead");
    // DAX remembers what was not there, too: it is asked of the database whether that is still so.
    return result ?? database();
  }

  private connected(): Promise<DaxClient> {
    this.client ??= this.config.connect().catch((error: unknown) => {
      this.client = undefined;
      throw error;
    });
    return this.client;
  }
}
