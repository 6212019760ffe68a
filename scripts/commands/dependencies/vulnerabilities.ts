import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import * as z from "zod";
import { CommandError } from "../../internal/cli";
import type { Dependency } from "../../internal/dependencies";

/** Where accepted vulnerabilities are, from the project's folder. There need be none. */
export const VULNERABILITIES = "policy/vulnerabilities.yaml";

/** A vulnerability that somebody has made known. */
export interface Vulnerability {
  /** e.g. `GHSA-xxxx-xxxx-xxxx`, `PYSEC-2026-1`. */
  readonly id: string;
  /** Package that has it. */
  readonly package: string;
  /** In npm's words, e.g. `high`. Absent where the source does not say. */
  readonly severity?: string;
}

/** What a source of vulnerabilities answered, or why it did not. */
export type Answer =
  | { readonly source: string; readonly found: readonly Vulnerability[] }
  | { readonly source: string; readonly notAsked: string };

const accepted = z.array(
  z.strictObject({
    id: z.string({ error: "must be the id of a vulnerability" }),
    because: z.string({ error: "must say why" }).min(20, { error: "must say why it does no harm here" }),
  }),
);

/**
 * Ids that are accepted.
 *
 * @throws CommandError naming the first entry that is wrong
 */
export function acceptedVulnerabilities(file: string): readonly string[] {
  if (!existsSync(file)) return [];
  const result = accepted.safeParse(parse(readFileSync(file, "utf8")) ?? []);
  if (result.success) return result.data.map(({ id }) => id);
  const [issue] = result.error.issues;
  throw new CommandError(VULNERABILITIES, `${issue?.path.join(".")} ${issue?.message}`);
}

/** Asks npm's registry. */
export async function askNpm(root: string): Promise<Answer> {
  const source = "npm audit";
  const output = await new Promise<string>((done) => {
    const child = spawn("npm", ["audit", "--json"], { cwd: root, stdio: ["ignore", "pipe", "ignore"] });
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
    });
    child.once("error", () => done(""));
    child.once("close", () => done(text));
  });
  return { source, ...readAudit(output) };
}

/** Reads what `npm audit --json` prints. */
export function readAudit(output: string): { found: Vulnerability[] } | { notAsked: string } {
  let report: {
    message?: string;
    error?: { summary?: string };
    vulnerabilities?: Record<string, { via: (string | { name: string; url: string; severity: string })[] }>;
  };
  try {
    report = JSON.parse(output);
  } catch {
    return { notAsked: "npm gave no answer" };
  }
  const { vulnerabilities, message, error } = report;
  if (!vulnerabilities) {
    // Without the registry's address, which may hold credentials.
    const reason = message?.replace(/ - .*$/s, "") || error?.summary || "the registry gave no answer";
    return { notAsked: reason };
  }
  const found = Object.values(vulnerabilities).flatMap(({ via }) =>
    via.flatMap((cause) =>
      // A text names another package that is at fault.
      typeof cause === "string"
        ? []
        : [{ id: cause.url.split("/").pop() ?? cause.url, package: cause.name, severity: cause.severity }],
    ),
  );
  return { found: [...new Map(found.map((one) => [`${one.id} ${one.package}`, one])).values()] };
}

/** Most queries of one request: https://google.github.io/osv.dev/post-v1-querybatch/ */
const BATCH = 1000;

/**
 * Asks OSV, which has the advisories of PyPI and GitHub.
 *
 * @param address e.g. `https://api.osv.dev`
 */
export async function askOsv(dependencies: readonly Dependency[], address: string): Promise<Answer> {
  const source = "OSV";
  const found: Vulnerability[] = [];
  try {
    for (let start = 0; start < dependencies.length; start += BATCH) {
      const asked = dependencies.slice(start, start + BATCH);
      const queries = asked.map(({ name, version }) => ({ version, package: { name, ecosystem: "PyPI" } }));
      const response = await fetch(`${address}/v1/querybatch`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ queries }),
        signal: AbortSignal.timeout(15_000),
      });
      if (!response.ok) return { source, notAsked: `it answered ${response.status}` };
      const { results } = (await response.json()) as { results: { vulns?: { id: string }[] }[] };
      results.forEach(({ vulns = [] }, index) => {
        for (const { id } of vulns) found.push({ id, package: asked[index]?.name ?? "" });
      });
    }
  } catch {
    return { source, notAsked: "it could not be reached" };
  }
  return { source, found };
}
