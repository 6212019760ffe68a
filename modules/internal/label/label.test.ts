import { Label } from ".";

const config = { project: "acme", environment: "prod", accountId: "111111111111", region: "eu-west-1" };
const label = new Label(config);

describe("name", () => {
  test("is project, environment and thing", () => {
    expect(label.name("todos")).toBe("acme-prod-todos");
  });

  test("is cut to the limit and ends in a hash of the whole", () => {
    const name = label.name("a-very-long-thing-to-name", 24);
    expect(name).toMatch(/^acme-prod-a-ver-[0-9a-f]{8}$/);
    expect(name.length).toBeLessThanOrEqual(24);
  });

  test("two long names that share their beginning stay apart", () => {
    expect(label.name(`${"x".repeat(80)}1`)).not.toBe(label.name(`${"x".repeat(80)}2`));
  });

  test("a cut never leaves two hyphens in a row", () => {
    expect(label.name("abc-def", 19)).not.toContain("--");
  });
});

describe("beginning", () => {
  const long = new Label({ ...config, project: "abcdefghijklmnop", environment: "qrstuvwxyzabcdef" });

  test("is the prefix and a hyphen, where names have room for it", () => {
    expect(label.beginning()).toBe("acme-prod-");
  });

  test.each([20, 27, 32, 40, 64])("starts every name of %s characters, cut or not", (limit) => {
    for (const thing of ["a", "todo", "a-long-thing-to-name-that-is-cut-in-any-case-and-then-some-more"]) {
      for (const named of [label, long])
        expect(named.name(thing, limit).startsWith(named.beginning(limit))).toBe(true);
    }
  });
});

describe("globalName", () => {
  test("differs by account and by region", () => {
    const names = [
      label.globalName("files"),
      new Label({ ...config, accountId: "222222222222" }).globalName("files"),
      new Label({ ...config, region: "us-east-1" }).globalName("files"),
    ];
    expect(new Set(names).size).toBe(3);
  });

  test("stays within S3's 63 characters", () => {
    expect(label.globalName("x".repeat(100)).length).toBeLessThanOrEqual(63);
  });
});

test("two projects and two environments in one account never share a name", () => {
  const names = ["acme", "other"].flatMap((project) =>
    ["dev", "prod"].map((environment) => new Label({ ...config, project, environment }).globalName("files")),
  );
  expect(new Set(names).size).toBe(4);
});
