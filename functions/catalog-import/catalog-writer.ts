import {
  type AttributeValue,
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import { marshal, type Product, productItem, productOf, productOfItem } from "../../runtime";
import { Pace, type PaceConfig } from "./pace";
import type { ProductRow } from "./product-row";

/** Most products that DynamoDB reads at once. */
export const ROWS_AT_ONCE = 100;
/** Writes of these that are under way at once, as far as the database takes so many. */
const WRITES_AT_ONCE = 32;
/** How often a product that others write is tried. */
const ATTEMPTS = 5;

/**
 * What became of a row. `newer`: the product was changed after the file was put, and stays as it is. `contended`: others kept writing it.
 */
export type RowOutcome = "added" | "changed" | "unchanged" | "newer" | "contended";

/** What the writer works with. */
export interface CatalogWriterConfig extends PaceConfig {
  readonly client: DynamoDBClient;
  readonly tableName: string;
}

type Item = Record<string, AttributeValue>;

/**
 * Writes rows to the table of the products, each in one conditional step, so that none undoes what was written meanwhile. The time of
 * a change is when its file was put: whichever order files, and edits by the API, arrive in, the last one stays.
 *
 * While the table is throttled or away, it goes on ever slower, until the signal ends it.
 */
export class CatalogWriter {
  /** Of all that is written at once. */
  private readonly pace: Pace;

  constructor(private readonly config: CatalogWriterConfig) {
    this.pace = new Pace(config);
  }

  /**
   * @param rows at most `ROWS_AT_ONCE`, each of another product
   * @param putAt when their file was put, ISO 8601 in milliseconds
   * @returns what became of each, in their order
   * @throws the client's errors that trying again does not help against, once nothing is under way any more; what was written stays, and
   *   doing all of it again changes nothing of it
   */
  async write(
    rows: readonly ProductRow[],
    putAt: string,
    signal: AbortSignal,
  ): Promise<readonly RowOutcome[]> {
    const current = await this.read(
      rows.map(({ id }) => id),
      signal,
    );
    const outcomes = new Array<RowOutcome>(rows.length);
    const turns = rows.entries();
    const failures: unknown[] = [];
    const work = async () => {
      for (const [index, row] of turns) {
        if (failures.length > 0) return;
        outcomes[index] = await this.writeOne(row, current.get(row.id), putAt, signal);
      }
    };
    const fail = (error: unknown) => void failures.push(error);
    await Promise.all(Array.from({ length: WRITES_AT_ONCE }, () => work().catch(fail)));
    if (failures.length > 0) throw failures[0];
    return outcomes;
  }

  private async read(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, Product>> {
    const { client, tableName, pause } = this.config;
    const found = new Map<string, Product>();
    let keys: Item[] = ids.map((id) => marshal({ id }));
    for (let attempt = 1; keys.length > 0; attempt++) {
      // DynamoDB leaves keys over when it is throttled, and after 16 MB. The deadline ends it.
      if (attempt > 1) await pause(attempt - 1, signal);
      const command = new BatchGetItemCommand({
        RequestItems: { [tableName]: { Keys: keys, ConsistentRead: true } },
      });
      const { Responses, UnprocessedKeys } = await this.pace.run(
        () => client.send(command, { abortSignal: signal }),
        signal,
      );
      for (const product of (Responses?.[tableName] ?? []).map(productOfItem)) found.set(product.id, product);
      keys = UnprocessedKeys?.[tableName]?.Keys ?? [];
    }
    return found;
  }

  private async writeOne(
    { id, input }: ProductRow,
    known: Product | undefined,
    putAt: string,
    signal: AbortSignal,
  ): Promise<RowOutcome> {
    let current = known;
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      if (attempt > 1) await this.config.pause(attempt - 1, signal);
      const product = productOf({ id, version: (current?.version ?? 0) + 1, updatedAt: putAt }, input);
      if (current && isSame(current, product)) return "unchanged";
      if (current && current.updatedAt > putAt) return "newer";
      const refusedBy = await this.put(product, current?.version, signal);
      // What is there may be of an attempt whose answer was lost.
      if (!refusedBy || isWrite(product, refusedBy.product)) return current ? "changed" : "added";
      current = refusedBy.product;
    }
    return "contended";
  }

  /** @returns nothing once written; else what is there instead */
  private async put(
    product: Product,
    version: number | undefined,
    signal: AbortSignal,
  ): Promise<{ readonly product: Product | undefined } | undefined> {
    const { client, tableName } = this.config;
    const condition =
      version === undefined
        ? { ConditionExpression: "attribute_not_exists(#id)", ExpressionAttributeNames: { "#id": "id" } }
        : {
            ConditionExpression: "#version = :version",
            ExpressionAttributeNames: { "#version": "version" },
            ExpressionAttributeValues: marshal({ ":version": version }),
          };
    const command = new PutItemCommand({
      TableName: tableName,
      Item: productItem(product),
      ...condition,
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    });
    try {
      await this.pace.run(() => client.send(command, { abortSignal: signal }), signal);
      return undefined;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return { product: error.Item && productOfItem(error.Item) };
    }
  }
}

function isWrite(product: Product, there: Product | undefined): boolean {
  return JSON.stringify(product) === JSON.stringify(there);
}

/** The same but for its version and time. */
function isSame(one: Product, other: Product): boolean {
  return JSON.stringify(productOf(one, one)) === JSON.stringify(productOf(one, other));
}
