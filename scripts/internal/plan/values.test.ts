import { isSame, plain, Shield } from "./values";

const SECRET = "hunter2-hunter2";

function shown(value: unknown, sensitive: unknown = false, unknown: unknown = false): unknown {
  return plain(new Shield().protect(value, sensitive, unknown));
}

describe("what is hidden", () => {
  test.each<[string, unknown, unknown, unknown]>([
    [
      "a value that the provider calls sensitive",
      { a: SECRET, b: "x" },
      { a: true },
      { a: "(sensitive)", b: "x" },
    ],
    ["a whole block", { block: [{ a: SECRET }] }, { block: true }, { block: "(sensitive)" }],
    [
      "one of a list",
      { list: [{ a: "x" }, { a: SECRET }] },
      { list: [{}, { a: true }] },
      { list: [{ a: "x" }, { a: "(sensitive)" }] },
    ],
    ["by its name", { master_password: SECRET }, {}, { master_password: "(sensitive)" }],
    [
      "by a variable's name",
      { variables: { DB_PASSWORD: SECRET, DB_HOST: "db" } },
      {},
      { variables: { DB_PASSWORD: "(sensitive)", DB_HOST: "db" } },
    ],
    [
      "by the name beside it",
      { environment: [{ name: "API_TOKEN", value: SECRET }] },
      {},
      { environment: [{ name: "API_TOKEN", value: "(sensitive)" }] },
    ],
    [
      "headers for an origin",
      { custom_header: [{ name: "x-own", value: SECRET }] },
      {},
      { custom_header: [{ name: "x-own", value: "(sensitive)" }] },
    ],
    [
      "the values that a header must have",
      { http_header_name: "x-origin-verify", values: [SECRET] },
      {},
      { http_header_name: "x-origin-verify", values: ["(sensitive)"] },
    ],
    ["a password in a URL", { url: `postgres://app:${SECRET}@db:5432/app` }, {}, { url: "(sensitive)" }],
    ["a private key", { data: "-----BEGIN RSA PRIVATE KEY-----\nMII" }, {}, { data: "(sensitive)" }],
    [
      "within a JSON document",
      { definitions: JSON.stringify([{ environment: [{ name: "PASSWORD", value: SECRET }] }]) },
      {},
      { definitions: [{ environment: [{ name: "PASSWORD", value: "(sensitive)" }] }] },
    ],
    [
      "by other words for it",
      {
        variables: {
          DB_PASS: SECRET,
          API_TOKENS: SECRET,
          KEY_PRIVATE_KEY_PEM: SECRET,
          PASSWORD_BASE64: SECRET,
        },
      },
      {},
      {
        variables: {
          DB_PASS: "(sensitive)",
          API_TOKENS: "(sensitive)",
          KEY_PRIVATE_KEY_PEM: "(sensitive)",
          PASSWORD_BASE64: "(sensitive)",
        },
      },
    ],
    [
      "all texts of a map whose name says it",
      { secrets: { db: SECRET, mail: { smtp: SECRET, port: 25 } } },
      {},
      { secrets: { db: "(sensitive)", mail: { smtp: "(sensitive)", port: 25 } } },
    ],
    [
      "no list of where secrets are",
      { secrets: [{ name: "DB", valueFrom: "arn:aws:secretsmanager:us-east-1:1:secret:a" }] },
      {},
      { secrets: [{ name: "DB", valueFrom: "arn:aws:secretsmanager:us-east-1:1:secret:a" }] },
    ],
    [
      "user data that holds a password in a URL",
      { user_data: Buffer.from(`export DB=postgres://app:${SECRET}@db/app\n`).toString("base64") },
      {},
      { user_data: "(sensitive)" },
    ],
    [
      "no ARN of a secret",
      { secret: "arn:aws:secretsmanager:us-east-1:1:secret:a" },
      {},
      { secret: "arn:aws:secretsmanager:us-east-1:1:secret:a" },
    ],
    [
      "no name that only speaks of one",
      { password_policy: "strict-and-long", secret_arn: "x", access_token: "hours" },
      {},
      { password_policy: "strict-and-long", secret_arn: "x", access_token: "hours" },
    ],
    [
      "nothing where nothing is",
      { password: null, token: "" },
      { password: true },
      { password: null, token: "" },
    ],
  ])("%s", (_, value, sensitive, expected) => {
    expect(shown(value, sensitive)).toEqual(expected);
  });

  test("a secret wherever else it occurs, also written in JSON", () => {
    const shield = new Shield();
    shield.protect({ auth: 'with "quotes" in it' }, { auth: true });
    const other = shield.protect(
      {
        plain: 'a with "quotes" in it',
        document: JSON.stringify({ a: 'with "quotes" in it' }),
        broken: '{"a": "with \\"quotes\\" in it"',
      },
      {},
    );
    expect(plain(shield.scrub(other))).toEqual({
      plain: "(sensitive)",
      document: { a: "(sensitive)" },
      broken: "(sensitive)",
    });
  });

  test("of a block that is called sensitive, only what is not published, elsewhere", () => {
    const shield = new Shield('{"path":"/downloads/*"}');
    shield.protect({ origin: [{ path: "/downloads/*", key: SECRET }] }, { origin: true });
    expect(plain(shield.scrub(shield.protect({ path: "/downloads/*", key: SECRET }, {})))).toEqual({
      path: "/downloads/*",
      key: "(sensitive)",
    });
  });
});

test("what is not known yet is marked, also where the plan leaves it out", () => {
  expect(shown({ name: "a", list: [{ a: "x" }] }, {}, { arn: true, list: [{ b: true }] })).toEqual({
    arn: "(known after apply)",
    list: [{ a: "x", b: "(known after apply)" }],
    name: "a",
  });
});

test("two hidden values are told apart by what they are", () => {
  const shield = new Shield();
  const hide = (text: string) => shield.protect(text, true);
  expect(isSame(hide("one"), hide("one"))).toBe(true);
  expect(isSame(hide("one"), hide("two"))).toBe(false);
  expect(JSON.stringify(hide("one"))).toBe("{}");
});
