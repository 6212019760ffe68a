import { covers, type PathClass, ttlOf } from "./path-classes";
import { checkNames, type Report } from "./report";

/** Of each kind, in one cache policy: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html */
const MAXIMUM_KEY_PARTS = 10;

/** Headers that CloudFront takes into no key, or that would cache for each viewer apart. */
const NO_KEY_HEADERS: Readonly<Record<string, string>> = {
  "accept-encoding": "compress stands for it",
  cookie: "name cookies in cacheKeyCookies",
  host: "the origin is asked by its own name",
  range: "CloudFront serves ranges itself",
};

/**
 * Checks each class, and their order.
 *
 * @param inBucket the paths are asked of a bucket, too
 */
export function checkPathClasses(pathClasses: readonly PathClass[], inBucket: boolean, report: Report): void {
  if (pathClasses.length === 0) report("pathClasses must name one class or more, got none");
  checkNames(
    "pathClasses",
    pathClasses.map(({ name }) => name),
    report,
  );
  pathClasses.forEach((pathClass, index) => {
    const about: Report = (message) => report(`path class "${pathClass.name}": ${message}`);
    checkPattern(pathClass, about);
    if (inBucket && covers(pathClass.pathPattern, "/")) {
      about(
        `pathPattern must not match "/", for which S3 would list the bucket, got "${pathClass.pathPattern}"`,
      );
    }
    checkTimes(pathClass, about);
    checkKey(pathClass, about);
    const earlier = pathClasses
      .slice(0, index)
      .find((candidate) => covers(candidate.pathPattern, pathClass.pathPattern));
    if (earlier !== undefined) {
      about(
        `pathPattern "${pathClass.pathPattern}" never matches: class "${earlier.name}" before it takes all of ` +
          `"${earlier.pathPattern}"; move it up`,
      );
    }
  });
}

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html#DownloadDistValuesPathPattern */
function checkPattern({ pathPattern }: PathClass, report: Report): void {
  if (!pathPattern.startsWith("/")) report(`pathPattern must begin with a slash, got "${pathPattern}"`);
  if (pathPattern.length > 255) {
    report(`pathPattern must be of 255 characters or fewer, got ${pathPattern.length}`);
  }
  const foreign = /[^A-Za-z0-9_\-.*$/~"'@:+?&]/.exec(pathPattern)?.[0];
  if (foreign !== undefined) report(`pathPattern must hold no "${foreign}", got "${pathPattern}"`);
}

function checkTimes(pathClass: PathClass, report: Report): void {
  if (pathClass.originCacheHeaders === "ignore") {
    for (const field of ["minimumTtlSeconds", "maximumTtlSeconds"] as const) {
      const value = pathClass[field];
      if (value !== undefined) {
        report(`${field} must be left out with originCacheHeaders "ignore", got ${value}`);
      }
    }
  }
  const times = Object.entries(ttlOf(pathClass)).map(([name, value]) => ({
    field: `${name}TtlSeconds`,
    value,
  }));
  for (const { field, value } of times) {
    if (!Number.isInteger(value) || value < 0) {
      report(`${field} must be a whole number of at least 0, got ${value}`);
      return;
    }
  }
  const { minimum, default: usual, maximum } = ttlOf(pathClass);
  if (minimum > usual || usual > maximum) {
    report(
      "minimumTtlSeconds, defaultTtlSeconds and maximumTtlSeconds must not fall, " +
        `got ${minimum}, ${usual} and ${maximum}`,
    );
  }
  if (maximum === 0) {
    report("maximumTtlSeconds must be at least 1, as nothing is cached otherwise, got 0");
  }
}

function checkKey(pathClass: PathClass, report: Report): void {
  for (const field of ["cacheKeyQueryStrings", "cacheKeyHeaders", "cacheKeyCookies"] as const) {
    const parts = pathClass[field] ?? [];
    if (parts.length > MAXIMUM_KEY_PARTS) {
      report(`${field} must name ${MAXIMUM_KEY_PARTS} or fewer, got ${parts.length}`);
    }
    const names = field === "cacheKeyHeaders" ? parts.map((part) => part.toLowerCase()) : parts;
    const repeated = names.find((name, index) => names.indexOf(name) !== index);
    if (repeated !== undefined) report(`${field} must name each once, got "${repeated}" twice`);
    const odd = parts.find((part) => !/^[A-Za-z0-9_.~-]+$/.test(part));
    if (odd !== undefined) {
      report(`${field} must be of letters, digits, dots, hyphens, underscores and tildes, got "${odd}"`);
    }
  }
  for (const header of pathClass.cacheKeyHeaders ?? []) {
    const why = NO_KEY_HEADERS[header.toLowerCase()];
    if (why !== undefined) report(`cacheKeyHeaders must not name "${header}": ${why}`);
  }
}
