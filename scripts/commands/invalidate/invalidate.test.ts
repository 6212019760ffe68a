import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openCloudFront, type Patience } from "./client";
import { type CloudFrontStub, startCloudFrontStub } from "./cloudfront-stub";
import { type InvalidateConfig, invalidate } from "./invalidate";

const THROTTLED = { status: 400, code: "Throttling", message: "Rate exceeded" };
const VARIABLES: Record<string, string | undefined> = {
  AWS_ENDPOINT_URL: "",
  AWS_ACCESS_KEY_ID: "test",
  AWS_SECRET_ACCESS_KEY: "test",
  AWS_SESSION_TOKEN: undefined,
  AWS_PROFILE: undefined,
  AWS_REGION: "us-east-1",
  AWS_EC2_METADATA_DISABLED: "true",
  AWS_CONFIG_FILE: "/dev/null",
  AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
};
const before = Object.fromEntries(Object.keys(VARIABLES).map((name) => [name, process.env[name]]));

let stub: CloudFrontStub;
let stateFolder: string;
let told: string[];
let pauses: number[];

function setVariables(variables: Record<string, string | undefined>): void {
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}

beforeEach(async () => {
  stub = await startCloudFrontStub();
  stateFolder = mkdtempSync(join(tmpdir(), "invalidate-"));
  told = [];
  pauses = [];
  setVariables({ ...VARIABLES, AWS_ENDPOINT_URL: stub.url });
});

afterEach(async () => {
  await stub.close();
  rmSync(stateFolder, { recursive: true });
  setVariables(before);
});

/** Runs against the stub. Pauses are noted, not made. */
async function run(config: Partial<InvalidateConfig> = {}, patience: Patience = {}) {
  const distributionId = config.distributionId ?? "E1";
  const service = await openCloudFront(distributionId, patience);
  let slept = 0;
  const clock = {
    now: () => Date.now() + slept,
    random: () => 1,
    sleep: async (milliseconds: number) => {
      pauses.push(milliseconds);
      slept += milliseconds;
    },
  };
  try {
    return await invalidate(
      {
        distributionId,
        paths: ["/a", "/b/*"],
        wait: false,
        stateFolder,
        budget: { clock, deadline: Date.now() + 60_000 },
        onProgress: (text) => told.push(text),
        ...config,
      },
      service,
    );
  } finally {
    service.close();
  }
}

const files = (count: number) => Array.from({ length: count }, (_, index) => `/${index}.zip`);

test("sends the paths, and leaves no state", async () => {
  expect(await run()).toEqual([
    {
      id: "I1",
      status: "Completed",
      createdAt: stub.invalidations[0]?.createdAt,
      callerReference: stub.invalidations[0]?.callerReference,
      paths: 2,
      wildcards: 1,
      repeated: false,
    },
  ]);
  expect(stub.invalidations[0]?.paths).toEqual(["/a", "/b/*"]);
  expect(readdirSync(stateFolder)).toEqual([]);
});

test("needs CreateInvalidation and GetInvalidation, no other call", async () => {
  stub.looks = 2;
  await run({ wait: true });
  expect(stub.requests).toEqual(["POST invalidation", "GET I1", "GET I1"]);
});

test("without waiting, an invalidation may still be in progress", async () => {
  stub.looks = 5;
  expect((await run())[0]).toMatchObject({ status: "InProgress" });
  expect(stub.requests).toEqual(["POST invalidation"]);
});

test("with waiting, looks ever less often, and says how long it takes", async () => {
  stub.looks = 4;
  expect((await run({ wait: true }))[0]).toMatchObject({ status: "Completed" });
  expect(pauses).toEqual([1000, 1500, 2250, 3375]);
  expect(told).toContain("the invalidation (I1) is in progress since 0 s");
});

test("waiting for what is named ends with the budget, and goes on with the next run", async () => {
  stub.looks = 1000;
  await expect(run({ wait: true, reference: "v1" })).rejects.toMatchObject({
    message:
      "CloudFront: has not completed I1 at the end of --timeout; run the same command again: it goes on from there",
    exitCode: 5,
  });
  for (const made of stub.invalidations) made.looksLeft = 0;
  expect(await run({ wait: true, reference: "v1" })).toMatchObject([
    { id: "I1", status: "Completed", repeated: true },
  ]);
  expect(stub.invalidations).toHaveLength(1);
});

