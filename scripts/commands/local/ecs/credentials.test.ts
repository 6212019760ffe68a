import { TaskCredentials } from "./credentials";

const ROLE = "arn:aws:iam::000000000000:role/task";
let now: number;
let assumed: string[];
let credentials: TaskCredentials;

beforeEach(() => {
  now = Date.parse("2026-11-24T12:00:00Z");
  assumed = [];
  credentials = new TaskCredentials(
    async (roleArn, session) => {
      assumed.push(`${roleArn} ${session}`);
      const number = assumed.length;
      return {
        accessKeyId: `key${number}`,
        secretAccessKey: "secret",
        sessionToken: "token",
        expiration: new Date(now + 3_600_000),
      };
    },
    () => now,
  );
});

test("a task gets its role's credentials, in the form that AWS's SDKs read", async () => {
  const { path, token } = credentials.add("1", ROLE);
  expect(path).toBe("/credentials/1");
  expect(await credentials.answer("1", token)).toEqual({
    status: 200,
    body: {
      RoleArn: ROLE,
      AccessKeyId: "key1",
      SecretAccessKey: "secret",
      Token: "token",
      Expiration: "2026-11-24T13:00:00.000Z",
    },
  });
  expect(assumed).toEqual([`${ROLE} 1`]);
});

test.each<[string, (token: string) => [string, string | undefined]]>([
  ["without a token", () => ["1", undefined]],
  ["with another token", (token) => ["1", `${token.slice(0, -1)}!`]],
  ["with the token of another task", (token) => ["2", token]],
  ["of no task", (token) => ["3", token]],
])("a request %s is refused", async (_, request) => {
  const { token } = credentials.add("1", ROLE);
  credentials.add("2", ROLE);
  expect(await credentials.answer(...request(token))).toEqual({
    status: 403,
    body: { message: "Forbidden" },
  });
  expect(assumed).toEqual([]);
});

test("they are renewed five minutes before they end, not earlier", async () => {
  const { token } = credentials.add("1", ROLE);
  const key = async () =>
    ((await credentials.answer("1", token)).body as { AccessKeyId: string }).AccessKeyId;
  expect(await key()).toBe("key1");
  now += 55 * 60_000;
  expect(await key()).toBe("key1");
  now += 1;
  expect(await key()).toBe("key2");
});

test("a task that has ended gets none", async () => {
  const { token } = credentials.add("1", ROLE);
  credentials.remove("1");
  expect((await credentials.answer("1", token)).status).toBe(403);
});
