/** Headers of a request or an answer: names in lower case; a list where one is there several times. */
export type Headers = Readonly<Record<string, string | readonly string[]>>;

/** What a viewer asks for. */
export interface ViewerRequest {
  readonly method: string;
  readonly protocol: "http" | "https";
  /** As in the header `Host`. */
  readonly host: string;
  /** Percent-encoded as it came, without the query, e.g. `/updates/v1.2.3.zip`. */
  readonly path: string;
  /** Percent-encoded as it came, without the question mark. Empty without one. */
  readonly query: string;
  readonly headers: Headers;
  /** Address of the viewer. @default "127.0.0.1" */
  readonly viewerAddress?: string;
}

/** One parameter of a query as it came, percent-encoded. */
export interface QueryParameter {
  readonly name: string;
  readonly value: string;
}

/** Builds a request from a URL. */
export function requestOf(
  url: URL,
  { method = "GET", headers = {} }: { readonly method?: string; readonly headers?: Headers } = {},
): ViewerRequest {
  return {
    method,
    protocol: url.protocol === "http:" ? "http" : "https",
    host: url.host,
    path: url.pathname,
    query: url.search.slice(1),
    headers,
  };
}

/** One header as one text: several are joined as HTTP allows, `Cookie` by its own separator. */
export function headerOf(headers: Headers, name: string): string | undefined {
  const value = headers[name];
  if (value === undefined || typeof value === "string") return value;
  return value.join(name === "cookie" ? "; " : ", ");
}

/** The parameters of a query in their order. */
export function parametersOf(query: string): QueryParameter[] {
  if (query === "") return [];
  return query
    .split("&")
    .filter((part) => part !== "")
    .map((part) => {
      const equals = part.indexOf("=");
      return equals === -1
        ? { name: part, value: "" }
        : { name: part.slice(0, equals), value: part.slice(equals + 1) };
    });
}

/** The cookies of a request in their order. Parts without a name are none. */
export function cookiesOf(headers: Headers): QueryParameter[] {
  return (headerOf(headers, "cookie") ?? "").split(";").flatMap((part) => {
    const equals = part.indexOf("=");
    const name = part.slice(0, Math.max(equals, 0)).trim();
    return name === "" ? [] : [{ name, value: part.slice(equals + 1).trim() }];
  });
}
