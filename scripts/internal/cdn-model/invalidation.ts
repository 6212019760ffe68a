import type { CacheKey } from "./cache-key";

/**
 * Whether an invalidation of a path removes an object: its path with the query that is part of its key, whatever its headers and
 * cookies are. A `*` at the end stands for any characters, elsewhere for itself; a slash at the beginning may be left out.
 *
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/invalidation-specifying-objects.html
 */
export function isInvalidatedBy(invalidationPath: string, { path, query }: CacheKey): boolean {
  const wanted = invalidationPath.startsWith("/") ? invalidationPath : `/${invalidationPath}`;
  const parameters = query.map(({ name, value }) => `${name}=${value}`).join("&");
  const object = parameters === "" ? path : `${path}?${parameters}`;
  return wanted.endsWith("*") ? object.startsWith(wanted.slice(0, -1)) : object === wanted;
}
