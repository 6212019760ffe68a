/** Longest time that is of use at an edge, one year in seconds: HTTP's own bound for "never changes" (RFC 2616, 14.21). */
export const ONE_YEAR_SECONDS = 31_536_000;

/**
 * Paths that are cached alike. They take GET, HEAD and OPTIONS; other methods are answered 403 by CloudFront.
 *
 * The key of a cached answer is the path and what the class names, nothing else; what is named is also what the origin is
 * sent. A parameter, header or cookie that is not named never reaches the origin.
 */
export interface PathClass {
  /** Name of the class, unique, part of resource names: 1 to 24 lower-case letters, digits and hyphens. */
  readonly name: string;
  /** Path with `*` for any characters and `?` for one, e.g. `/updates/*`. Upper and lower case differ. */
  readonly pathPattern: string;
  /**
   * `honour`: the origin's `Cache-Control` and `Expires` decide, within the minimum and the maximum. `ignore`: every answer is
   * kept for `defaultTtlSeconds`, whatever the origin says.
   */
  readonly originCacheHeaders: "honour" | "ignore";
  /** Seconds that an answer is kept at the edge when the origin does not say. */
  readonly defaultTtlSeconds: number;
  /**
   * Seconds at least, only with `honour`. Above 0 it overrules even the origin's `no-store` and `private`.
   *
   * @default 0
   */
  readonly minimumTtlSeconds?: number;
  /** Seconds at most, only with `honour`; also of an error for which the origin names a time. @default one year */
  readonly maximumTtlSeconds?: number;
  /** Query parameters in the key, up to 10: for URLs without a version. @default none */
  readonly cacheKeyQueryStrings?: readonly string[];
  /** Headers in the key, up to 10. Each value is cached apart, so never one with many, such as `User-Agent`. @default none */
  readonly cacheKeyHeaders?: readonly string[];
  /** Cookies in the key, up to 10. Each value is cached apart. @default none */
  readonly cacheKeyCookies?: readonly string[];
  /**
   * CloudFront compresses texts of 1 kB to 10 MB. Archives gain nothing.
   *
   * @default false
   */
  readonly compress?: boolean;
  /** Only URLs or cookies signed with one of `signingKeys` are served. @default false */
  readonly signed?: boolean;
}

/**
 * What release downloads usually need, the first match first: what is latest changes within minutes; a URL with a version, known by
 * two dots after the `v`, does not; everything else is kept as the origin says, for a day or a week at most, or for an hour or a day.
 *
 * The origin is never overruled upwards: a pattern cannot tell `v1.2.3.zip` from `vendor.min.js`, the origin's `Cache-Control` can.
 */
export const DEFAULT_PATH_CLASSES: readonly PathClass[] = [
  {
    name: "latest",
    pathPattern: "/updates/*latest*",
    originCacheHeaders: "honour",
    defaultTtlSeconds: 60,
    maximumTtlSeconds: 300,
    compress: true,
  },
  {
    name: "versioned",
    pathPattern: "/updates/v*.*.*",
    originCacheHeaders: "honour",
    defaultTtlSeconds: ONE_YEAR_SECONDS,
  },
  {
    name: "updates",
    pathPattern: "/updates/*",
    originCacheHeaders: "honour",
    defaultTtlSeconds: 3600,
    maximumTtlSeconds: 86_400,
  },
  {
    name: "downloads",
    pathPattern: "/downloads/*",
    originCacheHeaders: "honour",
    defaultTtlSeconds: 86_400,
    maximumTtlSeconds: 604_800,
  },
];

/** The three times of a cache policy, in seconds. */
export interface Ttl {
  readonly minimum: number;
  readonly default: number;
  readonly maximum: number;
}

/** The times that a class stands for. CloudFront ignores the origin's headers where all three are the same. */
export function ttlOf(pathClass: PathClass): Ttl {
  const { defaultTtlSeconds } = pathClass;
  if (pathClass.originCacheHeaders === "ignore") {
    return { minimum: defaultTtlSeconds, default: defaultTtlSeconds, maximum: defaultTtlSeconds };
  }
  return {
    minimum: pathClass.minimumTtlSeconds ?? 0,
    default: defaultTtlSeconds,
    maximum: pathClass.maximumTtlSeconds ?? ONE_YEAR_SECONDS,
  };
}

/** Whether every path that `pattern` matches is matched by `wider` too. */
export function covers(wider: string, pattern: string): boolean {
  // The narrower pattern is matched as if it were a path: only `*` takes its `*`, while its `?` is a character like another.
  const expression = [...wider]
    .map((character) => {
      if (character === "*") return ".*";
      if (character === "?") return "[^*]";
      return character.replace(/[^A-Za-z0-9]/, "\\$&");
    })
    .join("");
  return new RegExp(`^${expression}$`).test(pattern);
}
