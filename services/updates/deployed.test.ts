import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { resolve } from "node:path";
import { buildServices } from "../../modules/internal/service-bundle";
import { type ServiceProcess, startServiceProcess } from "../internal/service-process";
import { type S3Stub, startS3Stub } from "./s3-stub";

// The very bytes that are deployed, in a process of their own.

jest.setTimeout(30_000);

const { folder } = buildServices(resolve(__dirname, "..", ".."))["updates"] ?? { folder: "" };
const LARGE = "x".repeat(4 * 1024 * 1024);

let s3: S3Stub;
let service: ServiceProcess;

beforeEach(async () => {
  s3 = await startS3Stub({ "updates/v1.2.3.zip": LARGE });
  service = await startServiceProcess(["index.mjs"], folder, {
    RELEASES_BUCKET: "releases",
    AWS_REGION: "eu-west-1",
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_ENDPOINT_URL_S3: s3.endpoint,
  });
});

afterEach(async () => {
  await service.stop("SIGKILL");
  await s3.close();
});

test("serves a file of the bucket", async () => {
  const answer = await fetch(`${service.url}/updates/v1.2.3.zip`);
  expect(answer.status).toBe(200);
  expect(await answer.text()).toBe(LARGE);
});

test("control 36: a download that is under way at SIGTERM comes whole, then the process ends with 0", async () => {
  const [response] = (await once(get(`${service.url}/updates/v1.2.3.zip`), "response")) as [IncomingMessage];
  response.pause();
  const stopped = service.stop();
  await new Promise((waited) => setTimeout(waited, 300));
  let bytes = 0;
  for await (const chunk of response) bytes += (chunk as Buffer).byteLength;
  expect(bytes).toBe(LARGE.length);
  expect(await stopped).toBe(0);
});
