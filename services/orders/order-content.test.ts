import fc from "fast-check";
import { Problem } from "../../runtime";
import { MOST_CENTS, mayBecome, totalCents } from "./order";
import { orderContent, type Product, repeatedProducts } from "./order-content";

function products(...list: Partial<Product>[]): Map<string, Product> {
  const whole = { id: "a", name: "A", priceCents: 100n, currency: "EUR", available: 10, listed: true };
  return new Map(list.map((product) => [product.id ?? "a", { ...whole, ...product }]));
}

function problemOf(work: () => unknown): Problem {
  try {
    work();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

test("takes names and prices from the catalog, items in the order they were asked for", () => {
  const catalog = products({ id: "a", name: "A", priceCents: 250n }, { id: "b", name: "B", priceCents: 1n });
  const input = {
    items: [
      { productId: "b", quantity: 3 },
      { productId: "a", quantity: 2 },
    ],
  };
  expect(orderContent(input, catalog)).toEqual({
    items: [
      { productId: "b", name: "B", quantity: 3, unitPriceCents: 1n },
      { productId: "a", name: "A", quantity: 2, unitPriceCents: 250n },
    ],
    currency: "EUR",
    totalCents: 503n,
  });
});

test("the whole stock can be ordered", () => {
  const input = { items: [{ productId: "a", quantity: 10 }] };
  expect(orderContent(input, products({})).totalCents).toBe(1000n);
});

test("names everything that is in the way of an order at once", () => {
  const input = {
    items: [
      { productId: "a", quantity: 11 },
      { productId: "gone", quantity: 1 },
      { productId: "dollars", quantity: 1 },
      { productId: "fine", quantity: 1 },
    ],
  };
  const catalog = products({}, { id: "dollars", currency: "USD" }, { id: "fine" });
  const problem = problemOf(() => orderContent(input, catalog));
  expect(problem.status).toBe(409);
  expect(problem.violations).toEqual([
    { pointer: "#/items/0/quantity", detail: "must be at most 10, which are in stock" },
    { pointer: "#/items/1/productId", detail: "is not in the catalog" },
    { pointer: "#/items/2/productId", detail: "is priced in USD, not in EUR" },
  ]);
});

test("what is sold no more is not ordered, though there is some left", () => {
  const problem = problemOf(() =>
    orderContent({ items: [{ productId: "a", quantity: 1 }] }, products({ listed: false })),
  );
  expect(problem.status).toBe(409);
  expect(problem.violations).toEqual([{ pointer: "#/items/0/productId", detail: "is sold no more" }]);
});

test("the currency is that of the first product that the catalog knows", () => {
  const input = {
    items: [
      { productId: "gone", quantity: 1 },
      { productId: "b", quantity: 1 },
    ],
  };
  const problem = problemOf(() => orderContent(input, products({ id: "b", currency: "USD" })));
  expect(problem.violations).toEqual([{ pointer: "#/items/0/productId", detail: "is not in the catalog" }]);
});

test("a total that JSON's readers would round is refused, the largest that they hold is not", () => {
  const price = MOST_CENTS / 1000n;
  const rest = MOST_CENTS - price * 1000n;
  const input = {
    items: [
      { productId: "a", quantity: 1000 },
      { productId: "b", quantity: 1 },
    ],
  };
  const catalog = (cents: bigint) =>
    products({ id: "a", priceCents: price, available: 1000 }, { id: "b", priceCents: cents });
  expect(orderContent(input, catalog(rest)).totalCents).toBe(MOST_CENTS);
  expect(problemOf(() => orderContent(input, catalog(rest + 1n))).violations).toEqual([
    { pointer: "#/items", detail: "must cost at most 9007199254740991 together" },
  ]);
});

test("a product that is named twice is told with the item that named it first", () => {
  const items = ["a", "b", "a", "a"].map((productId) => ({ productId, quantity: 1 }));
  expect(repeatedProducts({ items })).toEqual([
    { pointer: "#/items/2/productId", detail: "must not name the product of item 0 again" },
    { pointer: "#/items/3/productId", detail: "must not name the product of item 0 again" },
  ]);
});

test("a placed order may be cancelled, a cancelled one is at its end", () => {
  expect(mayBecome("placed", "cancelled")).toBe(true);
  expect(mayBecome("cancelled", "placed")).toBe(false);
  expect(mayBecome("placed", "placed")).toBe(false);
});

describe("totals, for any items", () => {
  const item = fc.record({
    productId: fc.string(),
    quantity: fc.integer({ min: 1, max: 1000 }),
    unitPriceCents: fc.bigInt({ min: 0n, max: MOST_CENTS }),
  });
  const items = fc.array(item, { maxLength: 50 });

  test("are those of counting each piece by itself", () => {
    const small = fc.array(
      fc.record({
        quantity: fc.integer({ min: 1, max: 30 }),
        unitPriceCents: fc.bigInt({ min: 0n, max: 99n }),
      }),
    );
    fc.assert(
      fc.property(small, (list) => {
        let sum = 0;
        for (const { quantity, unitPriceCents } of list) {
          for (let piece = 0; piece < quantity; piece++) sum += Number(unitPriceCents);
        }
        expect(totalCents(list)).toBe(BigInt(sum));
      }),
    );
  });

  test("do not depend on the order of items, nor on how they are split", () => {
    fc.assert(
      fc.property(items, items, (first, second) => {
        const whole = totalCents([...first, ...second]);
        expect(totalCents([...second, ...first])).toBe(whole);
        expect(totalCents(first) + totalCents(second)).toBe(whole);
      }),
    );
  });

  test("an order holds what was asked for at the catalog's prices, and a number that is exact in JSON; or it is refused", () => {
    const unique = fc.uniqueArray(item, {
      minLength: 1,
      maxLength: 50,
      selector: ({ productId }) => productId,
    });
    fc.assert(
      fc.property(unique, (list) => {
        const catalog = products(
          ...list.map(({ productId, unitPriceCents }) => ({
            id: productId,
            priceCents: unitPriceCents,
            available: 1000,
          })),
        );
        const exact = list.reduce(
          (sum, { quantity, unitPriceCents }) => sum + unitPriceCents * BigInt(quantity),
          0n,
        );
        const place = () => orderContent({ items: list }, catalog);
        if (exact > MOST_CENTS) {
          expect(problemOf(place).status).toBe(409);
          return;
        }
        const content = place();
        expect(content.items.map(({ productId, quantity }) => [productId, quantity])).toEqual(
          list.map(({ productId, quantity }) => [productId, quantity]),
        );
        expect(BigInt(JSON.parse(JSON.stringify(Number(content.totalCents))))).toBe(exact);
      }),
    );
  });
});
