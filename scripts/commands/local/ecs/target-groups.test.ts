import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { isHealthy, matches } from "./target-groups";

test.each([
  ["200", 200, true],
  ["200", 204, false],
  ["200,202", 202, true],
  ["200-299", 204, true],
  ["200-299", 300, false],
  ["200-202, 301", 301, true],
])("the matcher %s and %s: %s", (matcher, status, expected) => {
  expect(matches(matcher, status)).toBe(expected);
});

describe("a target", () => {
  const check = {
    path: "/health/ready",
    matcher: "200",
    intervalSeconds: 1,
    timeoutSeconds: 5,
    healthyThreshold: 2,
    unhealthyThreshold: 2,
  };
  let server: Server;
  let port: number;

  beforeAll(async () => {
    server = createServer((request, response) => {
      if (request.url === "/slow") return;
      response.writeHead(request.url === "/moved" ? 302 : 200, { location: "/health/ready" }).end();
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    port = (server.address() as AddressInfo).port;
  });

  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  test.each([
    ["that answers is healthy", "/health/ready", true],
    ["that leads elsewhere is not: redirects are not followed", "/moved", false],
  ])("%s", async (_, path, expected) => {
    expect(await isHealthy({ ...check, path }, port)).toBe(expected);
  });

  test("that answers too late is not", async () => {
    expect(await isHealthy({ ...check, path: "/slow", timeoutSeconds: 0.1 }, port)).toBe(false);
  });

  test("that is not there is not", async () => {
    expect(await isHealthy(check, 1)).toBe(false);
  });
});
