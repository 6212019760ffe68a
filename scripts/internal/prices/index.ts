/**
 * What AWS charges, each price with the date and the address of the source that it was read in. A price that no source was found for
 * is absent: whoever asks for it gets undefined, and has to say so.
 *
 * ```ts
 * const prices = loadPrices();
 * const price = prices.price("cloudfront", "transfer-out", "europe");
 * if (price !== undefined) amountOf(price, 12_000); // for 12 000 GB in a month
 * ```
 *
 * The files are this package's data: to add or renew a price, change a file of it, with its source. A GB is 2^30 bytes, as AWS's tiers
 * count it: the first of 10 TB ends at 10240 GB.
 *
 * @module
 */
export { type Allowance, amountOf, BYTES_PER_GIGABYTE, type Price, PriceBook, type Tier } from "./price-book";
export { loadPrices, parsePriceFile } from "./read";
