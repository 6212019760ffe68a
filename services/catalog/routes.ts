import {
  contentTag,
  expectedVersion,
  hasCurrent,
  invalidRequest,
  isProductId,
  Problem,
  type ProductInput,
  productTextViolations,
  versionTag,
  wantsConsistent,
} from "../../runtime";
import { bodyOf, parametersOf, requestSignal, type ServiceApp, type ServiceContext } from "../internal";
import * as bodies from "./generated/v1/bodies";
import * as parameters from "./generated/v1/parameters";
import type { operations } from "./generated/v1/types";
import { pageToken, readPageToken } from "./page-token";
import type { ProductPage } from "./product";
import type { ProductStore, Write, WriteResult } from "./store";

/** Group of the user pool whose members may write. */
const ADMINISTRATORS = "catalog-admin";
const DEFAULT_LIMIT = 25;

/** What the routes work with. */
export interface CatalogConfig {
  readonly store: ProductStore;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

type HeadersOf<Name extends keyof operations> = NonNullable<operations[Name]["parameters"]["header"]>;
type QueryOf<Name extends keyof operations> = NonNullable<operations[Name]["parameters"]["query"]>;

/** Adds the routes of api/catalog/v1.yaml. */
export function catalogRoutes(config: CatalogConfig): (app: ServiceApp) => void {
  return (app) => {
    app.get("/v1/products", (context) => listProducts(config, context));
    app.get("/v1/products/:id", (context) => getProduct(config, context));
    app.put("/v1/products/:id", (context) => putProduct(config, context));
  };
}

async function listProducts({ store }: CatalogConfig, context: ServiceContext): Promise<Response> {
  const asked = parametersOf<QueryOf<"listProducts"> & HeadersOf<"listProducts">>(
    context,
    parameters.listProducts,
    ["If-None-Match", "Cache-Control"],
  );
  const page = asked.ids === undefined ? await onePage(store, asked) : await byIds(store, asked, context);
  const body = JSON.stringify(page);
  return conditionalAnswer(context, asked["If-None-Match"], contentTag(body), body);
}

async function onePage(store: ProductStore, asked: QueryOf<"listProducts">): Promise<ProductPage> {
  const after = asked.pageToken === undefined ? undefined : readPageToken(asked.pageToken);
  if (asked.pageToken !== undefined && after === undefined) {
    const detail = "must be the nextPageToken of the page before";
    throw invalidRequest([{ parameter: "pageToken", detail }]);
  }
  const { items, more } = await store.list(
    { limit: asked.limit ?? DEFAULT_LIMIT, ...(after !== undefined && { after }) },
    requestSignal(),
  );
  const last = items.at(-1);
  return { items: [...items], ...(more && last !== undefined && { nextPageToken: pageToken(last.id) }) };
}

async function byIds(
  store: ProductStore,
  asked: QueryOf<"listProducts">,
  context: ServiceContext,
): Promise<ProductPage> {
  const besides = (["limit", "pageToken"] as const).filter((name) => asked[name] !== undefined);
  if (besides.length > 0) {
    throw invalidRequest(besides.map((parameter) => ({ parameter, detail: "must not be given with ids" })));
  }
  const ids = [...new Set((asked.ids ?? "").split(","))];
  const found = await store.getMany(ids, {
    consistent: wantsConsistent(context.req),
    signal: requestSignal(),
  });
  const byId = new Map(found.map((product) => [product.id, product]));
  return { items: ids.flatMap((id) => byId.get(id) ?? []) };
}

async function getProduct({ store }: CatalogConfig, context: ServiceContext): Promise<Response> {
  const id = productIdOf(context);
  const headers = parametersOf<HeadersOf<"getProduct">>(context, parameters.getProduct, [
    "If-None-Match",
    "Cache-Control",
  ]);
  const product = await store.get(id, { consistent: wantsConsistent(context.req), signal: requestSignal() });
  if (!product) throw notFound();
  const tag = versionTag(product.version);
  return conditionalAnswer(context, headers["If-None-Match"], tag, JSON.stringify(product));
}

async function putProduct(config: CatalogConfig, context: ServiceContext): Promise<Response> {
  if (!context.get("user").groups.includes(ADMINISTRATORS)) {
    throw new Problem(403, `Only the group ${ADMINISTRATORS} may write.`);
  }
  const id = productIdOf(context);
  const { "If-Match": ifMatch, "If-None-Match": ifNoneMatch } = parametersOf<HeadersOf<"putProduct">>(
    context,
    parameters.putProduct,
    ["If-Match", "If-None-Match"],
  );
  const input = await productInputOf(context);
  if (ifMatch !== undefined && ifNoneMatch !== undefined) {
    throw invalidRequest([{ parameter: "If-Match", detail: "must not be given with If-None-Match" }]);
  }
  const write: Write = {
    id,
    input,
    updatedAt: new Date(config.now()).toISOString(),
    signal: requestSignal(),
  };
  if (ifNoneMatch !== undefined) return writeAnswer(context, 201, await config.store.add(write));
  if (ifMatch === undefined) {
    throw new Problem(
      428,
      "PUT needs If-Match with the ETag that was read, or If-None-Match: * for a new product.",
    );
  }
  return writeAnswer(context, 200, await config.store.replace(write, expectedVersion(ifMatch)));
}

async function productInputOf(context: ServiceContext): Promise<ProductInput> {
  const input = await bodyOf<ProductInput>(context, bodies.putProduct);
  const found = productTextViolations(input);
  if (found.length > 0) throw invalidRequest(found);
  return input;
}

/** @throws Problem 404, or 412 with the current ETag */
function writeAnswer(context: ServiceContext, status: 200 | 201, result: WriteResult): Response {
  if (result.outcome === "missing") throw notFound();
  if (result.outcome === "conflict") {
    throw new Problem(
      412,
      "The product is there in another version; its current ETag is in the header.",
      [],
      {
        ETag: versionTag(result.version),
      },
    );
  }
  return context.json(result.product, status, { ETag: versionTag(result.product.version) });
}

function conditionalAnswer(
  context: ServiceContext,
  ifNoneMatch: string | undefined,
  tag: string,
  body: string,
): Response {
  if (hasCurrent(ifNoneMatch, tag)) return context.body(null, 304, { ETag: tag });
  return context.body(body, 200, { ETag: tag, "Content-Type": "application/json" });
}

/** @throws Problem 404 when it is no id: nothing can have it */
function productIdOf(context: ServiceContext): string {
  const id = context.req.param("id") ?? "";
  if (!isProductId(id)) throw notFound();
  return id;
}

function notFound(): Problem {
  return new Problem(404, "There is no such product.");
}
