import { Redis } from "iovalkey";
import { SESSION_CACHE_ACCESS } from "../../modules/session-api";
import { startTemporaryValkey, type TemporaryValkey } from "../../scripts/internal/temporary-valkey";
import { GENEROUS, sessionsClient, testCache } from "./sessions-client";
import { ValkeySessionStore } from "./valkey-store";

jest.setTimeout(300_000);

/** The one user there is: the default user may do nothing, as in ElastiCache. */
const user = { username: "sessions", password: "secret" };

let server: TemporaryValkey;

beforeAll(async () => {
  server = await startTemporaryValkey();
  const admin = new Redis({ port: server.port });
  const rights = SESSION_CACHE_ACCESS.split(" ");
  await admin.acl("SETUSER", user.username, `>${user.password}`, "resetkeys", "resetchannels", ...rights);
  await admin.acl("SETUSER", "default", "off");
  admin.disconnect();
});

afterAll(() => server.stop());

test("control 21: everything can be done by a user with the rights that are documented", async () => {
  const { cache } = testCache(server, async () => user);
  const store = new ValkeySessionStore({ cache, rules: { ...GENEROUS, sessionsPerUser: 1 }, now: Date.now });
  const { call, check, create } = sessionsClient(store);
  const first = await create();
  const { token } = await create();
  const refreshed = await call("POST", "/sessions/current/refresh", { token });
  const answers = [
    await check(first.token),
    refreshed,
    await check(refreshed.body.token),
    await call("GET", "/sessions/current", { token: refreshed.body.token }),
    await call("DELETE", "/sessions/current", { token }),
    await call("DELETE", "/sessions"),
  ];
  cache.close();
  expect(answers.map(({ status }) => status)).toEqual([404, 200, 200, 200, 204, 204]);
});

test.each([
  ["keys of others", ["GET", "views:{a}"]],
  ["a list of all keys", ["KEYS", "*"]],
  ["a walk over all keys", ["SCAN", "0"]],
  ["an end of everything", ["FLUSHALL"]],
  ["settings", ["CONFIG", "GET", "*"]],
  ["users", ["ACL", "LIST"]],
  ["messages", ["PUBLISH", "a", "b"]],
  ["keys of others by a script", ["EVAL", "return redis.call('GET', 'views:{a}')", "0"]],
])("control 21: and not %s", async (_what, [command, ...values]) => {
  const client = new Redis({ port: server.port, ...user, enableReadyCheck: false });
  try {
    await expect(client.call(command as string, ...values)).rejects.toThrow(/NOPERM|ACL failure in script/);
  } finally {
    client.disconnect();
  }
});
