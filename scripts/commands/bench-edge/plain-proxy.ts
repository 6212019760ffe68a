/**
 * The least that passes requests on: headers and bodies as they are, connections kept. Prints its port.
 *
 *   node plain-proxy.ts http://127.0.0.1:<port of the origin>
 *
 * @module
 */
import { Agent, request as ask, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { pipeline } from "node:stream";

const [, , origin = ""] = process.argv;
const agent = new Agent({ keepAlive: true, maxSockets: 512 });
const server = createServer((request, response) => {
  const { method, url: path, headers } = request;
  const outgoing = ask(origin, { method, path, headers, agent }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    pipeline(answer, response, () => undefined);
  });
  outgoing.once("error", () => response.writeHead(502).end());
  pipeline(request, outgoing, () => undefined);
}).listen(0, "127.0.0.1", () =>
  console.log(JSON.stringify({ port: (server.address() as AddressInfo).port })),
);
