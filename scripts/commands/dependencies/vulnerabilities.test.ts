import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Dependency } from "../../internal/dependencies";
import { describe as describeReport, isClean, type Report } from "./run";
import { askOsv, readAudit } from "./vulnerabilities";

describe("npm audit", () => {
  test("names each vulnerability once, of the package that has it", () => {
    const cause = {
      name: "braces",
      url: "https://github.com/advisories/GHSA-grv7-fg5c-xmjg",
      severity: "high",
    };
    const output = JSON.stringify({
      vulnerabilities: { braces: { via: [cause] }, micromatch: { via: ["braces"] }, other: { via: [cause] } },
    });
    expect(readAudit(output)).toEqual({
      found: [{ id: "GHSA-grv7-fg5c-xmjg", package: "braces", severity: "high" }],
    });
  });

  test.each([
    [
      "a registry that cannot be asked",
      JSON.stringify({ message: "405 Method Not Allowed - POST https://user:password@registry.example/x" }),
      "405 Method Not Allowed",
    ],
    ["an error without words", JSON.stringify({ error: { summary: "" } }), "the registry gave no answer"],
    ["no answer at all", "", "npm gave no answer"],
  ])("says so of %s", (_case, output, notAsked) => {
    expect(readAudit(output)).toEqual({ notAsked });
  });
});

describe("OSV", () => {
  const dependencies: Dependency[] = ["a", "b", "c"].map((name) => ({
    ecosystem: "pypi",
    name,
    version: "1.0",
    development: true,
  }));
  let server: Server;
  let status: number;
  let asked: unknown;

  beforeAll(async () => {
    // A stand-in of OSV: it knows one vulnerability, of the second package it is asked for.
    server = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk) => {
        body += chunk;
      });
      request.on("end", () => {
        asked = { path: request.url, ...JSON.parse(body) };
        response.writeHead(status).end(JSON.stringify({ results: [{}, { vulns: [{ id: "PYSEC-1" }] }, {}] }));
      });
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  });

  afterAll(() => new Promise((done) => server.close(done)));

  const address = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  test("is asked for every version, and answers by their order", async () => {
    status = 200;
    expect(await askOsv(dependencies, address())).toEqual({
      source: "OSV",
      found: [{ id: "PYSEC-1", package: "b" }],
    });
    expect(asked).toMatchObject({
      path: "/v1/querybatch",
      queries: [{ version: "1.0", package: { name: "a", ecosystem: "PyPI" } }, {}, {}],
    });
  });

  test("that fails has not been asked", async () => {
    status = 503;
    expect(await askOsv(dependencies, address())).toEqual({ source: "OSV", notAsked: "it answered 503" });
  });

  test("that is out of reach has not been asked", async () => {
    expect(await askOsv(dependencies, "http://127.0.0.1:1")).toEqual({
      source: "OSV",
      notAsked: "it could not be reached",
    });
  });
});

describe("the report", () => {
  const clean: Report = { dependencies: 3, licences: [], vulnerabilities: [], notAsked: [] };
  const silent: Report = { ...clean, notAsked: [{ source: "OSV", why: "it could not be reached" }] };
  const harmed: Report = { ...clean, vulnerabilities: [{ id: "PYSEC-1", package: "b" }] };

  test.each([
    ["nothing wrong", clean, true, true],
    ["a source that did not answer", silent, true, false],
    ["a vulnerability", harmed, false, false],
    ["a licence", { ...clean, licences: ["x"] }, false, false],
  ])("with %s", (_case, report, otherwise, everyoneAsked) => {
    expect(isClean(report, false)).toBe(otherwise);
    expect(isClean(report, true)).toBe(everyoneAsked);
  });

  test("never passes over a source that did not answer", () => {
    expect(describeReport({ ...harmed, notAsked: silent.notAsked })).toBe(
      [
        "3 dependencies: 0 faults of licences, 1 known vulnerability",
        "b: PYSEC-1; update it, or say in policy/vulnerabilities.yaml why it does no harm here",
        "NOT ASKED: OSV: it could not be reached. What it knows of vulnerabilities is unknown here.",
      ].join("\n"),
    );
  });
});
