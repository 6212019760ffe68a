import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type Backend, findState } from "./state";

const BACKEND: Backend = {
  bucket: "acme-prod-tfstate",
  key: "bootstrap/prod.tfstate",
  region: "eu-west-1",
  use_path_style: true,
};
/** What the AWS SDK reads: the test's own, so that no account is ever asked. */
const VARIABLES = [
  "AWS_ENDPOINT_URL",
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "AWS_PROFILE",
  "AWS_EC2_METADATA_DISABLED",
  "AWS_CONFIG_FILE",
  "AWS_SHARED_CREDENTIALS_FILE",
  "AWS_MAX_ATTEMPTS",
] as const;

const before = Object.fromEntries(VARIABLES.map((name) => [name, process.env[name]]));
let server: Server;
/** Status of each answer by path; what is not there answers 404. */
let answers: Readonly<Record<string, number>>;
let requests: string[];

beforeAll(async () => {
  // A stand-in of S3: it knows HEAD alone.
  server = createServer((request, response) => {
    const path = request.url ?? "";
    requests.push(`${request.method} ${path}`);
    response.writeHead(answers[path] ?? 404).end();
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
});

afterAll(() => new Promise((done) => server.close(done)));

beforeEach(() => {
  answers = {};
  requests = [];
  for (const name of VARIABLES) delete process.env[name];
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    AWS_MAX_ATTEMPTS: "1",
  });
});

afterEach(() => {
  for (const name of VARIABLES) {
    if (before[name] === undefined) delete process.env[name];
    else process.env[name] = before[name];
  }
});

const BUCKET = "/acme-prod-tfstate";
const STATE = "/acme-prod-tfstate/bootstrap/prod.tfstate";
// The SDK writes a bucket's path with or without the last slash.
const bucketIs = (status: number) => ({ [BUCKET]: status, [`${BUCKET}/`]: status });

test.each([
  ["there is no bucket", {}, "nothing", 1],
  ["there is a bucket without the state", bucketIs(200), "bucket", 2],
  ["the state is in its bucket", { ...bucketIs(200), [STATE]: 200 }, "state", 2],
] as const)("%s", async (_case, given, expected, asked) => {
  answers = given;
  expect(await findState(BACKEND)).toBe(expected);
  expect(requests).toHaveLength(asked);
  expect(requests.every((request) => request.startsWith(`HEAD ${BUCKET}`))).toBe(true);
});

test.each([
  ["the bucket", bucketIs(403)],
  ["the state", { ...bucketIs(200), [STATE]: 403 }],
] as const)("says so when %s may not be read", async (_case, given) => {
  answers = given;
  await expect(findState(BACKEND)).rejects.toThrow(
    "bucket acme-prod-tfstate: may not be read with these credentials, or is another account's; " +
      "log in to the environment's account, or name another bucket as state.bucket",
  );
});

test("says so when nobody is logged in", async () => {
  delete process.env["AWS_ACCESS_KEY_ID"];
  delete process.env["AWS_SECRET_ACCESS_KEY"];
  await expect(findState(BACKEND)).rejects.toThrow(
    "AWS: no credentials were found; log in first, e.g. aws sso login",
  );
  expect(requests).toEqual([]);
});

test("takes no failure of S3 for a missing bucket", async () => {
  answers = bucketIs(500);
  await expect(findState(BACKEND)).rejects.toThrow("bucket acme-prod-tfstate: could not be looked for: ");
});

test("takes no unreachable S3 for a missing bucket", async () => {
  process.env["AWS_ENDPOINT_URL"] = "http://127.0.0.1:1";
  await expect(findState(BACKEND)).rejects.toThrow("bucket acme-prod-tfstate: could not be looked for: ");
});
