import type { Behaviour, Distribution } from "./distribution";

/** The behaviour that a request gets, and those before it that do not match. */
export interface BehaviourMatch {
  readonly behaviour: Behaviour;
  /** In their order. */
  readonly passedOver: readonly Behaviour[];
  /** The path that was compared. */
  readonly comparedPath: string;
}

/**
 * The first behaviour in order whose pattern matches the path; the default when none does. Query and cookies do not count, upper and
 * lower case do.
 *
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html#DownloadDistValuesPathPattern
 *
 * @param path as the viewer sends it, without the query
 */
export function matchBehaviour({ behaviours }: Distribution, path: string): BehaviourMatch {
  const comparedPath = normalisePath(path);
  const passedOver: Behaviour[] = [];
  for (const behaviour of behaviours) {
    if (behaviour.isDefault || matchesPattern(behaviour.pathPattern, comparedPath)) {
      return { behaviour, passedOver, comparedPath };
    }
    passedOver.push(behaviour);
  }
  throw new Error("the distribution has no default behaviour");
}

/**
 * Whether a path matches a pattern: `*` stands for any characters, none too, and `?` for exactly one; a slash at the beginning of the
 * pattern may be left out. In time that the lengths bound, whatever the pattern.
 */
export function matchesPattern(pattern: string, path: string): boolean {
  const whole = pattern.startsWith("/") ? pattern : `/${pattern}`;
  let inPattern = 0;
  let inPath = 0;
  // Where the last `*` was, and how far into the path it has been taken to reach.
  let star = -1;
  let reach = 0;
  while (inPath < path.length) {
    const wanted = whole[inPattern];
    if (wanted === "*") {
      star = inPattern++;
      reach = inPath;
    } else if (wanted === "?" || wanted === path[inPath]) {
      inPattern++;
      inPath++;
    } else if (star !== -1) {
      inPattern = star + 1;
      inPath = ++reach;
    } else {
      return false;
    }
  }
  while (whole[inPattern] === "*") inPattern++;
  return inPattern === whole.length;
}

/**
 * The form in which CloudFront compares a path with patterns: RFC 3986's, and without repeated slashes. The origin is sent the path as
 * it came.
 */
export function normalisePath(path: string): string {
  const decoded = path.replace(/%([0-9a-f]{2})/gi, (encoded, hex: string) => {
    const character = String.fromCharCode(Number.parseInt(hex, 16));
    return /[A-Za-z0-9._~-]/.test(character) ? character : encoded.toUpperCase();
  });
  if (!/\/\/|\/\./.test(decoded)) return decoded;
  const segments: string[] = [];
  const parts = decoded.split("/");
  for (const [index, segment] of parts.entries()) {
    if (segment === "..") segments.pop();
    else if (segment !== "" && segment !== ".") segments.push(segment);
    const isLast = index === parts.length - 1;
    if (isLast && (segment === "" || segment === "." || segment === "..")) segments.push("");
  }
  return `/${segments.join("/")}`;
}
