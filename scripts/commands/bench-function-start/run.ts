import { spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

/** What one start was like. */
export interface Sample {
  /** From the spawn of the process until it asks for its first invocation. */
  readonly startMilliseconds: number;
  /** From the spawn until the first answer. */
  readonly firstAnswerMilliseconds: number;
  /** CPU time of one call, once the function is warm. Absent when it was not asked for. */
  readonly cpuMicroseconds?: number;
}

const ID = "01890a5d-ac96-774b-bcce-b302099a8057";
const EVENT = {
  httpMethod: "GET",
  resource: "/todos/{id}",
  pathParameters: { id: ID },
  headers: { Authorization: "Bearer x" },
  requestContext: { requestId: "bench", authorizer: { claims: { sub: "user-1", token_use: "id" } } },
};
const ITEM = {
  owner: { S: "user-1" },
  sk: { S: `todo#${ID}` },
  statusSk: { S: `open#${ID}` },
  title: { S: "Buy milk" },
  note: { S: "Two litres, the fresh kind." },
  status: { S: "open" },
  attachments: { L: [] },
  version: { N: "1" },
  createdAt: { S: "2023-06-30T03:34:18.518Z" },
  updatedAt: { S: "2023-06-30T03:34:18.518Z" },
};
/** The optimising compiler is done by then. */
const WARM_UP_CALLS = 1500;
const MEASURED_CALLS = 500;

/** What a function finds in Lambda, on loopback: a DynamoDB that always has the to-do, and an X-Ray daemon. */
export class Surroundings {
  private constructor(
    private readonly database: Server,
    private readonly daemon: ReturnType<typeof createSocket>,
  ) {}

  static async start(): Promise<Surroundings> {
    const database = await listen((request, response) => {
      request.resume().on("end", () => {
        response.writeHead(200, { "Content-Type": "application/x-amz-json-1.0" });
        response.end(JSON.stringify({ Item: ITEM }));
      });
    });
    const daemon = createSocket("udp4");
    daemon.bind(0, "127.0.0.1");
    await once(daemon, "listening");
    return new Surroundings(database, daemon);
  }

  /** Environment of a function, as Lambda sets it. */
  variables(): Record<string, string> {
    return {
      PATH: process.env["PATH"] ?? "",
      TODOS_TABLE: "todos",
      API_VERSION: "v1",
      AWS_REGION: "eu-west-1",
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_ENDPOINT_URL_DYNAMODB: `http://127.0.0.1:${portOf(this.database)}`,
      AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${this.daemon.address().port}`,
      AWS_LAMBDA_FUNCTION_NAME: "bench",
      AWS_EXECUTION_ENV: "AWS_Lambda_nodejs20.x",
      LAMBDA_TASK_ROOT: __dirname,
      // The deployed runtime is Node.js 22, where the AWS client has nothing to warn of.
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    };
  }

  close(): void {
    this.database.close();
    this.database.closeAllConnections();
    this.daemon.close();
  }
}

/**
 * Starts a function in a process of its own and calls it once.
 *
 * @param file with the handler
 * @param warm calls it many more times, for `cpuMicroseconds`: some seconds
 * @throws Error with what the process wrote when it ends by itself
 */
export async function startOnce(file: string, surroundings: Surroundings, warm: boolean): Promise<Sample> {
  const invocations = [
    { event: EVENT },
    ...(warm ? [WARM_UP_CALLS, MEASURED_CALLS].map((calls) => ({ event: EVENT, calls })) : []),
  ];
  const asked: number[] = [];
  const answers: { readonly at: number; readonly body: unknown }[] = [];
  let finish: (() => void) | undefined;
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const runtime = await listen(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    if (request.method === "POST") {
      answers.push({ at: performance.now(), body: JSON.parse(text) });
      response.end();
      return;
    }
    asked.push(performance.now());
    const invocation = invocations[asked.length - 1];
    if (!invocation) {
      finish?.();
      return;
    }
    response.setHeader("Lambda-Runtime-Aws-Request-Id", String(asked.length));
    response.setHeader("Lambda-Runtime-Deadline-Ms", String(Date.now() + 60_000));
    response.setHeader(
      "Lambda-Runtime-Trace-Id",
      "Root=1-65e0abcd-000000000000000000000001;Parent=53995c3f42cd8ad8;Sampled=1",
    );
    response.end(JSON.stringify(invocation));
  });

  const spawnedAt = performance.now();
  const child = spawn(process.execPath, [join(__dirname, "bootstrap.cjs"), file], {
    env: { ...surroundings.variables(), AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${portOf(runtime)}` },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let complaint = "";
  child.stderr.on("data", (chunk) => {
    complaint += chunk;
  });
  const ended = once(child, "exit").then(() => {
    throw new Error(`${file} ended by itself: ${complaint}`);
  });
  try {
    await Promise.race([finished, ended]);
  } finally {
    ended.catch(() => undefined);
    child.kill();
    runtime.close();
    runtime.closeAllConnections();
  }
  checkAnswer(file, answers[0]?.body);
  return {
    startMilliseconds: (asked[0] ?? Number.NaN) - spawnedAt,
    firstAnswerMilliseconds: (answers[0]?.at ?? Number.NaN) - spawnedAt,
    ...(warm && { cpuMicroseconds: Number(answers[2]?.body) }),
  };
}

/** A function that fails fast must not win. */
function checkAnswer(file: string, answer: unknown): void {
  const { statusCode } = answer as { statusCode?: number };
  if (statusCode !== 200 && statusCode !== 204) throw new Error(`${file} answered ${JSON.stringify(answer)}`);
}

async function listen(listener: RequestListener): Promise<Server> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
