import { ApiContract } from "./api-contract";

const contract = new ApiContract("api/catalog/v1.yaml");
const product = {
  ...{ id: "teapot", name: "Teapot", description: "", priceCents: 3900, currency: "EUR", available: 1 },
  ...{ listed: true, version: 1, updatedAt: "2024-01-01T00:00:00.000Z" },
};
const headers = { "Content-Type": "application/json", ETag: '"1"', "Cache-Control": "private, no-cache" };

function violations(status: number, body: unknown, change: Record<string, string> = {}, method = "GET") {
  const text = body === undefined ? "" : JSON.stringify(body);
  const answer = { status, headers: new Headers({ ...headers, ...change }), text };
  return contract.violationsAt(method, "/v1/products/teapot?x=1", answer);
}

test("nothing is wrong with what the document says, with what has no body, and with what it does not speak of", () => {
  expect(violations(200, product)).toEqual([]);
  expect(violations(304, undefined)).toEqual([]);
  expect(violations(404, {}, {}, "PATCH")).toEqual([]);
  expect(
    contract.violationsAt("GET", "/health/live", { status: 200, headers: new Headers(), text: "" }),
  ).toEqual([]);
});

test.each([
  ["another status", violations(418, {}), ["getProduct 418 is not documented: {}"]],
  [
    "another type",
    violations(200, product, { "Content-Type": "text/html" }),
    ["getProduct 200 is of type text/html"],
  ],
  ["a body where there is none", violations(304, {}), ["getProduct 304 has a body: {}"]],
  ["another method", violations(200, product, {}, "PATCH"), ["PATCH /v1/products/{id} is not documented"]],
])("%s is wrong", (_what, found, expected) => {
  expect(found).toEqual(expected);
});

test("a body is wrong by what it lacks and by what it has too much, and so is a header that is missing", () => {
  const { name: _, ...unnamed } = product;
  const [sentence] = violations(200, { ...unnamed, secret: 1 });
  expect(sentence).toContain("must have required property 'name'");
  expect(sentence).toContain("must NOT have additional properties");
  const bare = { status: 304, headers: new Headers(), text: "" };
  expect(contract.violationsAt("GET", "/v1/products/teapot", bare)).toEqual([
    "getProduct 304 lacks the header ETag",
  ]);
});

test("knows every status of every operation", () => {
  expect(contract.documented()).toEqual(
    expect.arrayContaining(["listProducts 200", "getProduct 404", "putProduct 428"]),
  );
});
