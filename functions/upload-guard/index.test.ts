import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { S3Event } from "aws-lambda";

const requests: string[] = [];
let s3: Server;
let daemon: Socket;
let handler: (event: S3Event) => Promise<void>;

beforeAll(async () => {
  s3 = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    response.writeHead(204).end();
  }).listen(0, "127.0.0.1");
  daemon = createSocket("udp4").bind(0, "127.0.0.1");
  await Promise.all([once(s3, "listening"), once(daemon, "listening")]);
  Object.assign(process.env, {
    MAX_OBJECT_BYTES: "100",
    POWERTOOLS_LOG_LEVEL: "SILENT",
    AWS_REGION: "eu-west-1",
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${(s3.address() as AddressInfo).port}`,
    AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${daemon.address().port}`,
    _X_AMZN_TRACE_ID: "Root=1-a-b;Parent=c;Sampled=1",
  });
  handler = require(".").handler;
});

afterAll(() => {
  s3.close();
  s3.closeAllConnections();
  daemon.close();
});

test("deletes the version, and traces the call as one to AWS", async () => {
  const key = "eu-west-1:11111111-2222-3333-4444-555555555555/a.jpg";
  const object = { key, size: 101, versionId: "v1" };
  const traced = once(daemon, "message");
  await handler({ Records: [{ s3: { bucket: { name: "files" }, object } }] } as unknown as S3Event);
  expect(requests).toEqual([
    "DELETE /files/eu-west-1%3A11111111-2222-3333-4444-555555555555/a.jpg?versionId=v1&x-id=DeleteObject",
  ]);
  const [datagram] = (await traced) as [Buffer];
  expect(JSON.parse(datagram.toString().split("\n")[1] ?? "")).toMatchObject({
    name: "S3",
    namespace: "aws",
    aws: { operation: "DeleteObject" },
  });
});
