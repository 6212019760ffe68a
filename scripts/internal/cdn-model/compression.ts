import type { Behaviour } from "./distribution";
import type { OriginResponse } from "./freshness";
import { type Headers, headerOf } from "./request";

/** What CloudFront compresses: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/ServingCompressedFiles.html#compressed-content-cloudfront-file-types */
const COMPRESSED_TYPES: ReadonlySet<string> = new Set(
  [
    "application/dash+xml application/eot application/font application/font-sfnt application/javascript application/json",
    "application/opentype application/otf application/pkcs7-mime application/protobuf application/rss+xml",
    "application/truetype application/ttf application/vnd.apple.mpegurl application/vnd.mapbox-vector-tile",
    "application/vnd.ms-fontobject application/xhtml+xml application/xml application/x-font-opentype",
    "application/x-font-truetype application/x-font-ttf application/x-httpd-cgi application/x-javascript",
    "application/x-mpegurl application/x-opentype application/x-otf application/x-perl application/x-ttf font/eot",
    "font/opentype font/otf font/ttf image/svg+xml text/css text/csv text/html text/javascript text/js text/plain",
    "text/richtext text/tab-separated-values text/xml text/x-component text/x-java-source text/x-script",
    "vnd.apple.mpegurl",
  ].flatMap((line) => line.split(" ")),
);

/** Bytes of an object that CloudFront compresses. */
const LEAST_BYTES = 1000;
const MOST_BYTES = 10_000_000;

/**
 * How CloudFront itself compresses an answer of the origin, which may have compressed it already.
 *
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/ServingCompressedFiles.html
 *
 * @param acceptEncoding as in the cache key
 * @returns undefined when it is passed on as it is
 */
export function compressionOf(
  { compress }: Behaviour,
  { status, headers }: OriginResponse,
  acceptEncoding: string | undefined,
): "br" | "gzip" | undefined {
  if (!compress || acceptEncoding === undefined || ![200, 403, 404].includes(status)) return undefined;
  if (headerOf(headers, "content-encoding") !== undefined) return undefined;
  const [type = ""] = (headerOf(headers, "content-type") ?? "").split(";");
  if (!COMPRESSED_TYPES.has(type.trim().toLowerCase())) return undefined;
  const length = Number(headerOf(headers, "content-length") ?? Number.NaN);
  if (!(length >= LEAST_BYTES && length <= MOST_BYTES)) return undefined;
  return acceptEncoding.split(",").includes("br") ? "br" : "gzip";
}

/** Headers of an answer that CloudFront has compressed: a strong tag becomes a weak one, what is no tag is left out. */
export function compressedHeaders(headers: Headers, encoding: "br" | "gzip"): Headers {
  const { "content-length": _, "accept-ranges": __, etag, ...others } = headers;
  const tag = etag === undefined ? undefined : headerOf({ etag }, "etag");
  const kept = tag?.startsWith('"') ? `W/${tag}` : tag?.startsWith("W/") ? tag : undefined;
  return {
    ...others,
    ...(kept !== undefined && { etag: kept }),
    "content-encoding": encoding,
    vary: withAcceptEncoding(headerOf(headers, "vary")),
  };
}

function withAcceptEncoding(vary: string | undefined): string {
  if (vary === undefined || vary.trim() === "") return "Accept-Encoding";
  return /\baccept-encoding\b/i.test(vary) ? vary : `${vary}, Accept-Encoding`;
}
