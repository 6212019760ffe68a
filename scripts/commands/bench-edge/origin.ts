/**
 * What the measured servers ask: files of as many bytes as their path says, e.g. `/downloads/1024`, and the emulator's API as far as the
 * edge asks for it. Prints its port.
 *
 * @module
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

const server = createServer((request, response) => {
  if (request.url?.startsWith("/2020-05-31/")) {
    response.writeHead(200, { "content-type": "text/xml" });
    response.end("<InvalidationList><Quantity>0</Quantity></InvalidationList>");
    return;
  }
  const bytes = Number(request.url?.split("/").at(-1));
  if (!Number.isInteger(bytes)) {
    response.writeHead(404).end();
    return;
  }
  const body = Buffer.alloc(bytes, "0123456789abcdef");
  response.writeHead(200, {
    "cache-control": "max-age=3600",
    "content-length": body.length,
    "content-type": "application/zip",
    etag: `"${body.length}"`,
  });
  response.end(body);
}).listen(0, "127.0.0.1", () =>
  console.log(JSON.stringify({ port: (server.address() as AddressInfo).port })),
);
