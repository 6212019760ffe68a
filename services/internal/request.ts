import { Problem, readJsonBody, readParameters, type Validate } from "../../runtime";
import type { ServiceContext } from "./app";

/**
 * Reads query parameters and headers. Headers are those named.
 *
 * @throws Problem 400 naming every violation
 */
export function parametersOf<T>(
  { req }: ServiceContext,
  validate: Validate,
  headers: readonly string[] = [],
): T {
  return readParameters<T>({ query: req.queries(), header: (name) => req.header(name) }, validate, headers);
}

/**
 * Reads a body of JSON. Defaults are filled in.
 *
 * @param mostBytes largest body. @default 65 536
 * @throws Problem 415, 413 or 400, the last naming every violation
 */
export async function bodyOf<T>(
  context: ServiceContext,
  validate: Validate,
  mostBytes = 64 * 1024,
): Promise<T> {
  const body = await readBytes(context, mostBytes);
  return readJsonBody<T>({ contentType: context.req.header("content-type"), body }, validate, mostBytes);
}

/** Reads no more than it may: a length that is told is believed, the rest counted as it comes. */
async function readBytes({ env, req }: ServiceContext, mostBytes: number): Promise<Buffer> {
  const tooLarge = () => new Problem(413, `The body must have at most ${mostBytes} bytes.`);
  if (Number(req.header("content-length") ?? 0) > mostBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Left open when it is too much: destroying it would end the connection before the answer.
  for await (const chunk of env.incoming.iterator({ destroyOnReturn: false })) {
    bytes += (chunk as Buffer).byteLength;
    if (bytes > mostBytes) throw tooLarge();
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}
