import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { type Allowance, type Price, PriceBook, type Tier } from "./price-book";

const name = z.string().regex(/^[a-z0-9][a-z0-9.-]*$/, {
  error: "must be lower-case letters, digits, dots and hyphens, like transfer-out",
});
const amount = z.number({ error: "must be a number of 0 or more" }).min(0, { error: "must be 0 or more" });
const quantity = z.number({ error: "must be a number above 0" }).gt(0, { error: "must be above 0" });
const unit = z.string({ error: "must be what is counted, like GB" }).min(1);

const source = z.strictObject({
  date: z.iso.date({ error: "must be a date like 2026-11-24" }),
  url: z.url({ protocol: /^https$/, error: "must be an address that begins with https://" }),
  what: z.string().min(1, { error: "must say what was read" }),
});

const price = z
  .strictObject({
    item: name,
    region: name,
    unit,
    per: quantity.default(1),
    source: name,
    price: amount.optional(),
    tiers: z.array(z.strictObject({ upTo: quantity.exactOptional(), price: amount })).optional(),
  })
  .superRefine(({ price: single, tiers }, context) => {
    const problem = (message: string, ...path: (string | number)[]) =>
      context.addIssue({ code: "custom", message, path });
    if ((single === undefined) === (tiers === undefined))
      return problem("must have price or tiers, not both");
    if (tiers?.length === 0) return problem("must have a tier", "tiers");
    let before = 0;
    for (const [index, { upTo }] of (tiers ?? []).entries()) {
      const isLast = index + 1 === tiers?.length;
      if (upTo === undefined && !isLast)
        problem("may be left out of the last tier alone", "tiers", index, "upTo");
      if (upTo !== undefined && upTo <= before) {
        problem(`must be above the ${before} of the tier before`, "tiers", index, "upTo");
      }
      before = upTo ?? before;
    }
  });

const allowance = z.strictObject({ item: name, unit, quantity, source: name });

const priceFile = z
  .strictObject({
    service: name,
    currency: z.string().regex(/^[A-Z]{3}$/, { error: "must be a currency's code like USD" }),
    /** By the name that prices know them by. */
    sources: z.record(name, source),
    prices: z.array(price),
    allowances: z.array(allowance),
  })
  .superRefine(({ sources, prices, allowances }, context) => {
    for (const [list, entries] of Object.entries({ prices, allowances })) {
      for (const [index, entry] of entries.entries()) {
        if (sources[entry.source] !== undefined) continue;
        const message = `must be one of sources: ${Object.keys(sources).join(", ")}`;
        context.addIssue({ code: "custom", message, path: [list, index, "source"] });
      }
    }
  });

/**
 * Reads all prices that this package has.
 *
 * @throws Error naming file and field of all that is wrong in the first file that something is wrong in
 */
export function loadPrices(): PriceBook {
  const files = readdirSync(__dirname).filter((file) => file.endsWith(".json"));
  const all = files.map((file) => parsePriceFile(file, readFileSync(join(__dirname, file), "utf8")));
  return new PriceBook(
    all.flatMap(({ prices }) => prices),
    all.flatMap(({ allowances }) => allowances),
  );
}

/**
 * Reads one file of prices.
 *
 * @param file what errors name
 * @param text JSON
 * @throws Error with a line for each field that is wrong
 */
export function parsePriceFile(
  file: string,
  text: string,
): { readonly prices: Price[]; readonly allowances: Allowance[] } {
  const read = priceFile.safeParse(parseJson(file, text));
  if (!read.success) {
    throw new Error(
      read.error.issues.map(({ path, message }) => `${fieldOf(file, path)} ${message}`).join("\n"),
    );
  }
  const { service, currency, sources, prices, allowances } = read.data;
  return {
    prices: prices.map(({ price: single, tiers, source: known, ...rest }) => ({
      ...rest,
      service,
      currency,
      tiers: (tiers ?? [{ price: single ?? 0 }]) as [Tier, ...Tier[]],
      source: sources[known] as Price["source"],
    })),
    allowances: allowances.map(({ source: known, ...rest }) => ({
      ...rest,
      service,
      source: sources[known] as Price["source"],
    })),
  };
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`prices/${file}: ${(error as Error).message}`);
  }
}

function fieldOf(file: string, path: readonly PropertyKey[]): string {
  const field = path
    .map((part, index) =>
      typeof part === "number" ? `[${part}]` : `${index === 0 ? "" : "."}${String(part)}`,
    )
    .join("");
  return `prices/${file}:${field === "" ? "" : ` ${field}`}`;
}
