import { resolve } from "node:path";
import { buildServices } from "../../modules/internal/service-bundle";
import { productItem } from "../../runtime";
import { type DynamoDbStub, startDynamoDbStub } from "../../runtime/dynamodb-stub";
import { type ServiceProcess, startServiceProcess } from "../internal/service-process";
import { TestUserPool } from "../internal/test-user-pool";

// The very bytes that are deployed, in a process of their own.

jest.setTimeout(30_000);

const { folder } = buildServices(resolve(__dirname, "..", ".."))["catalog"] ?? { folder: "" };
const product = {
  id: "teapot",
  name: "Blue teapot",
  description: "",
  priceCents: 3900,
  currency: "EUR",
  available: 12,
  listed: true,
  version: 1,
  updatedAt: "2023-06-30T03:34:18.518Z",
};

let stub: DynamoDbStub;
/** Whether the database answers. */
let answers = true;
let pool: TestUserPool;
let service: ServiceProcess | undefined;

beforeAll(async () => {
  stub = await startDynamoDbStub(() =>
    answers ? { status: 200, body: { Item: productItem(product) } } : undefined,
  );
  pool = await TestUserPool.start();
});

afterEach(async () => {
  answers = true;
  await service?.stop("SIGKILL");
  service = undefined;
});

afterAll(async () => {
  await stub.close();
  await pool.close();
});

const environment = () => ({
  PRODUCTS_TABLE: "products",
  AWS_REGION: "eu-west-1",
  AWS_ACCESS_KEY_ID: "test",
  AWS_SECRET_ACCESS_KEY: "test",
  AWS_ENDPOINT_URL_DYNAMODB: stub.endpoint,
  ...pool.environment,
});

test("answers who is signed in, is healthy, logs one line for each request, and ends with 0 on SIGTERM", async () => {
  service = await startServiceProcess(["index.mjs"], folder, environment());
  const { url, lines } = service;
  const answer = await fetch(`${url}/v1/products/teapot`, {
    headers: { authorization: `Bearer ${pool.token()}` },
  });
  expect(answer.status).toBe(200);
  expect(await answer.json()).toEqual(product);
  expect((await fetch(`${url}/v1/products/teapot`)).status).toBe(401);
  expect((await fetch(`${url}/health/live`)).status).toBe(200);
  expect((await fetch(`${url}/health/ready`)).status).toBe(200);
  expect(await service.stop()).toBe(0);
  expect(lines.filter(({ message }) => message === "request")).toEqual([
    expect.objectContaining({ service: "test", route: "GET /v1/products/{id}", status: 200 }),
    expect.objectContaining({ route: "GET /v1/products/{id}", status: 401 }),
  ]);
  expect(lines.at(-1)).toMatchObject({ message: "stopped" });
});

test("more requests than the SDK's 50 connections reach the database at once: none waits for the connection of another", async () => {
  service = await startServiceProcess(["index.mjs"], folder, environment());
  const { url } = service;
  const headers = { authorization: `Bearer ${pool.token()}` };
  await fetch(`${url}/v1/products/teapot`, { headers });
  answers = false;
  const before = stub.calls.length;
  const asked = Array.from({ length: 60 }, () =>
    fetch(`${url}/v1/products/teapot`, { headers }).catch(() => undefined),
  );
  // Sooner than a first attempt is given up, which would make room.
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect(stub.calls.length - before).toBe(60);
  await service.stop("SIGKILL");
  await Promise.all(asked);
});
