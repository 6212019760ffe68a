/** The first and the last byte of a part, both included. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/** What is sent of an object. */
export type RequestedBytes =
  | { readonly kind: "whole"; readonly reason: string }
  | { readonly kind: "parts"; readonly ranges: readonly [ByteRange, ...ByteRange[]] }
  | { readonly kind: "unsatisfiable" };

/**
 * What a header `Range` asks of an object in the cache. Whatever does not come up to CloudFront's requirements gets the whole object:
 * ranges that are not in ascending order, overlap, or are not all valid.
 *
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RangeGETs.html
 * RFC 9110, 14.1.2 and 14.2
 *
 * @param size of the object, in bytes
 */
export function requestedBytes(header: string | undefined, size: number): RequestedBytes {
  if (header === undefined) return whole("no range is asked for");
  const [, set] = /^bytes=(.+)$/i.exec(header.trim()) ?? [];
  if (set === undefined) return whole("the range is not one of bytes");
  const specifications = set.split(",").map((text) => /^\s*(\d*)-(\d*)\s*$/.exec(text));
  const satisfiable: ByteRange[] = [];
  for (const specification of specifications) {
    const [, from = "", to = ""] = specification ?? [];
    if (from === "" && to === "") return whole("not all ranges are valid");
    if (from !== "" && to !== "" && Number(to) < Number(from)) return whole("not all ranges are valid");
    const range = rangeWithin(from, to, size);
    if (range !== undefined) satisfiable.push(range);
  }
  const [first, ...others] = satisfiable;
  if (first === undefined) return { kind: "unsatisfiable" };
  let before = first;
  for (const range of others) {
    if (range.first <= before.last) return whole("the ranges overlap or are not in ascending order");
    before = range;
  }
  return { kind: "parts", ranges: [first, ...others] };
}

/** A range of an object of that size; undefined when no byte of it is there. */
function rangeWithin(from: string, to: string, size: number): ByteRange | undefined {
  if (from === "") {
    const length = Math.min(Number(to), size);
    return length === 0 ? undefined : { first: size - length, last: size - 1 };
  }
  const first = Number(from);
  if (first >= size) return undefined;
  return { first, last: to === "" ? size - 1 : Math.min(Number(to), size - 1) };
}

function whole(reason: string): RequestedBytes {
  return { kind: "whole", reason };
}
