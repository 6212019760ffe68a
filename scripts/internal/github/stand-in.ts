import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** What the stand-in holds of a comment. */
export interface StandInComment {
  readonly id: number;
  readonly author: string;
  body: string;
  minimized: boolean;
}

/** What it holds of an issue. */
export interface StandInIssue {
  readonly number: number;
  readonly author: string;
  readonly labels: readonly string[];
  title: string;
  body: string;
  state: string;
  reason?: string;
  readonly comments: string[];
}

/** An answer in place of the usual one. */
export interface Refusal {
  readonly status: number;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The request is done all the same: its answer is lost. @default false */
  readonly done?: boolean;
}

/**
 * A stand-in of GitHub's API on a loopback port: comments of pull request 7 and issues of acme/platform, as far as documented. It
 * gives lists in pages, newest comments last, and knows whose a token is.
 */
export interface GitHubStandIn {
  readonly url: string;
  readonly comments: StandInComment[];
  readonly issues: StandInIssue[];
  /** Each request, e.g. `GET /repos/acme/platform/issues/7/comments?per_page=100`. */
  readonly requests: string[];
  /** Answers the next requests, one each. */
  readonly refusals: Refusal[];
  /** The token reads alone, as that of a fork's run. */
  readOnly: boolean;
  /** Called before a request is answered. */
  before: (request: string) => Promise<void> | void;
  close(): Promise<void>;
}

/** The token that it takes, and whose it is. */
export const TOKEN = "ghs_standin";
export const ME = "github-actions[bot]";
export const HEAD = "0123456789abcdef0123456789abcdef01234567";

const PAGE = 30;
const REPOSITORY = "/repos/acme/platform";

interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Starts it. */
export async function startGitHub(): Promise<GitHubStandIn> {
  const server = createServer((request, response) => {
    void answer(request).then(({ status, body, headers }) => {
      response.writeHead(status, { "content-type": "application/json", ...headers });
      response.end(body === undefined ? undefined : JSON.stringify(body));
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let lastId = 1000;
  const standIn: GitHubStandIn = {
    url,
    comments: [],
    issues: [],
    requests: [],
    refusals: [],
    readOnly: false,
    before: () => undefined,
    close: () =>
      new Promise<void>((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };

  async function answer(request: IncomingMessage): Promise<Answer> {
    const line = `${request.method} ${request.url}`;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const given = text === "" ? {} : JSON.parse(text);
    standIn.requests.push(line);
    await standIn.before(line);
    const refusal = standIn.refusals.shift();
    if (refusal) {
      if (refusal.done) route(line, given);
      const { status, message, headers = {} } = refusal;
      return { status, headers, body: { message } };
    }
    if (request.headers.authorization !== `token ${TOKEN}`) return message(401, "Bad credentials");
    const writes = request.method !== "GET" && !/^\{"query":"query/.test(text);
    if (writes && standIn.readOnly) return message(403, "Resource not accessible by integration");
    return route(line, given);
  }

  function route(line: string, given: Record<string, unknown>): Answer {
    const [method, address = ""] = line.split(" ");
    const { pathname, searchParams } = new URL(address, url);
    const [, number] = /\/(?:comments|issues)\/(\d+)(?:\/comments)?$/.exec(pathname) ?? [];
    const body = String(given["body"] ?? "");
    if (body.length > 65_536) return message(422, "Validation Failed: body is too long");
    switch (`${method} ${pathname.replace(/\/\d+/g, "/#")}`) {
      case "POST /graphql":
        return graphql(given as { query: string; variables?: { id: string } });
      case `GET ${REPOSITORY}/pulls/#`:
        return pathname.endsWith("/7") ? { status: 200, body: { head: { sha: HEAD } } } : notFound();
      case `GET ${REPOSITORY}/issues/#/comments`:
        return number === "7" ? page(standIn.comments.map(shownComment), searchParams, pathname) : notFound();
      case `POST ${REPOSITORY}/issues/#/comments`: {
        standIn.issues.find((issue) => issue.number === Number(number))?.comments.push(body);
        if (number !== "7") return { status: 201, body: {} };
        const comment = { id: ++lastId, author: ME, body, minimized: false };
        standIn.comments.push(comment);
        return { status: 201, body: shownComment(comment) };
      }
      case `PATCH ${REPOSITORY}/issues/comments/#`: {
        const comment = standIn.comments.find(({ id }) => id === Number(number));
        if (!comment) return notFound();
        comment.body = body;
        return { status: 200, body: shownComment(comment) };
      }
      case `DELETE ${REPOSITORY}/issues/comments/#`: {
        const index = standIn.comments.findIndex(({ id }) => id === Number(number));
        if (index === -1) return notFound();
        standIn.comments.splice(index, 1);
        return { status: 204 };
      }
      case `GET ${REPOSITORY}/issues`: {
        const label = searchParams.get("labels") ?? "";
        const open = standIn.issues.filter(({ state, labels }) => state === "open" && labels.includes(label));
        return page(open.map(shownIssue), searchParams, pathname);
      }
      case `POST ${REPOSITORY}/issues`: {
        const labels = given["labels"] as string[];
        const issue = { number: ++lastId, author: ME, labels, title: String(given["title"]), body };
        standIn.issues.push({ ...issue, state: "open", comments: [] });
        return { status: 201, body: shownIssue(issue) };
      }
      case `PATCH ${REPOSITORY}/issues/#`: {
        const issue = standIn.issues.find((each) => each.number === Number(number));
        if (!issue) return notFound();
        const { state_reason: reason, ...changes } = given;
        Object.assign(issue, changes, reason !== undefined && { reason });
        return { status: 200, body: shownIssue(issue) };
      }
      default:
        return notFound();
    }
  }

  function graphql({ query, variables }: { query: string; variables?: { id: string } }): Answer {
    if (query.startsWith("query")) return { status: 200, body: { data: { viewer: { login: ME } } } };
    const comment = standIn.comments.find(({ id }) => `node-${id}` === variables?.id);
    if (!comment)
      return { status: 200, body: { data: null, errors: [{ message: "Could not resolve to a node" }] } };
    comment.minimized = true;
    return {
      status: 200,
      body: { data: { minimizeComment: { minimizedComment: { isMinimized: true } } } },
    };
  }

  /** It gives fewer than it is asked for, so that few make several pages. */
  function page(all: readonly unknown[], query: URLSearchParams, path: string): Answer {
    const number = Number(query.get("page") ?? 1);
    const next = new URLSearchParams({ ...Object.fromEntries(query), page: String(number + 1) });
    const link = number * PAGE < all.length ? { link: `<${url}${path}?${next}>; rel="next"` } : {};
    return { status: 200, body: all.slice((number - 1) * PAGE, number * PAGE), headers: link };
  }

  return standIn;
}

function message(status: number, text: string): Answer {
  return { status, body: { message: text } };
}

function notFound(): Answer {
  return message(404, "Not Found");
}

function shownComment({ id, author, body }: StandInComment) {
  const url = `https://github.test/acme/platform/pull/7#issuecomment-${id}`;
  return { id, node_id: `node-${id}`, html_url: url, user: { login: author }, body };
}

function shownIssue({
  number,
  author,
  title,
  body,
}: Pick<StandInIssue, "number" | "author" | "title" | "body">) {
  return {
    number,
    title,
    body,
    user: { login: author },
    html_url: `https://github.test/acme/platform/issues/${number}`,
  };
}
