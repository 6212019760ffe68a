import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { IAM_EXCEPTIONS, type IamException } from "./iam-exceptions";

/*
 * Every statement of every policy, of roles and of resources, in every stack. Goldens are what is synthesised: synth.test.ts holds it.
 */
const goldens = join(__dirname, "testdata");

interface Statement {
  readonly Sid?: string;
  readonly Effect: "Allow" | "Deny";
  readonly Action?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Principal?: unknown;
  readonly Condition?: unknown;
}

interface Placed extends Statement {
  /** Golden and construct path, e.g. `envs-prod: todo-table/table`. */
  readonly where: string;
  /** Path of the construct below its stack. */
  readonly path: string;
}

/** Policies are JSON in strings, wherever in a resource they are. */
function documentsIn(value: unknown): Statement[] {
  if (typeof value === "string") {
    if (!value.includes('"Statement"')) return [];
    return documentsIn(JSON.parse(value));
  }
  if (typeof value !== "object" || value === null) return [];
  const { Statement } = value as { Statement?: Statement | Statement[] };
  if (Statement !== undefined) return [Statement].flat();
  return Object.values(value).flatMap(documentsIn);
}

const STATEMENTS: readonly Placed[] = readdirSync(goldens)
  .filter((file) => /^(envs|bootstrap)-/.test(file))
  .flatMap((golden) => {
    const { resource } = JSON.parse(readFileSync(join(goldens, golden), "utf8"));
    const resources = Object.values<Record<string, Record<string, unknown>>>(resource).flatMap(Object.values);
    return resources.flatMap(({ "//": comment, ...properties }) => {
      const path = (comment as { metadata: { path: string } }).metadata.path.split("/").slice(2).join("/");
      const where = `${golden.replace(".json", "")}: ${path}`;
      return documentsIn(properties).map((statement) => ({ ...statement, where, path }));
    });
  });

const list = (value: string | readonly string[] | undefined) => (value === undefined ? [] : [value].flat());

/** Actions and resources that say more than one thing. A policy variable is no wildcard. */
const wildcards = ({ Action, Resource }: Statement) =>
  [...list(Action), ...list(Resource)].filter((text) => /[*?]/.test(text));

function covers(exception: IamException, statement: Placed, wildcard: string): boolean {
  const { sid = /^/, place = /^/, condition = /^/, effect = "Allow" } = exception;
  return (
    exception.wildcard.test(wildcard) &&
    sid.test(statement.Sid ?? "") &&
    place.test(statement.path) &&
    condition.test(JSON.stringify(statement.Condition ?? {})) &&
    statement.Effect === effect
  );
}

test("there are policies of every kind", () => {
  expect(STATEMENTS.length).toBeGreaterThan(1000);
});

test("control 21: no wildcard in an action or a resource is without a reason", () => {
  const without = STATEMENTS.flatMap((statement) =>
    wildcards(statement)
      .filter((wildcard) => !IAM_EXCEPTIONS.some((exception) => covers(exception, statement, wildcard)))
      .map((wildcard) => `${statement.where}, ${statement.Sid}: ${wildcard}`),
  );
  // Narrow it, or write its reason into envs/iam-exceptions.ts.
  expect(without).toEqual([]);
});

test("every reason is of some wildcard", () => {
  const idle = IAM_EXCEPTIONS.filter(
    (exception) =>
      !STATEMENTS.some((statement) =>
        wildcards(statement).some((wildcard) => covers(exception, statement, wildcard)),
      ),
  );
  expect(idle).toEqual([]);
});

test("control 21: nothing is allowed by what it is not", () => {
  const inverted = STATEMENTS.filter((statement) =>
    ["NotAction", "NotResource", "NotPrincipal"].some((element) => element in statement),
  );
  expect(inverted).toEqual([]);
});

test("control 21: nobody is allowed anything without a condition that names somebody", () => {
  const open = STATEMENTS.filter(
    ({ Effect, Principal, Condition, path }) =>
      Effect === "Allow" &&
      // Endpoints only let pass what others allow.
      !path.startsWith("network/endpoints/") &&
      (Principal === "*" || (Principal as { AWS?: unknown } | undefined)?.AWS === "*") &&
      Condition === undefined,
  );
  expect(open.map(({ where, Sid }) => `${where}, ${Sid}`)).toEqual([]);
});
