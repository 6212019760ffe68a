import { pipeline } from "node:stream/promises";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { describeError, Problem } from "../../runtime";
import { type Logger, requestSignal, type ServiceApp, type ServiceContext } from "../internal";
import type { FileConditions, FileStore } from "./file-store";
import { frontPage } from "./front-page";
import { type ReleaseFile, releaseFile } from "./release-file";

/** What the routes work with. */
export interface UpdatesConfig {
  readonly files: FileStore;
  readonly logger: Logger;
}

/** Adds the routes: the files, and a page that says how its request came. GET and HEAD. */
export function updatesRoutes(config: UpdatesConfig): (app: ServiceApp) => void {
  return (app) => {
    app.get("/", (context) =>
      context.html(
        frontPage((name) => context.req.header(name)),
        200,
        { "Cache-Control": "no-store", "Content-Security-Policy": "default-src 'none'" },
      ),
    );
    app.get("/updates/*", (context) => answerFile(config, context));
    app.get("/downloads/*", (context) => answerFile(config, context));
  };
}

async function answerFile({ files, logger }: UpdatesConfig, context: ServiceContext): Promise<Response> {
  const { req, env } = context;
  const file = releaseFile({
    path: pathOf(env.incoming.url),
    query: (name) => req.query(name),
    header: (name) => req.header(name),
  });
  if (!file) throw notFound();
  const head = req.method === "HEAD";
  const answer = await files[head ? "head" : "get"](file.key, conditionsOf(context), requestSignal());
  switch (answer.outcome) {
    case "missing":
      throw notFound();
    case "conditionFailed":
      throw new Problem(412, "The file is another than the request asks for.");
    case "outOfRange":
      throw new Problem(416, `The file has ${answer.size} bytes.`, [], {
        "Content-Range": `bytes */${answer.size}`,
      });
    case "notModified":
      return context.body(null, 304, { ...answer.headers, ...cachingOf(file) });
    case "found": {
      const headers = { ...answer.headers, ...cachingOf(file) };
      if (!answer.body) return new Response(null, { status: answer.status, headers });
      env.outgoing.writeHead(answer.status, headers);
      // As fast as the client reads, and no longer than it stays: then the file's stream is ended, too.
      pipeline(answer.body, env.outgoing).catch((error: unknown) => {
        logger.warn("cut off", { cause: describeError(error) });
      });
      return RESPONSE_ALREADY_SENT;
    }
  }
}

/** Path as it was sent. hono's is decoded and without dots: a file would have as many addresses, and entries in caches, as one can write. */
function pathOf(url = ""): string {
  return url.replace(/^https?:\/\/[^/?#]*/i, "").split(/[?#]/, 1)[0] ?? "";
}

function cachingOf({ cacheControl, vary }: ReleaseFile): Record<string, string> {
  return { "Cache-Control": cacheControl, ...(vary !== undefined && { Vary: vary }) };
}

function conditionsOf({ req }: ServiceContext): FileConditions {
  const names = {
    ifMatch: "if-match",
    ifNoneMatch: "if-none-match",
    ifModifiedSince: "if-modified-since",
    ifUnmodifiedSince: "if-unmodified-since",
    ifRange: "if-range",
    range: "range",
  };
  const sent = Object.entries(names).map(([field, name]) => [field, req.header(name)] as const);
  return Object.fromEntries(sent.filter(([, value]) => value !== undefined));
}

function notFound(): Problem {
  return new Problem(404, "There is no such file.");
}
