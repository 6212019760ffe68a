import { cookiesOf, type Headers, parametersOf, type QueryParameter, type ViewerRequest } from "./request";

/**
 * Headers that functions do not see.
 *
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-function-restrictions-all.html#function-restrictions-disallowed-headers
 */
const NOT_SHOWN = new RegExp(
  `^(?:${[
    "connection|expect|keep-alive|proxy-(?:authenticate|authorization|connection)|trailer|upgrade",
    "x-accel-(?:buffering|charset|limit-rate|redirect)|x-amz-cf-.*|x-cache|x-edge-.*|x-forwarded-proto|x-real-ip",
    "x-amzn-(?:auth|cf-billing|cf-id|cf-xff|errortype|fle-profile|header-count|header-order|lambda-integration-tag|requestid)",
  ].join("|")})$`,
);

/** A value in the events of CloudFront Functions. */
interface EventValue {
  readonly value: string;
  readonly multiValue?: readonly { readonly value: string }[];
}

type EventValues = Readonly<Record<string, EventValue>>;

/** `Set-Cookie` in the events of CloudFront Functions. */
interface EventCookie extends EventValue {
  readonly attributes?: string;
}

/** A request in the events of CloudFront Functions. */
export interface EventRequest {
  readonly method: string;
  readonly uri: string;
  readonly querystring: string | EventValues;
  readonly headers: EventValues;
  readonly cookies: EventValues;
}

/** An answer in the events of CloudFront Functions. */
export interface EventResponse {
  readonly statusCode: number;
  readonly statusDescription?: string;
  readonly headers?: EventValues;
  readonly cookies?: Readonly<Record<string, EventCookie>>;
  readonly body?: string | { readonly encoding?: string; readonly data?: string };
}

/**
 * A request as a function gets it: values as they came, percent-encoded.
 *
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html
 */
export function eventRequestOf({ method, path, query, headers }: ViewerRequest): EventRequest {
  const { cookie: _, ...others } = headers;
  return {
    method,
    uri: path,
    querystring: grouped(parametersOf(query)),
    headers: eventHeadersOf(others),
    cookies: grouped(cookiesOf(headers)),
  };
}

/** What a function made of a request. Method, host and what it does not see stay: it cannot change them. */
export function requestOfEvent(original: ViewerRequest, changed: EventRequest): ViewerRequest {
  const before = eventRequestOf(original);
  const { cookie: cookiesBefore, ...headersBefore } = original.headers;
  const cookies = isSame(before.cookies, changed.cookies)
    ? cookiesBefore
    : flattened(changed.cookies ?? {}, "; ");
  return {
    ...original,
    path: changed.uri,
    // What it left alone stays as it came, to the byte.
    query: isSame(before.querystring, changed.querystring) ? original.query : queryOf(changed.querystring),
    headers: {
      ...(isSame(before.headers, changed.headers)
        ? headersBefore
        : { ...notShown(headersBefore), ...headersOfEvent(changed.headers) }),
      ...(cookies !== undefined && cookies !== "" && { cookie: cookies }),
    },
  };
}

/** Headers as a function gets them. */
export function eventHeadersOf(headers: Headers): EventValues {
  const shown = Object.entries(headers).filter(([name]) => !NOT_SHOWN.test(name));
  return Object.fromEntries(
    shown.map(([name, value]) => {
      if (typeof value === "string") return [name, { value }];
      const multiValue = value.map((each) => ({ value: each }));
      return [name, { value: value[0] ?? "", ...(multiValue.length > 1 && { multiValue }) }];
    }),
  );
}

function notShown(headers: Headers): Headers {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => NOT_SHOWN.test(name)));
}

/** Headers as a function has left them. */
export function headersOfEvent(values: EventValues = {}): Headers {
  return Object.fromEntries(
    Object.entries(values).map(([name, { value, multiValue }]) => [
      name.toLowerCase(),
      multiValue === undefined ? value : multiValue.map((each) => each.value),
    ]),
  );
}

/** The lines `Set-Cookie` of an answer's cookies. */
export function setCookiesOfEvent(cookies: EventResponse["cookies"] = {}): string[] {
  return Object.entries(cookies).flatMap(([name, cookie]) =>
    ((cookie.multiValue as readonly EventCookie[] | undefined) ?? [cookie]).map(
      ({ value, attributes }) => `${name}=${value}${attributes ? `; ${attributes}` : ""}`,
    ),
  );
}

/** The body of an answer that a function made. */
export function bodyOfEvent(body: EventResponse["body"]): Buffer {
  if (body === undefined) return Buffer.alloc(0);
  if (typeof body === "string") return Buffer.from(body);
  return Buffer.from(body.data ?? "", body.encoding === "base64" ? "base64" : "utf8");
}

function queryOf(querystring: EventRequest["querystring"] = ""): string {
  return typeof querystring === "string" ? querystring : flattened(querystring, "&");
}

function isSame(before: unknown, after: unknown): boolean {
  return JSON.stringify(before) === JSON.stringify(after);
}

function grouped(parameters: readonly QueryParameter[]): EventValues {
  const values = new Map<string, string[]>();
  for (const { name, value } of parameters) {
    const known = values.get(name);
    if (known === undefined) values.set(name, [value]);
    else known.push(value);
  }
  return Object.fromEntries(
    [...values].map(([name, [value = "", ...others]]) => [
      name,
      {
        value,
        ...(others.length > 0 && { multiValue: [value, ...others].map((each) => ({ value: each })) }),
      },
    ]),
  );
}

function flattened(values: EventValues, separator: string): string {
  return Object.entries(values)
    .flatMap(([name, { value, multiValue }]) =>
      (multiValue ?? [{ value }]).map((each) => `${name}=${each.value}`),
    )
    .join(separator);
}
