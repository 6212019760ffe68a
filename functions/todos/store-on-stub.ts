import { marshal, newUuidV7 } from "../../runtime";
import { type DynamoDbStub, type StubAnswer, startDynamoDbStub } from "../../runtime/dynamodb-stub";
import { Tracing } from "../internal";
import { dynamoDbClient } from "../internal/dynamodb-client";
import { DynamoDbTodoStore } from "./dynamodb-store";
import { itemOf } from "./item";
import { createdTodo, type TodoInput } from "./todo";

/** For tests: never aborted. */
export const { signal } = new AbortController();
/** For tests: what a client said. */
export const input: TodoInput = {
  title: "Buy milk",
  note: "fresh",
  status: "open",
  priority: "normal",
  dueAt: null,
  attachments: ["a.jpg"],
};
/** Id of the to-do that it became. */
export const id = newUuidV7(1_700_000_000_000, new Uint8Array(10));
/** The to-do that it became, of `user-1`. */
export const todo = createdTodo(id, input);
/** The item that holds it. */
export const item = marshal({ ...itemOf("user-1", todo) });

/** For tests: an answer of the stub's that is no error. */
export function ok(body: object): StubAnswer {
  return { status: 200, body };
}

/** For tests: makes stores whose database is a stub, each ended after its test. Call at the top of a test file. */
export function storesOnStubs() {
  let stub: DynamoDbStub | undefined;
  afterEach(async () => {
    await stub?.close();
    stub = undefined;
  });
  return async (answer: Parameters<typeof startDynamoDbStub>[0]) => {
    const started = await startDynamoDbStub(answer);
    stub = started;
    const client = dynamoDbClient(new Tracing({ environment: {} }), {
      endpoint: started.endpoint,
      region: "eu-west-1",
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
    });
    const store = new DynamoDbTodoStore({ client, tableName: "todos", pause: async () => undefined });
    return { store, calls: started.calls };
  };
}
