import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What of ECR's API finds images and lets Docker log in, on a loopback port, as far as it is documented. */
export interface EcrStub {
  readonly url: string;
  /** Repositories by name, each with its tags. */
  readonly repositories: Map<string, Set<string>>;
  /** Operations that were called, with their repository. */
  readonly calls: string[];
  /** Error that the next call gets. */
  failure: string | undefined;
  close(): Promise<void>;
}

/** The password that the stub gives out. */
export const PASSWORD = "password-for-twelve-hours";

/** Starts the stub. */
export async function startEcrStub(): Promise<EcrStub> {
  const server = createServer(async (request, response) => {
    const operation = String(request.headers["x-amz-target"]).split(".")[1] ?? "";
    const input = JSON.parse((await readText(request)) || "{}");
    stub.calls.push([operation, input.repositoryName].filter(Boolean).join(" "));
    const { failure } = stub;
    stub.failure = undefined;
    if (failure !== undefined) return void answer(response, 400, { __type: failure, message: failure });
    if (operation === "GetAuthorizationToken") {
      const authorizationToken = Buffer.from(`AWS:${PASSWORD}`).toString("base64");
      return void answer(response, 200, { authorizationData: [{ authorizationToken }] });
    }
    const tags = stub.repositories.get(input.repositoryName);
    if (!tags) return void answer(response, 400, { __type: "RepositoryNotFoundException", message: "" });
    const { imageTag } = input.imageIds[0];
    if (!tags.has(imageTag))
      return void answer(response, 400, { __type: "ImageNotFoundException", message: "" });
    answer(response, 200, {
      imageDetails: [{ repositoryName: input.repositoryName, imageTags: [imageTag] }],
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const stub: EcrStub = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    repositories: new Map(),
    calls: [],
    failure: undefined,
    close: () => {
      server.closeAllConnections();
      return new Promise((done) => server.close(() => done()));
    },
  };
  return stub;
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "Content-Type": "application/x-amz-json-1.1" });
  response.end(JSON.stringify(body));
}

async function readText(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += chunk;
  return text;
}
