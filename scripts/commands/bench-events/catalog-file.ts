import type { Product } from "../../../runtime";

/** The first row. */
const HEADER = "id,name,priceCents,currency,available,description,listed\n";
/** Bytes that are read at once, as of a file. */
const CHUNK = 64 * 1024;

/** A product of the file, as the table has it once it is imported. @param index from 0 */
export function catalogProduct(index: number, updatedAt: string): Product {
  return {
    id: `product-${index}`,
    name: `Teapot number ${index}`,
    // In the file a quarter of them is in quotes, with quotes within.
    description:
      index % 4 === 0 ? `Holds "a litre", and pours without a drop (${index}).` : "Holds a litre or so.",
    priceCents: 100 + (index % 9000),
    currency: "EUR",
    available: index % 500,
    listed: index % 10 !== 0,
    ...{ version: 1, updatedAt },
  };
}

/** The file's bytes, a chunk at a time: nothing keeps all of it. @param rows without the first */
export function* catalogFile(rows: number): Generator<Buffer> {
  let text = HEADER;
  for (let index = 0; index < rows; index++) {
    text += line(catalogProduct(index, ""));
    if (text.length < CHUNK) continue;
    yield Buffer.from(text);
    text = "";
  }
  if (text !== "") yield Buffer.from(text);
}

function line({ id, name, priceCents, currency, available, description, listed }: Product): string {
  const quoted = /[",]/.test(description) ? `"${description.replaceAll('"', '""')}"` : description;
  return `${[id, name, priceCents, currency, available, quoted, listed].join(",")}\n`;
}
