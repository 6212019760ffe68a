/** The product that is asked for, as the catalog tells it. */
export const PRODUCT = {
  id: "teapot-blue",
  name: "Blue teapot",
  description: "Holds a litre, keeps it warm for an hour, and pours without a drop beside the cup.",
  priceCents: 3900,
  currency: "EUR",
  available: 1_000_000,
  listed: true,
  version: 1,
  updatedAt: "2024-01-01T00:00:00.000Z",
};
