import { todosClient } from "./todos-client";
import { versions } from "./versions";

describe("control 16: only an ID token will do", () => {
  test.each([
    ["an access token", { sub: "user-1", token_use: "access" }],
    ["a token without a subject", { token_use: "id" }],
    ["no claims", {}],
  ])("%s is refused on every route", async (_case, claims) => {
    const { call } = todosClient();
    const id = "01890a5d-ac96-774b-bcce-b302099a8057";
    const answers = [
      await call("GET", "/todos", { claims }),
      await call("POST", "/todos", { claims, body: { title: "a" } }),
      await call("GET", `/todos/${id}`, { claims }),
      await call("PUT", `/todos/${id}`, { claims, body: { title: "a" }, headers: { "if-match": "*" } }),
      await call("DELETE", `/todos/${id}`, { claims }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401]);
    expect(answers[0]?.headers["WWW-Authenticate"]).toBe("Bearer");
  });
});

test.each([
  ["no header", undefined, false],
  ["max-age=0", "max-age=0", true],
  ["no-cache", "no-cache", true],
  ["one of several", "no-transform, Max-Age=0", true],
  ["another age", "max-age=05", false],
  ["no-store", "no-store", false],
])("Cache-Control: %s reads past the caches or not", async (_case, value, consistent) => {
  const { call, store } = todosClient();
  const headers = value === undefined ? {} : { "cache-control": value };
  await call("GET", "/todos", { headers });
  await call("GET", "/todos/01890a5d-ac96-774b-bcce-b302099a8057", { headers });
  expect(store.reads).toEqual([consistent, consistent]);
});

test("an unknown route is 404", async () => {
  const { call } = todosClient();
  expect(await call("PATCH", "/todos")).toMatchObject({ status: 404, body: { detail: "No such route." } });
});

test("control 28: no log line holds a title, a note, an address or an id of the user", async () => {
  const { call, lines } = todosClient();
  await call("POST", "/todos", { body: { title: "secret title", note: "secret note" } });
  await call("POST", "/todos", { body: { title: 1, secret: true } });
  await call("GET", "/todos");
  expect(lines).toHaveLength(3);
  expect(JSON.stringify(lines)).not.toMatch(/secret|ann@example\.com|user-1/);
});

test("a version that there is not is named at start", () => {
  expect(() => todosClient({ version: "toString" })).toThrow(
    `environment: API_VERSION must be one of ${Object.keys(versions).join(", ")}, got "toString"`,
  );
});

test.each([
  ["an answer", "/todos", {}, 200],
  ["an empty answer", "/todos", { headers: { "if-none-match": "*" } }, 304],
  ["a refusal", "/todos/1", {}, 404],
  ["a fault", "/todos", { claims: {} }, 401],
])("%s of a deprecated version says so, and pages may read it", async (_case, path, options, status) => {
  const deprecationHeaders = {
    Deprecation: "@1",
    Sunset: "Thu, 01 Jan 1970 00:00:02 GMT",
    Link: "<a>; rel=b",
  };
  const { call } = todosClient({ deprecationHeaders, corsOrigin: "https://app.example.com" });
  const answer = await call("GET", path, options);
  expect(answer).toMatchObject({ status, headers: deprecationHeaders });
  expect(answer.headers["Access-Control-Expose-Headers"]).toBe(
    "ETag,Location,Retry-After,Deprecation,Sunset,Link",
  );
});
