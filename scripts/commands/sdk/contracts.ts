import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

/** Part of an OpenAPI document. */
export type Node = { readonly [key: string]: unknown };

/** An API that the clients reach, by the name that they have for it. */
export interface ClientApi {
  /** In camel case, e.g. `todosV2`. */
  readonly name: string;
  /** Its contract from the project's root, e.g. `api/todos/v2.yaml`. */
  readonly document: string;
}

/** In the order in which the clients list them. */
export const CLIENT_APIS: readonly ClientApi[] = [
  { name: "todosV1", document: "api/todos/v1.yaml" },
  { name: "todosV2", document: "api/todos/v2.yaml" },
  { name: "catalog", document: "api/catalog/v1.yaml" },
  { name: "orders", document: "api/orders/v1.yaml" },
  { name: "storefront", document: "api/storefront/v1.yaml" },
  { name: "sessions", document: "api/sessions/v1.yaml" },
];

/** Users of the clients are signed in with this one; what has it not is for services alone. */
const USERS_SCHEME = "userPool";

/**
 * What the generator is given of a contract.
 *
 * @param root folder of the project
 */
export function readClientContract(root: string, { name, document }: ClientApi): Node {
  return clientContract(name, parse(readFileSync(join(root, document), "utf8")) as Node);
}

/**
 * Leaves of a contract what is generated. Addresses, signing in and errors are the same for all APIs and written by hand, so they are
 * taken out, and what is left makes one class per API, all on the same ground.
 *
 * - Operations for services alone are left out.
 * - All operations have one tag, the API's name: generators make a class of each tag.
 * - Lists stay lists: of `uniqueItems` generators make sets, which have another order.
 */
export function clientContract(name: string, source: Node): Node {
  const everyone = source["security"] as readonly Node[];
  const paths = mapValues(source["paths"] as Node, (path) => {
    const entries = Object.entries(path as Node).flatMap(([key, value]): [string, unknown][] => {
      const operation = value as Node;
      if (operation["operationId"] === undefined) return [[key, value]];
      const security = (operation["security"] ?? everyone) as readonly Node[];
      return security.some((way) => USERS_SCHEME in way) ? [[key, forUsers(name, operation)]] : [];
    });
    return Object.fromEntries(entries);
  });
  const used = Object.fromEntries(
    Object.entries(paths).filter(([, path]) =>
      Object.values(path as Node).some((each) => (each as Node)["operationId"] !== undefined),
    ),
  );
  const { securitySchemes: _schemes, ...components } = source["components"] as Node;
  return plain({
    openapi: source["openapi"],
    // The same in all: what is generated of them is then, too.
    info: { title: "Platform", version: "1" },
    servers: [{ url: "https://localhost" }],
    paths: used,
    components: reachable(used, components),
  }) as Node;
}

function forUsers(name: string, { security: _security, ...operation }: Node): Node {
  const responses = Object.entries(operation["responses"] as Node).filter(([status]) => /^2/.test(status));
  return { ...operation, tags: [name], responses: Object.fromEntries(responses) };
}

/** The components that the paths refer to, and those that these refer to. */
function reachable(paths: Node, components: Node): Node {
  const found = new Set<string>();
  const visit = (value: unknown): void => {
    for (const [, kind = "", name = ""] of JSON.stringify(value).matchAll(
      /"#\/components\/([^/"]+)\/([^"]+)"/g,
    )) {
      if (found.has(`${kind}/${name}`)) continue;
      found.add(`${kind}/${name}`);
      visit((components[kind] as Node)[name]);
    }
  };
  visit(paths);
  return mapValues(components, (all, kind) =>
    Object.fromEntries(Object.entries(all as Node).filter(([name]) => found.has(`${kind}/${name}`))),
  );
}

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const { uniqueItems, ...rest } = value as Node;
  return mapValues(typeof uniqueItems === "boolean" ? rest : (value as Node), plain);
}

function mapValues(value: Node, map: (each: unknown, key: string) => unknown): Node {
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, map(each, key)]));
}
