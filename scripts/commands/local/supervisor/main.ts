/**
 * The supervisor's process: stands for what runs in a VPC. `scripts/local up` builds and starts it, control.ts.
 *
 * @module
 */
import { mkdirSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join } from "node:path";
import { localDirectory } from "../directory";
import { readConfig } from "./config";
import { Supervisor } from "./supervisor";
import { startTlsFront } from "./tls-front";

async function main(): Promise<void> {
  const { config, port } = readConfig();
  const directory = localDirectory(config.root, config.directory);
  mkdirSync(join(directory.services, "tmp"), { recursive: true });
  const front = await startTlsFront(directory.certificates, config.emulator.port);
  const supervisor = new Supervisor(config, directory, port, front.port);
  const server = createServer((request, response) => {
    answer(supervisor, request).then(
      ({ status, body }) => send(response, status, body),
      (error: Error) => send(response, 500, { message: error.message }),
    );
  });
  server.once("error", (error) => {
    console.error(error.message);
    process.exit(1);
  });
  server.listen(port, "127.0.0.1", () => supervisor.run());
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => {
      // The credentials are served to the end: a request under way may need them.
      void supervisor.close().finally(() => process.exit(0));
    });
  }
}

async function answer(
  supervisor: Supervisor,
  { url = "", method, headers }: IncomingMessage,
): Promise<{ readonly status: number; readonly body: object }> {
  if (method === "GET" && url === "/ready") return { status: 200, body: { pid: process.pid } };
  if (method === "POST" && url === "/look") {
    await supervisor.look(true);
    return { status: 200, body: { pid: process.pid } };
  }
  const task = /^\/credentials\/([0-9a-f]{32})$/.exec(url)?.[1];
  if (method === "GET" && task !== undefined)
    return supervisor.credentials.answer(task, headers.authorization);
  return { status: 404, body: { message: "Not found" } };
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(JSON.stringify(body));
}

main().catch((error: Error) => {
  console.error(error.stack ?? error.message);
  process.exit(1);
});
