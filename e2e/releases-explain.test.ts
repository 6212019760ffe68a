/** What `scripts/cdn-explain` says of a request is what becomes of it at the edge: behaviour, key, time, and how it is answered. */
import { join } from "node:path";
import type { Explanation } from "../scripts/commands/cdn-explain/explain";
import { run as runExplain } from "../scripts/commands/cdn-explain/run";
import { STACK } from "../scripts/commands/local/deploy";
import { deployedStack, LaterEdge } from "./internal/later-edge";
import { ROOT, run } from "./internal/project";
import { type Download, Releases } from "./internal/releases";

const releases = new Releases();
let edge: LaterEdge;

jest.setTimeout(60_000);

beforeAll(async () => {
  edge = await new LaterEdge().start();
});

afterAll(async () => {
  await edge?.end();
  await releases.remove();
});

interface Asked {
  readonly target: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Asks the edge. */
function ask({ target, method = "GET", headers = {} }: Asked): Promise<Download> {
  return edge.download(target, { method, headers });
}

/** Explains a request, to which the origin answers that. */
function explain({ target, method = "GET", headers = {} }: Asked, answer?: Download): Explanation {
  const { "x-forwarded-proto": protocol = "https", ...others } = headers;
  const url = protocol === "http" ? `http://d111111abcdef8.cloudfront.net${target}` : target;
  const control = answer?.headers["cache-control"];
  const text = runExplain(ROOT, STACK, url, {
    method,
    header: Object.entries(others).map(([name, value]) => `${name}: ${value}`),
    status: answer?.status ?? 200,
    response: control === undefined ? [] : [`Cache-Control: ${control}`],
    stack: deployedStack(),
    json: true,
  });
  return JSON.parse(text) as Explanation;
}

describe("of a file it says behaviour and time, and the edge keeps it for that long", () => {
  test.each([
    { target: releases.path("/updates/v1.2.3-*.zip"), pattern: "/updates/v*.*.*", ttl: 31_536_000 },
    { target: releases.path("/updates/*/setup.zip"), pattern: "/updates/*", ttl: 3600 },
    { target: releases.path("/updates/*/latest.json?x=1"), pattern: "/updates/*latest*", ttl: 300 },
    // The first that matches counts: a version does not help what is called latest.
    { target: releases.path("/updates/v1.0.0-latest-*.zip"), pattern: "/updates/*latest*", ttl: 300 },
    { target: releases.path("/downloads/*/tool-2.0.dmg"), pattern: "/downloads/*", ttl: 604_800 },
    { target: releases.path("/downloads/*/installer"), pattern: "/downloads/*", ttl: 3600 },
  ])("$target: $pattern, $ttl s", async ({ target, pattern, ttl }) => {
    await releases.publish(target.replace(/\?.*/, ""), "content");
    const first = await ask({ target });
    expect(first).toMatchObject({ status: 200, result: "Miss" });
    const { outcome, behaviour, freshness } = explain({ target }, first);
    expect({ outcome, pattern: behaviour.pathPattern, ttl: freshness?.ttlSeconds }).toEqual({
      outcome: "cache",
      pattern,
      ttl,
    });
    edge.pass(ttl - 1);
    expect(await ask({ target })).toMatchObject({ result: "Hit", headers: { age: String(ttl - 1) } });
    edge.pass(1);
    expect((await ask({ target })).result).toBe("RefreshHit");
  });
});

describe("of two requests it says the same key exactly when the second is served from the cache", () => {
  const archive = releases.path("/updates/v1.2.3-*-keys.zip");
  const latest = releases.path("/updates/*/latest-keys.json");
  const installer = "/downloads/installer?platform=windows&arch=x64";

  test.each<{ name: string; files: readonly string[]; first: Asked; second: Asked; same: boolean }>([
    {
      name: "an unknown parameter",
      files: [archive],
      first: { target: archive },
      second: { target: `${archive}?a=1` },
      same: true,
    },
    {
      name: "another order of known parameters",
      files: ["/downloads/installer-windows-x64"],
      first: { target: installer },
      second: { target: "/downloads/installer?arch=x64&platform=windows" },
      same: true,
    },
    {
      name: "another value of a known parameter",
      files: ["/downloads/installer-windows-x64", "/downloads/installer-windows-arm64"],
      first: { target: installer },
      second: { target: "/downloads/installer?platform=windows&arch=arm64" },
      same: false,
    },
    {
      name: "a header that does not count",
      files: [archive],
      first: { target: archive },
      second: { target: archive, headers: { "x-update-channel": "beta", cookie: "a=1" } },
      same: true,
    },
    {
      name: "a header that counts",
      files: [latest],
      first: { target: latest, headers: { "x-update-channel": "beta" } },
      second: { target: latest, headers: { "x-update-channel": "stable" } },
      same: false,
    },
    {
      name: "another order of encodings",
      files: [latest],
      first: { target: latest, headers: { "accept-encoding": "gzip, br" } },
      second: { target: latest, headers: { "accept-encoding": "br;q=1, deflate, gzip" } },
      same: true,
    },
    {
      name: "another encoding",
      files: [latest],
      first: { target: latest, headers: { "accept-encoding": "br" } },
      second: { target: latest, headers: { "accept-encoding": "gzip" } },
      same: false,
    },
    {
      name: "HEAD",
      files: [archive],
      first: { target: archive },
      second: { target: archive, method: "HEAD" },
      same: true,
    },
  ])("$name: $same", async ({ files, first, second, same }) => {
    for (const file of files) await releases.publish(file, "content");
    // Whatever is cached has expired, even of the classes above.
    edge.pass(40_000_000);
    const answer = await ask(first);
    expect(answer.status).toBe(200);
    expect(await ask(first)).toMatchObject({ result: "Hit" });
    const [{ key }, { key: other }] = [explain(first, answer), explain(second, answer)];
    expect(key).toBeDefined();
    expect({ same: JSON.stringify(key) === JSON.stringify(other) }).toEqual({ same });
    const { status, result } = await ask(second);
    expect({ status, isHit: result === "Hit" }).toEqual({ status: 200, isHit: same });
  });
});

describe("of what is not served from the cache it says so", () => {
  const PLAIN = { "x-forwarded-proto": "http" };
  const PREFLIGHT = { origin: "http://localhost:3000", "access-control-request-method": "GET" };

  test.each<Asked & { outcome: Explanation["outcome"]; status: number; results: readonly string[] }>([
    { target: "/", outcome: "pass", status: 200, results: ["Miss", "Miss"] },
    { target: "/form", method: "POST", outcome: "pass", status: 404, results: ["Error", "Error"] },
    { target: "/updates/v1.zip", method: "DELETE", outcome: "refuse", status: 403, results: ["Error"] },
    { target: "/updates/v1.zip", headers: PLAIN, outcome: "redirect", status: 301, results: ["Redirect"] },
    {
      target: "/updates/v1.zip",
      method: "OPTIONS",
      headers: PREFLIGHT,
      outcome: "respond",
      status: 204,
      results: ["FunctionGeneratedResponse"],
    },
  ])("$method $target $headers: $outcome", async ({ outcome, status, results, ...asked }) => {
    const explanation = explain(asked);
    expect(explanation.outcome).toBe(outcome);
    if (outcome !== "pass") expect(explanation.status).toBe(status);
    for (const result of results) expect(await ask(asked)).toMatchObject({ status, result });
  });

  test("an error that the application does not want kept is not, and of others it says for how long", async () => {
    const target = releases.path("/updates/*-missing.zip");
    const missing = await ask({ target });
    expect(missing).toMatchObject({ status: 404, result: "Error" });
    expect(explain({ target }, missing).freshness).toMatchObject({
      stored: false,
      rule: "forbidden-by-origin",
    });
    expect((await ask({ target })).originRequest).not.toBe(missing.originRequest);
  });
});

test("the command itself says the same, for a reader", async () => {
  const target = releases.path("/updates/*/latest.json?utm_source=mail");
  const command = [join(ROOT, "scripts", "cdn-explain"), STACK, target, "--stack", deployedStack()] as const;
  const { code, output } = await run([...command, "--response", "Cache-Control: public, max-age=600"], ROOT, {
    PATH: process.env["PATH"],
  });
  expect(code).toBe(0);
  expect(output).toContain("/updates/*latest*, number 1 of 6");
  expect(output).toContain(`makes it ${target.replace(/\?.*/, "")}\n`);
  expect(output).toContain("300 s (5 minutes) with the status 200: max-age=600, cut to the most of");
});
