import { deprecationOf, type VersionDeprecation } from "./deprecation";
import { CatalogApi } from "./generated/catalog";
import { OrdersApi } from "./generated/orders";
import { SessionsApi } from "./generated/sessions";
import { StorefrontApi } from "./generated/storefront";
import { TodosV1Api } from "./generated/todos-v1";
import { TodosV2Api } from "./generated/todos-v2";
import { RETRY_POLICY, type RetryPolicy } from "./retry";
import { type IdTokenSource, IdTokens } from "./tokens";
import { Transport } from "./transport";

/** Where each API is below the base URL: the host that stands before its own, and the path that stands before the contract's. */
const PLACES = {
  todosV1: { host: "todos", path: "/v1" },
  todosV2: { host: "todos", path: "/v2" },
  catalog: { host: "catalog", path: "" },
  orders: { host: "orders", path: "" },
  storefront: { host: "storefront", path: "" },
  sessions: { host: "sessions", path: "/v1" },
} as const;

/** An API of the platform. */
export type ApiName = keyof typeof PLACES;

/** An API whose version is deprecated. */
export interface Deprecation extends VersionDeprecation {
  readonly api: ApiName;
}

/** What a client is made with. */
export interface PlatformClientConfig {
  /**
   * The platform's address, e.g. `https://shop.example.com`. Each API has a host name below it: `https://orders.shop.example.com`,
   * `https://todos.shop.example.com/v2`.
   */
  readonly baseUrl: string;
  /** Gives the signed-in user's ID token. */
  readonly idToken: IdTokenSource;
  /** Addresses of APIs that are elsewhere; the contract's paths follow, e.g. `/todos`. @default all are below `baseUrl` */
  readonly addresses?: Partial<Readonly<Record<ApiName, string>>>;
  /** Changes of when a request is sent again. @default as RetryPolicy says */
  readonly retry?: Partial<RetryPolicy>;
  /** Lets addresses of other machines be `http:`, where whoever is on the way reads the tokens. @default false */
  readonly allowInsecure?: boolean;
  /** For each attempt, until its answer has been read. @default 30000 */
  readonly timeoutMilliseconds?: number;
  /** Is told once of each API whose version is deprecated, by the first answer that says so. @default nobody is */
  readonly onDeprecated?: (deprecation: Deprecation) => void;
  /** @default the global one */
  readonly fetch?: typeof fetch;
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: () => number;
  /** From 0 to 1. @default Math.random */
  readonly random?: () => number;
}

/**
 * All APIs of the platform, for one signed-in user.
 *
 * Every call fails in one of three ways, whatever the API: ProblemError when it refused or failed, NotModifiedError when `ifNoneMatch`
 * holds, ConnectionError when there was no answer. Requests that are safe to repeat (by their method, or by `idempotencyKey`) are sent
 * again after a wait when a service was busy or away; the ID token is kept, and asked for anew before it expires or once it is refused.
 */
export class PlatformClient {
  readonly todosV1: TodosV1Api;
  readonly todosV2: TodosV2Api;
  readonly catalog: CatalogApi;
  readonly orders: OrdersApi;
  readonly storefront: StorefrontApi;
  readonly sessions: SessionsApi;

  private sessionToken: string | undefined;

  constructor(config: PlatformClientConfig) {
    const { now = Date.now, random = Math.random, timeoutMilliseconds = 30_000 } = config;
    const address = (api: ApiName) => {
      const own = config.addresses?.[api];
      if (!config.allowInsecure) {
        if (own === undefined) refuseInsecure("baseUrl", config.baseUrl);
        else refuseInsecure(`addresses.${api}`, own);
      }
      return (own ?? addressOf(config.baseUrl, api)).replace(/\/+$/, "");
    };
    const told = new Set<ApiName>();
    const tell = (api: ApiName, headers: Headers) => {
      const deprecation = told.has(api) ? undefined : deprecationOf(headers);
      if (deprecation === undefined) return;
      told.add(api);
      // A call does not fail for what is only told, nor does the program for a promise that nobody waits for.
      Promise.resolve({ api, ...deprecation })
        .then(config.onDeprecated)
        .catch(() => {});
    };
    const transport = new Transport({
      // Of the global object: browsers refuse it as a method of another one.
      fetch: config.fetch ?? ((url, init) => fetch(url, init)),
      tokens: new IdTokens(config.idToken, now),
      retry: { ...RETRY_POLICY, ...config.retry },
      ...{ timeoutMilliseconds, now, random },
    });
    const of = (api: ApiName, headers: () => Record<string, string> = () => ({})) =>
      transport.configuration(address(api), headers, (answered) => tell(api, answered));
    this.todosV1 = new TodosV1Api(of("todosV1"));
    this.todosV2 = new TodosV2Api(of("todosV2"));
    this.catalog = new CatalogApi(of("catalog"));
    this.orders = new OrdersApi(of("orders"));
    this.storefront = new StorefrontApi(
      of("storefront", () =>
        this.sessionToken === undefined ? {} : { "X-Session-Token": this.sessionToken },
      ),
    );
    this.sessions = new SessionsApi(of("sessions"));
  }

  /**
   * Sends a session along with each request to the storefront, from now on.
   *
   * @param token of `sessions.createSession()`; undefined for none any more
   */
  useSession(token: string | undefined): void {
    this.sessionToken = token;
  }
}

/** This machine's: what is sent to it does not leave it. */
const LOOPBACK = /^(.+\.)?localhost$|^127\.0\.0\.1$|^\[::1\]$/;

/** Tokens go along with each request. An address without a scheme is the page's own. */
function refuseInsecure(place: string, address: string): void {
  if (!/^\s*http:/i.test(address) || LOOPBACK.test(new URL(address).hostname)) return;
  throw new TypeError(
    `${place}: must be https, got "${address}": use https, or set allowInsecure where nobody can listen`,
  );
}

/** E.g. `https://todos.shop.example.com/v2`. */
function addressOf(baseUrl: string, api: ApiName): string {
  const { host, path } = PLACES[api];
  const { protocol, host: base, pathname, search } = new URL(baseUrl);
  if (pathname !== "/" || search !== "") {
    throw new TypeError(`baseUrl: must be an origin like https://shop.example.com, got "${baseUrl}"`);
  }
  return `${protocol}//${host}.${base}${path}`;
}
