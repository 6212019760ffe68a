import { type DynamoDbStub, startDynamoDbStub } from "../../../runtime/dynamodb-stub";
import { openView } from "./dynamodb-view";
import type { ViewRow, ViewService } from "./view";

const before = { ...process.env };
let stub: DynamoDbStub;
let view: ViewService;

beforeAll(async () => {
  let leftOver = false;
  stub = await startDynamoDbStub(({ body }) => {
    const { Keys } = body.RequestItems["history"];
    // Once, it has no capacity for all.
    const most = leftOver ? 100 : 30;
    leftOver = true;
    // Every tenth order is not there.
    const there = Keys.slice(0, most).filter(({ sk }: { sk: { S: string } }) => !sk.S.endsWith("0"));
    return {
      status: 200,
      body: {
        Responses: { history: there.map((key: object) => ({ ...key, orderSequence: { N: "2" } })) },
        UnprocessedKeys: Keys.length > most ? { history: { Keys: Keys.slice(most) } } : {},
      },
    };
  });
  Object.assign(process.env, {
    ...{ AWS_ENDPOINT_URL: stub.endpoint, AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" },
  });
  view = await openView({ region: "eu-west-1", tableName: "history" });
});

afterAll(async () => {
  process.env = before;
  view.close();
  await stub.close();
});

test("counterparts of many rows are read at once, in their order, also what is left over", async () => {
  const rows = Array.from({ length: 250 }, (_, index): ViewRow => {
    const sequences = { order: 1, fulfilment: 0 };
    return { ...{ generation: 1, sequences, ends: false }, principal: "user", orderId: `order-${index}` };
  });
  const expected = rows.map(({ orderId, ...row }) =>
    orderId.endsWith("0")
      ? undefined
      : { ...row, orderId, generation: 2, sequences: { order: 2, fulfilment: 0 } },
  );
  expect(await view.counterparts(2, rows)).toEqual(expected);
  const asked = stub.calls.map(({ operation, body }) => [
    operation,
    body.RequestItems["history"].Keys.length,
  ]);
  expect(asked).toEqual([100, 70, 100, 50].map((keys) => ["BatchGetItem", keys]));
});
