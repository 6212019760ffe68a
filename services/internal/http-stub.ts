import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as it came. */
export interface StubRequest {
  readonly method: string;
  /** Path with its query. */
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** What is answered: a status with headers and body; nothing, for ever; or the end of the connection. */
export type StubAnswer =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }
  | "hang"
  /** Sends headers and the beginning of a body, and no more. */
  | "hang in the body"
  | "hang up";

/** For tests: an HTTP server on loopback that keeps its requests and answers as it is told. */
export interface HttpStub {
  readonly url: string;
  readonly requests: StubRequest[];
  /** Connections that were opened. */
  connections: number;
  /** Requests that are open now, and the most that ever were. */
  readonly open: { now: number; most: number };
  close(): Promise<void>;
}

/** @param answer given each request and its number, from 1 */
export async function startHttpStub(
  answer: (request: StubRequest, number: number) => StubAnswer,
): Promise<HttpStub> {
  const server = createServer(async (incoming, outgoing) => {
    stub.open.now += 1;
    stub.open.most = Math.max(stub.open.most, stub.open.now);
    outgoing.once("close", () => {
      stub.open.now -= 1;
    });
    const request = {
      method: incoming.method ?? "",
      url: incoming.url ?? "",
      headers: incoming.headers,
      body: await text(incoming),
    };
    stub.requests.push(request);
    send(answer(request, stub.requests.length), outgoing);
  });
  server.on("connection", () => {
    stub.connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const stub: HttpStub = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: [],
    connections: 0,
    open: { now: 0, most: 0 },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return stub;
}

function send(answer: StubAnswer, outgoing: ServerResponse): void {
  if (answer === "hang") return;
  if (answer === "hang up") return void outgoing.destroy();
  if (answer === "hang in the body") {
    outgoing.writeHead(200, { "Content-Length": "100" });
    outgoing.write("{");
    return;
  }
  outgoing.writeHead(answer.status, answer.headers);
  outgoing.end(answer.body);
}

async function text(incoming: IncomingMessage): Promise<string> {
  let all = "";
  for await (const chunk of incoming.setEncoding("utf8")) all += chunk;
  return all;
}
