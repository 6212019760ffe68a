import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** One call as DynamoDB would get it. */
export interface StubCall {
  /** E.g. `PutItem`. */
  readonly operation: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests reach into requests whose shape they assert.
  readonly body: any;
}

/** What the stub answers; nothing for a call that hangs. */
export type StubAnswer = { readonly status: number; readonly body: object } | undefined;

/** For tests: an HTTP server on loopback that keeps the calls of a DynamoDB client and answers as it is told. */
export interface DynamoDbStub {
  readonly endpoint: string;
  readonly calls: StubCall[];
  close(): Promise<void>;
}

/** @param answer given each call and its number, from 1 */
export async function startDynamoDbStub(
  answer: (call: StubCall, number: number) => StubAnswer,
): Promise<DynamoDbStub> {
  const calls: StubCall[] = [];
  const server = createServer(async (request, response) => {
    const operation = String(request.headers["x-amz-target"]).replace("DynamoDB_20120810.", "");
    const call = { operation, body: JSON.parse(await text(request)) };
    calls.push(call);
    const answered = answer(call, calls.length);
    if (!answered) return;
    response.writeHead(answered.status, { "Content-Type": "application/x-amz-json-1.0" });
    response.end(JSON.stringify(answered.body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** An error as DynamoDB writes it. @param fields further fields, e.g. `Item` */
export function stubError(code: string, fields: object = {}, status = 400): StubAnswer {
  return { status, body: { __type: `com.amazonaws.dynamodb.v20120810#${code}`, message: code, ...fields } };
}

async function text(request: IncomingMessage): Promise<string> {
  let all = "";
  for await (const chunk of request.setEncoding("utf8")) all += chunk;
  return all;
}
