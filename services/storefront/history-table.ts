import { marshal, type PlainValue } from "../../runtime";
import { type DynamoDbStub, type StubAnswer, startDynamoDbStub } from "../../runtime/dynamodb-stub";

type Row = Readonly<Record<string, PlainValue>>;

/** For tests: stands for DynamoDB with the view's table, as far as the history reads it. */
export class HistoryTable {
  /** Rows by key: `<pk>/<sk>`. */
  readonly rows = new Map<string, Row>();
  /** What it does with the next calls. */
  behaviour: "answer" | "fail" | "hang" = "answer";
  private stub = undefined as unknown as DynamoDbStub;

  static async start(): Promise<HistoryTable> {
    const table = new HistoryTable();
    table.stub = await startDynamoDbStub(({ operation, body }) => table.answer(operation, body));
    return table;
  }

  get endpoint(): string {
    return this.stub.endpoint;
  }

  /** Calls for orders; the row of the generations is read now and then. */
  get calls() {
    return this.stub.calls.filter(({ body }) => body.Key?.pk.S !== "control");
  }

  put(pk: string, sk: string, row: Row): void {
    this.rows.set(`${pk}/${sk}`, { pk, sk, ...row });
  }

  close(): Promise<void> {
    return this.stub.close();
  }

  // biome-ignore lint/suspicious/noExplicitAny: a request as DynamoDB gets it.
  private answer(operation: string, body: any): StubAnswer {
    if (this.behaviour === "hang") return undefined;
    if (this.behaviour === "fail") return { status: 500, body: {} };
    if (operation === "GetItem") {
      const row = this.rows.get(`${body.Key.pk.S}/${body.Key.sk.S}`);
      return { status: 200, body: row ? { Item: marshal(row) } : {} };
    }
    const { ":pk": pk } = body.ExpressionAttributeValues;
    const after: string | undefined = body.ExclusiveStartKey?.sk.S;
    const own = [...this.rows.values()]
      .filter((row) => row["pk"] === pk.S && (after === undefined || String(row["sk"]) < after))
      .sort((left, right) => (String(left["sk"]) < String(right["sk"]) ? 1 : -1));
    const Items = own.slice(0, body.Limit).map((row) => marshal(row));
    return {
      status: 200,
      body: { Items, ...(own.length > Items.length && { LastEvaluatedKey: Items.at(-1) }) },
    };
  }
}
