import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { request } from "undici";
import { administratorConfig, endpoints } from "../internal/environment";
import { type Answer, expectProblem, type RequestHeaders, send } from "../internal/http";
import { serviceUrl } from "../internal/services";
import { type Customer, newCustomer } from "../internal/shop";

let elb: ElasticLoadBalancingV2Client;
let customer: Customer;

beforeAll(async () => {
  elb = new ElasticLoadBalancingV2Client(administratorConfig());
  customer = await newCustomer();
});

afterAll(() => elb.destroy());

/** The deployed load balancer of a name: its DNS name, and the conditions of its rules by priority. */
async function balancer(name: string) {
  const { LoadBalancers = [] } = await elb.send(new DescribeLoadBalancersCommand());
  const found = LoadBalancers.find(({ LoadBalancerName }) => LoadBalancerName?.endsWith(`-${name}`));
  const { LoadBalancerArn, DNSName = "", Scheme } = found ?? {};
  const { Listeners = [] } = await elb.send(new DescribeListenersCommand({ LoadBalancerArn }));
  const { ListenerArn } = Listeners[0] ?? {};
  const { Rules = [] } = await elb.send(new DescribeRulesCommand({ ListenerArn }));
  return {
    host: DNSName,
    scheme: Scheme,
    paths: Object.fromEntries(
      Rules.map(({ Priority = "", Conditions = [] }) => [
        Priority,
        Conditions.flatMap(({ PathPatternConfig }) => PathPatternConfig?.Values ?? []).sort(),
      ]),
    ),
  };
}

/** Asks at the emulator's port for a host, as a client in the VPC does. */
async function ask(host: string, path: string, headers: RequestHeaders = {}): Promise<Answer<unknown>> {
  // Not by fetch, which sets Host by the URL.
  const response = await request(`${endpoints().endpoint}${path}`, {
    headers: { host, authorization: `Bearer ${customer.idToken}`, ...headers },
  });
  const text = await response.body.text();
  const given = new Headers(
    Object.entries(response.headers).map(([name, value]): [string, string] => [name, String(value)]),
  );
  const body = given.get("content-type")?.includes("json") ? JSON.parse(text) : undefined;
  return { status: response.statusCode, headers: given, text, body };
}

/** What each service alone says of a route that it does not have, or of a thing that is not there. */
const PRODUCT_MISSING = "There is no such product.";
const ORDER_MISSING = "There is no such order.";
const ROUTE_MISSING = "No such route.";
const NO_ORDER = "/v1/orders/01890a5d-ac96-774b-bcce-b302099a8057";

describe("the listener inside the VPC", () => {
  test("has a rule for each service, and is reached from inside alone", async () => {
    const { scheme, paths } = await balancer("internal");
    expect(scheme).toBe("internal");
    expect(paths).toEqual({
      10: ["/v1/products", "/v1/products/*"],
      20: ["/v1/orders", "/v1/orders/*"],
      default: [],
    });
  });

  test.each([
    ["/v1/products/no-such", PRODUCT_MISSING],
    [NO_ORDER, ORDER_MISSING],
  ])("leads %s to the service that has it", async (path, detail) => {
    const { host } = await balancer("internal");
    expect(expectProblem(await ask(host, path), 404).detail).toBe(detail);
  });

  test.each(["/v1/products?limit=1", "/v1/orders?limit=1"])(
    "leads %s there as well, with its query",
    async (path) => {
      const { host } = await balancer("internal");
      const answer = await ask(host, path);
      expect({ status: answer.status, body: answer.body }).toEqual({
        status: 200,
        body: expect.objectContaining({ items: expect.any(Array) }),
      });
      expectProblem(await ask(host, path.replace("=1", "=0")), 400);
    },
  );

  test.each([
    "/",
    "/v1",
    "/v1/productsx",
    "/v1/order",
    "/v2/products",
    "/v1/sessions",
    "/health/ready",
    "/V1/PRODUCTS",
  ])("answers 404 by itself to %s", async (path) => {
    const { host } = await balancer("internal");
    const answer = await ask(host, path);
    expect(answer.status).toBe(404);
    // Of the types that a load balancer has, the nearest to problem details.
    expect(answer.headers.get("content-type")).toBe("application/json");
    expect(answer.body).toEqual(expect.objectContaining({ status: 404 }));
    // No service has seen it: each gives its answers an id.
    expect(answer.headers.get("x-request-id")).toBeNull();
  });
});

describe("a service's own listener", () => {
  test.each([
    ["catalog", NO_ORDER, ROUTE_MISSING],
    ["catalog", "/v1/products/no-such", PRODUCT_MISSING],
    ["orders", "/v1/products/no-such", ROUTE_MISSING],
    ["orders", NO_ORDER, ORDER_MISSING],
    ["storefront", NO_ORDER, ROUTE_MISSING],
  ])("of %s leads everything to it: %s", async (name, path, detail) => {
    const { host, scheme } = await balancer(name);
    expect(scheme).toBe("internet-facing");
    const session = { "X-Session-Token": customer.sessionToken };
    expect(expectProblem(await ask(host, path, session), 404).detail).toBe(detail);
  });
});

test.each(["acme-local-nothing-1a2b3c4d.us-east-1.elb.amazonaws.com", "catalog.example.com"])(
  "another host reaches no service: %s",
  async (host) => {
    const answer = await ask(host, "/v1/products");
    expect(answer.status).toBe(404);
    expect(answer.headers.get("x-request-id")).toBeNull();
  },
);

test("control 38: every answer of a service is for TLS alone, its type is not guessed, and it is for the client alone", async () => {
  for (const name of ["catalog", "orders", "storefront"] as const) {
    const ok = await send("GET", `${serviceUrl(name)}/v1/${name === "catalog" ? "products" : "orders"}`, {
      headers: { Authorization: `Bearer ${customer.idToken}`, "X-Session-Token": customer.sessionToken },
    });
    const refused = await send("GET", `${serviceUrl(name)}/v1/orders`);
    expect([ok.status, refused.status]).toEqual([200, 401]);
    for (const { headers } of [ok, refused]) {
      expect(headers.get("strict-transport-security")).toBe("max-age=63072000; includeSubDomains");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
    }
    expect(ok.headers.get("cache-control")).toBe("private, no-cache");
    expect(refused.headers.get("cache-control")).toBe("no-store");
  }
});
