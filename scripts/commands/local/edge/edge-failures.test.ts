import { policyOf } from "../../../internal/cdn-model/fixture";
import { Stage } from "./fixture";

// The machine may be busy.
jest.setTimeout(30_000);

let stage: Stage;

beforeEach(() => {
  stage = new Stage();
});

afterEach(() => stage.end());

/** Lets the origin answer with a status from now on. */
function answerWith(status: number, headers: Record<string, string> = {}, body = `status ${status}`): void {
  stage.answer = (_, response) => response.writeHead(status, headers).end(body);
}

describe("an error of the origin", () => {
  test("is kept for a short time, then the origin is asked again: it does not stick", async () => {
    answerWith(404);
    await stage.start([{}], { distribution: { errorResponses: { 404: { minimumTtlSeconds: 5 } } } });
    expect(await stage.get("/a")).toMatchObject({
      status: 404,
      result: "Error",
      body: Buffer.from("status 404"),
    });
    stage.pass(3);
    expect(await stage.get("/a")).toMatchObject({ status: 404, result: "Error", headers: { age: "3" } });
    expect(stage.asked).toHaveLength(1);

    answerWith(200, {}, "there now");
    stage.pass(2);
    expect(await stage.get("/a")).toMatchObject({
      status: 200,
      result: "Miss",
      body: Buffer.from("there now"),
    });
  });

  test("is kept for as long as the origin says when that is longer", async () => {
    answerWith(503, { "cache-control": "max-age=60" });
    await stage.start();
    await stage.get("/a");
    stage.pass(59);
    await stage.get("/a");
    expect(stage.asked).toHaveLength(1);
    stage.pass(1);
    await stage.get("/a");
    expect(stage.asked).toHaveLength(2);
  });

  test.each([
    { status: 403, headers: {} },
    { status: 404, headers: { "cache-control": "no-store" } },
    { status: 429, headers: { "cache-control": "max-age=60" } },
  ])("$status with $headers is not kept", async ({ status, headers }) => {
    answerWith(status, headers as Record<string, string>);
    await stage.start();
    await stage.get("/a");
    expect(await stage.get("/a")).toMatchObject({ status, result: "Error" });
    expect(stage.asked).toHaveLength(2);
  });

  test("4xx takes the place of an object that has expired", async () => {
    await stage.start();
    await stage.get("/a");
    answerWith(404);
    stage.pass(61);
    expect((await stage.get("/a")).status).toBe(404);
  });
});

describe("while the origin fails, an object that has expired", () => {
  test.each([500, 502, 503, 504])(
    "is served in place of %i, and the origin left alone for a while",
    async (status) => {
      await stage.start([{}], { distribution: { errorResponses: { [status]: { minimumTtlSeconds: 5 } } } });
      await stage.get("/a");
      answerWith(status);
      stage.pass(100);
      expect(await stage.get("/a")).toMatchObject({ status: 200, body: Buffer.from("content") });
      stage.pass(4);
      expect(await stage.get("/a")).toMatchObject({ status: 200, result: "Hit", headers: { age: "104" } });
      expect(stage.asked).toHaveLength(2);

      answerWith(200, {}, "news");
      stage.pass(1);
      expect(await stage.get("/a")).toMatchObject({ result: "Miss", body: Buffer.from("news") });
    },
  );

  test("is served while nobody answers at all", async () => {
    await stage.start();
    await stage.get("/a");
    await stage.killOrigin();
    stage.pass(100_000);
    expect(await stage.get("/a")).toMatchObject({ status: 200, body: Buffer.from("content") });
  });

  test.each([
    { control: "max-age=60, stale-if-error=0", seconds: 60, status: 502 },
    { control: "max-age=60, stale-if-error=30", seconds: 80, status: 200 },
    { control: "max-age=60, stale-if-error=30", seconds: 91, status: 502 },
  ])("with $control is answered $status after $seconds s", async ({ control, seconds, status }) => {
    answerWith(200, { "cache-control": control });
    await stage.start();
    await stage.get("/a");
    await stage.killOrigin();
    stage.pass(seconds);
    expect((await stage.get("/a")).status).toBe(status);
  });
});

test("what was never there is answered 502 while nobody answers, and that is kept for a short time", async () => {
  await stage.start();
  await stage.killOrigin();
  const answer = await stage.get("/a");
  expect(answer).toMatchObject({ status: 502, result: "Error" });
  expect(answer.body.toString()).toContain("The origin could not be reached.");
  expect(stage.running.status.originRequests).toBe(1);
  await stage.get("/a");
  expect(stage.running.status.originRequests).toBe(1);
  stage.pass(10);
  await stage.get("/a");
  expect(stage.running.status.originRequests).toBe(2);
});

test("what is not cached is answered 502 while nobody answers", async () => {
  await stage.start([{ cachePolicy: policyOf({ maximumTtlSeconds: 0 }) }]);
  await stage.killOrigin();
  expect(await stage.get("/a")).toMatchObject({ status: 502, result: "Error" });
});