test("what nothing names is forgotten when all is sent, before waiting: the files may change again", async () => {
  stub.looks = 1000;
  await expect(run({ wait: true })).rejects.toMatchObject({
    message:
      "CloudFront: has not completed I1 at the end of --timeout; " +
      "all is sent, and CloudFront goes on by itself; the same command would send it anew",
    exitCode: 5,
  });
  expect(readdirSync(stateFolder)).toEqual([]);
  stub.looks = 0;
  expect(await run({ wait: true })).toMatchObject([{ id: "I2", status: "Completed", repeated: false }]);
});

test("what nothing names is remembered while a batch is not sent", async () => {
  stub.looks = 1000;
  await expect(run({ paths: files(3001) })).rejects.toMatchObject({
    message: expect.stringContaining("run the same command again: it goes on from there"),
  });
  for (const made of stub.invalidations) made.looksLeft = 0;
  expect(await run({ paths: files(3001) })).toMatchObject([
    { id: "I1", repeated: true },
    { id: "I2", repeated: false },
  ]);
});

test("a batch is sent when the one before is completed", async () => {
  stub.looks = 2;
  const made = await run({ paths: files(6001) });
  expect(made.map(({ id, status, paths }) => [id, status, paths])).toEqual([
    ["I1", "Completed", 3000],
    ["I2", "Completed", 3000],
    ["I3", "InProgress", 1],
  ]);
  expect(stub.requests).toEqual([
    ...["POST invalidation", "GET I1", "GET I1"],
    ...["POST invalidation", "GET I2", "GET I2"],
    "POST invalidation",
  ]);
});

test("what is throttled is sent again, with the same caller reference", async () => {
  stub.troubles.push(THROTTLED, THROTTLED, { status: 400, code: "TooManyInvalidationsInProgress" });
  expect(await run()).toMatchObject([{ id: "I1", repeated: false }]);
  expect(stub.requests).toHaveLength(4);
  expect(pauses).toEqual([1000, 2000, 4000]);
  expect(told).toEqual([
    "sending the invalidation",
    "the invalidation: Throttling, again in 1.0 s",
    "the invalidation: Throttling, again in 2.0 s",
    "the invalidation: TooManyInvalidationsInProgress, again in 4.0 s",
  ]);
});

test("what is throttled while it is waited for is asked about again, and not sent again", async () => {
  stub.looks = 2;
  stub.troubles.push(undefined, THROTTLED, undefined, { status: 429, code: "TooManyRequestsException" });
  expect(await run({ wait: true })).toMatchObject([{ id: "I1", status: "Completed", repeated: false }]);
  expect(stub.requests).toEqual(["POST invalidation", "GET I1", "GET I1", "GET I1", "GET I1"]);
  expect(stub.invalidations).toHaveLength(1);
});

test("throttling ends with the budget", async () => {
  stub.troubles.push(...Array.from({ length: 20 }, () => THROTTLED));
  await expect(run()).rejects.toMatchObject({
    message:
      "CloudFront: still answers Throttling at the end of --timeout; run the same command again: it goes on from there",
    exitCode: 5,
  });
});

test("a call that is not answered is made again", async () => {
  stub.troubles.push("hang");
  expect(await run({}, { requestTimeoutMilliseconds: 100 })).toMatchObject([{ id: "I1", repeated: false }]);
  expect(stub.requests).toEqual(["POST invalidation", "POST invalidation"]);
  expect(told).toContain("the invalidation: TimeoutError, again in 1.0 s");
});

test("calls that are never answered end with the budget", async () => {
  stub.troubles.push(...Array.from({ length: 20 }, () => "hang" as const));
  await expect(run({}, { requestTimeoutMilliseconds: 20 })).rejects.toMatchObject({
    message:
      "CloudFront: still does not answer at the end of --timeout; run the same command again: it goes on from there",
    exitCode: 5,
  });
  expect(stub.requests.length).toBeGreaterThan(2);
});

test("a call that is under way at the deadline is cut off", async () => {
  stub.troubles.push("hang");
  await expect(run({}, { deadline: AbortSignal.timeout(100) })).rejects.toMatchObject({
    message:
      "CloudFront: has not answered at the end of --timeout; run the same command again: it goes on from there",
    exitCode: 5,
  });
  expect(stub.requests).toEqual(["POST invalidation"]);
});

