import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { SQSClient } from "@aws-sdk/client-sqs";
import { failuresQueue } from "./failures-queue";

const WHERE = {
  streamArn: "arn:aws:kinesis:eu-west-1:111122223333:stream/parcels",
  eventId: "shardId-000000000000:1",
  partitionKey: "a",
  reason: "the event must be JSON",
};

/** Keeps a record of so many bytes. @returns what SQS was sent */
async function keep(bytes: number, status = 200) {
  const seen: { readonly QueueUrl: string; readonly MessageBody: string }[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    seen.push(JSON.parse(Buffer.concat(chunks).toString("utf8")));
    response.writeHead(status, { "content-type": "application/x-amz-json-1.0" }).end("{}");
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = new SQSClient({
    ...{ endpoint, region: "eu-west-1", maxAttempts: 1, md5: false },
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  const data = Buffer.alloc(bytes, "\u0000").toString("base64");
  try {
    await failuresQueue(`${endpoint}/failed`, client)({ ...WHERE, data }, AbortSignal.timeout(10_000));
  } finally {
    client.destroy();
    server.closeAllConnections();
    server.close();
  }
  const [{ QueueUrl = "", MessageBody = "" } = {}] = seen;
  return {
    queue: QueueUrl.replace(endpoint, ""),
    bytes: MessageBody.length,
    body: JSON.parse(MessageBody),
    data,
  };
}

test("control 8: a record that is refused is kept with where it was, and why; base64 takes what no message may hold", async () => {
  const { queue, body, data } = await keep(3);
  expect(queue).toBe("/failed");
  expect(body).toEqual({ ...WHERE, data });
});

test("the largest that is kept fits a message; of one that is larger it is kept where it is", async () => {
  const { body, bytes } = await keep(180 * 1024);
  expect(body.data).toBeDefined();
  expect(bytes).toBeLessThan(256 * 1024);
  expect((await keep(180 * 1024 + 1)).body).toEqual(WHERE);
});

test("says so when it could not be kept", async () => {
  await expect(keep(3, 500)).rejects.toThrow();
});
