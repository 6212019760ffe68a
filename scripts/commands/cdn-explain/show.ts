import type { CacheKey, Origin } from "../../internal/cdn-model";
import type { Explanation } from "./explain";

/** Units of a time, the longest first, in seconds. */
const UNITS = [
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
] as const;

/** The explanation for a reader. */
export function describeExplanation(explanation: Explanation): string {
  const { method, url } = explanation;
  const rows: (readonly [string, readonly string[]])[] = [
    ["Behaviour", describeBehaviour(explanation.behaviour)],
    ["Function", describeFunction(explanation)],
    ["Outcome", describeOutcome(explanation)],
    ["Cache key", explanation.key === undefined ? [] : describeKey(explanation.key)],
    ["Kept", describeFreshness(explanation)],
    ["Origin", describeOrigins(explanation)],
    [
      "Signed",
      [
        explanation.signed
          ? "only signed requests are served; the signature itself is not checked here"
          : "no",
      ],
    ],
    [
      "Web ACL",
      explanation.webAcl === undefined ? [] : [`${explanation.webAcl}; its rules are not looked at here`],
    ],
  ];
  return [
    `${method} ${url}`,
    ...rows.flatMap(([title, lines]) => lines.map((line, index) => row(index === 0 ? title : "", line))),
  ].join("\n");
}

/** Seconds, and the same in the longest unit that divides them. */
export function duration(seconds: number): string {
  const [unit, length] = UNITS.find(([, size]) => seconds >= size && seconds % size === 0) ?? [];
  if (unit === undefined || length === undefined) return `${seconds} s`;
  const count = seconds / length;
  return `${seconds} s (${count} ${unit}${count === 1 ? "" : "s"})`;
}

function row(title: string, text: string): string {
  return `  ${title.padEnd(11)}${text}`;
}

function describeBehaviour({
  pathPattern,
  position,
  of,
  notMatched,
  comparedPath,
}: Explanation["behaviour"]): string[] {
  const words =
    position === of ? `${pathPattern}, the default` : `${pathPattern}, number ${position} of ${of}`;
  return [
    words,
    ...(comparedPath === undefined ? [] : [`the path is compared as ${comparedPath}`]),
    ...(notMatched.length === 0 ? [] : [`not matched: ${notMatched.join(", ")}`]),
  ];
}

function describeFunction({ function: run, outcome }: Explanation): string[] {
  if (run === undefined) return [];
  if (outcome === "respond") return [`${run.name} answers it`];
  return [
    run.changedTo === undefined ? `${run.name} leaves it as it is` : `${run.name} makes it ${run.changedTo}`,
  ];
}

function describeOutcome({ outcome, status, reason, location }: Explanation): string[] {
  switch (outcome) {
    case "redirect":
      return [`redirected, ${status}: ${reason}`, `to ${location}`];
    case "refuse":
      return [`refused, ${status}: ${reason}`];
    case "respond":
      return [`answered at the edge, ${status}; the origin is not asked`];
    case "pass":
      return ["asked of the origin each time, not cached"];
    case "cache":
      return ["from the cache; asked of the origin when it is not there"];
  }
}

function describeKey({ method, path, query, headers, cookies, acceptEncoding }: CacheKey): string[] {
  const pairs = (values: CacheKey["query"]) => values.map(({ name, value }) => `${name}=${value}`);
  const part = (title: string, values: readonly string[]) =>
    values.length === 0 ? [] : [`${title} ${values.join(", ")}`];
  return [
    `path ${path}`,
    ...part("method", method === undefined ? [] : [method]),
    ...part("parameters", pairs(query)),
    ...part(
      "headers",
      Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ),
    ...part("cookies", pairs(cookies)),
    ...part("encoding", acceptEncoding === undefined ? [] : [acceptEncoding]),
  ];
}

function describeFreshness({ freshness, response, compression }: Explanation): string[] {
  if (freshness === undefined || response === undefined) return [];
  const { stored, ttlSeconds, reason, staleWhileRevalidateSeconds, staleIfErrorSeconds } = freshness;
  const answer = `with the status ${response.status}`;
  if (!stored) return [`not at all ${answer}: ${reason}`];
  const isError = response.status >= 400;
  return [
    `${duration(ttlSeconds)} ${answer}: ${reason}`,
    ...(ttlSeconds === 0 ? ["the origin is asked each time whether it is still the same"] : []),
    ...(staleWhileRevalidateSeconds === 0
      ? []
      : [`then ${duration(staleWhileRevalidateSeconds)} more while the origin is asked in the background`]),
    ...(isError || staleIfErrorSeconds === 0
      ? []
      : [
          staleIfErrorSeconds === undefined
            ? "after that still served while the origin fails"
            : `after that still served for ${duration(staleIfErrorSeconds)} while the origin fails`,
        ]),
    ...(compression === undefined ? [] : [`compressed at the edge: ${compression}`]),
  ];
}

function describeOrigins({
  origins = [],
  failoverStatuses = [],
  failsOver,
  response,
}: Explanation): string[] {
  const [first, second] = origins;
  if (first === undefined) return [];
  if (second === undefined) return [describeOrigin(first)];
  return [
    describeOrigin(first),
    `then, after ${failoverStatuses.join(", ")} or no answer: ${describeOrigin(second)}`,
    ...(failsOver && response !== undefined
      ? [`with the status ${response.status} the second is asked`]
      : []),
  ];
}

function describeOrigin({
  id,
  kind,
  domainName,
  path,
  protocolPolicy,
  shieldRegion,
  signsRequests,
  customHeaders,
}: Origin): string {
  return [
    `${id} ${domainName}${path}`,
    kind === "s3" ? "S3" : protocolPolicy,
    ...(shieldRegion === undefined ? [] : [`Origin Shield in ${shieldRegion}`]),
    ...(signsRequests ? ["requests are signed"] : []),
    ...customHeaders.map((name) => `with ${name}`),
  ].join(", ");
}