test.each(["ExpiredToken", "InvalidClientTokenId", "SignatureDoesNotMatch"])(
  "credentials that expire between batches (%s) are told, and the next run goes on",
  async (code) => {
    stub.troubles.push(undefined, { status: 403, code });
    await expect(run({ paths: files(3001) })).rejects.toMatchObject({
      message:
        `AWS: the credentials are missing, have expired or are wrong (${code}); ` +
        'log in, e.g. aws sso login, or for envs/local eval "$(scripts/local env)", ' +
        "then run the same command again: it goes on from there",
      exitCode: 4,
    });
    expect(await run({ paths: files(3001) })).toMatchObject([
      { id: "I1", repeated: true },
      { id: "I2", repeated: false },
    ]);
    expect(stub.invalidations).toHaveLength(2);
  },
);

test("credentials that expire while what is named is waited for are told, and the next run goes on", async () => {
  stub.looks = 2;
  stub.troubles.push(undefined, { status: 403, code: "ExpiredToken" });
  await expect(run({ wait: true, reference: "v1" })).rejects.toMatchObject({
    message: expect.stringContaining("then run the same command again: it goes on from there"),
    exitCode: 4,
  });
  expect(await run({ wait: true, reference: "v1" })).toMatchObject([
    { id: "I1", status: "Completed", repeated: true },
  ]);
  expect(stub.invalidations).toHaveLength(1);
});

test("credentials that expire when all is sent that nothing names: the same command would send it anew", async () => {
  stub.looks = 2;
  stub.troubles.push(undefined, { status: 403, code: "ExpiredToken" });
  await expect(run({ wait: true })).rejects.toMatchObject({
    message:
      "AWS: the credentials are missing, have expired or are wrong (ExpiredToken); " +
      "all is sent, and CloudFront goes on by itself; the same command would send it anew",
    exitCode: 4,
  });
  expect(readdirSync(stateFolder)).toEqual([]);
});

test("says so when nobody is logged in", async () => {
  setVariables({ AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined });
  await expect(run()).rejects.toMatchObject({
    message: expect.stringContaining(
      "the credentials are missing, have expired or are wrong (CredentialsProviderError)",
    ),
    exitCode: 4,
  });
  expect(stub.requests).toEqual([]);
});

test.each([
  [
    "may not do it",
    { status: 403, code: "AccessDenied", message: "User x is not authorized" },
    "distribution E1: these credentials are refused: User x is not authorized; " +
      "allow them cloudfront:CreateInvalidation and cloudfront:GetInvalidation on it, and no more",
    4,
  ],
  [
    "is refused otherwise",
    { status: 400, code: "InvalidArgument", message: "no such thing" },
    "CloudFront: InvalidArgument: no such thing",
    1,
  ],
])("says so when it %s", async (_case, trouble, message, exitCode) => {
  stub.troubles.push(trouble);
  await expect(run()).rejects.toMatchObject({ message, exitCode });
  expect(stub.requests).toHaveLength(1);
});

test("says so when the account has no such distribution", async () => {
  await expect(run({ distributionId: "ENONE" })).rejects.toThrow(
    "distribution ENONE: is none of this account's; check --distribution, or log in to the environment's account",
  );
});

test("what a reference names is paid once", async () => {
  await run({ reference: "v1" });
  for (const made of stub.invalidations) made.createdAt = new Date(Date.now() - 60_000).toISOString();
  expect(await run({ reference: "v1" })).toMatchObject([{ id: "I1", repeated: true }]);
  expect(await run({ reference: "v2" })).toMatchObject([{ id: "I2", repeated: false }]);
  expect(stub.invalidations).toHaveLength(2);
});

test("what nothing names is invalidated each time, as the files may have changed", async () => {
  await run();
  expect(await run()).toMatchObject([{ id: "I2", repeated: false }]);
});

test("two runs of the same do not go on at once", async () => {
  stub.looks = 1;
  let second: Promise<unknown> | undefined;
  stub.onRequest = (count) => {
    if (count === 1) second = run().catch((error: Error) => error.message);
  };
  stub.troubles.push("hang");
  const service = await openCloudFront("E1");
  const first = invalidate(
    {
      distributionId: "E1",
      paths: ["/a", "/b/*"],
      wait: false,
      stateFolder,
      budget: { clock: { now: Date.now, random: () => 1, sleep: async () => {} }, deadline: 0 },
      onProgress: () => {},
    },
    service,
  ).catch(() => "ended");
  while (second === undefined) await new Promise((done) => setTimeout(done, 10));
  expect(await second).toBe(
    `scripts/invalidate: process ${process.pid} has been at work for more than 1 s; ` +
      "wait for it or end it, then run the command again",
  );
  await stub.close();
  expect(await first).toBe("ended");
  service.close();
});
