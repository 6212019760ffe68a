import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** An invalidation that the stub holds. */
export interface StubInvalidation {
  readonly id: string;
  readonly callerReference: string;
  readonly paths: readonly string[];
  /** Looks at it that still find it in progress. */
  looksLeft: number;
  /** As CloudFront writes it. */
  createdAt: string;
}

/** How the stub answers one request out of order: with an error, or not at all. */
export type Trouble =
  | { readonly status: number; readonly code: string; readonly message?: string }
  | "hang up"
  /** Does what it was asked to, and the answer is lost. */
  | "lose answer"
  /** Never answers. */
  | "hang";

/** CloudFront's invalidation API on a loopback port, as far as it is documented. */
export interface CloudFrontStub {
  readonly url: string;
  /** All that were made, in order. */
  readonly invalidations: StubInvalidation[];
  /** `POST` or `GET`, with the last part of the path. */
  readonly requests: string[];
  /** Taken by the next requests one by one. */
  readonly troubles: (Trouble | undefined)[];
  /** Looks after which an invalidation is completed. */
  looks: number;
  /** Called when a request has come in. */
  onRequest: (count: number) => void;
  close(): Promise<void>;
}

/** Starts the stub. */
export async function startCloudFrontStub(): Promise<CloudFrontStub> {
  const server = createServer(async (request, response) => {
    const body = await readBody(request);
    const [, distribution, id] =
      /^\/2020-05-31\/distribution\/([^/]+)\/invalidation(?:\/([^/]+))?$/.exec(request.url ?? "") ?? [];
    stub.requests.push(`${request.method} ${id ?? "invalidation"}`);
    stub.onRequest(stub.requests.length);
    const trouble = stub.troubles.shift();
    if (trouble === "hang") return;
    if (trouble === "hang up") return void request.socket.destroy();
    const answer =
      typeof trouble === "object"
        ? failure(trouble.status, trouble.code, trouble.message)
        : request.method === "POST"
          ? create(stub, distribution ?? "", body)
          : look(stub, id ?? "");
    if (trouble === "lose answer") return void request.socket.destroy();
    response.writeHead(answer.status, { "content-type": "text/xml" }).end(answer.text);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const stub: CloudFrontStub = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    invalidations: [],
    requests: [],
    troubles: [],
    looks: 0,
    onRequest: () => {},
    close: () => {
      server.closeAllConnections();
      return new Promise((done) => server.close(() => done()));
    },
  };
  return stub;
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

function create(stub: CloudFrontStub, distribution: string, body: string): Answer {
  if (distribution === "ENONE") return failure(404, "NoSuchDistribution");
  const paths = [...body.matchAll(/<Path>(.*?)<\/Path>/g)].map(([, path = ""]) => path);
  const callerReference = /<CallerReference>(.*?)<\/CallerReference>/.exec(body)?.[1] ?? "";
  const before = stub.invalidations.find((made) => made.callerReference === callerReference);
  if (before && before.paths.join() !== paths.join()) return failure(400, "InvalidationBatchAlreadyExists");
  if (before) return success(201, before);
  const made = {
    id: `I${stub.invalidations.length + 1}`,
    callerReference,
    paths,
    looksLeft: stub.looks,
    createdAt: new Date().toISOString(),
  };
  stub.invalidations.push(made);
  return success(201, made);
}

function look(stub: CloudFrontStub, id: string): Answer {
  const made = stub.invalidations.find((invalidation) => invalidation.id === id);
  if (!made) return failure(404, "NoSuchInvalidation");
  if (made.looksLeft > 0) made.looksLeft--;
  return success(200, made);
}

function success(
  status: number,
  { id, looksLeft, createdAt, callerReference, paths }: StubInvalidation,
): Answer {
  const items = paths.map((path) => `<Path>${path}</Path>`).join("");
  const batch =
    `<Paths><Quantity>${paths.length}</Quantity><Items>${items}</Items></Paths>` +
    `<CallerReference>${callerReference}</CallerReference>`;
  const text =
    `<Invalidation><Id>${id}</Id><Status>${looksLeft > 0 ? "InProgress" : "Completed"}</Status>` +
    `<CreateTime>${createdAt}</CreateTime><InvalidationBatch>${batch}</InvalidationBatch></Invalidation>`;
  return { status, text };
}

function failure(status: number, code: string, message = "as the test wants it"): Answer {
  const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error>`;
  return { status, text: `<ErrorResponse>${error}<RequestId>r</RequestId></ErrorResponse>` };
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of request) body += chunk;
  return body;
}
