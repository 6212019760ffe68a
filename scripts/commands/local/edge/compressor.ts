import { pipeline, Readable } from "node:stream";
import { createBrotliCompress, createGzip, constants as zlib } from "node:zlib";

/** Of 0 to 11; higher ones take long for little. */
const BROTLI_QUALITY = 5;

/** Bytes compressed as they come. What cuts them off cuts off the result. */
export function compressed(bytes: AsyncIterable<Buffer>, encoding: "br" | "gzip"): AsyncIterable<Buffer> {
  const compressor =
    encoding === "gzip"
      ? createGzip()
      : createBrotliCompress({ params: { [zlib.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } });
  pipeline(Readable.from(bytes), compressor, () => undefined);
  return compressor;
}
