/**
 * Operations of a REST API that IAM authorises, as the emulator has them: services call each other by these, so what is tested against
 * the emulator is worth as much as what it refuses.
 */
import { CreateFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { strToU8, zipSync } from "fflate";
import { type AwsCredentials, signedHeaders } from "../../../runtime";
import { startTemporaryEmulator, type TemporaryEmulator } from "../../internal/temporary-emulator";
import { ACCOUNT } from "./settings";

const ROOT_USER = { accessKeyId: "test", secretAccessKey: "test" };
const { id: account, region } = ACCOUNT;
let emulator: TemporaryEmulator;
const TRUST = {
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: "sts:AssumeRole" },
  ],
};
/** Tells who called. */
const CODE = `exports.handler = async ({ requestContext: { identity } }) => ({
  statusCode: 200,
  body: JSON.stringify({ userArn: identity.userArn, accountId: identity.accountId }),
});`;

let endpoint: string;
let apiId: string;
/** May do exactly the one operation. */
let checker: AwsCredentials;
/** May do another method of it, and what is below it. */
let neighbour: AwsCredentials;

beforeAll(async () => {
  emulator = await startTemporaryEmulator("rest-iam");
  endpoint = emulator.endpoint;
  apiId = await createApi(await createFunction());
  const arn = `arn:aws:execute-api:${region}:${account}:${apiId}/v1`;
  checker = await assume("checker", [`${arn}/POST/checks`]);
  neighbour = await assume("neighbour", [`${arn}/GET/checks`, `${arn}/POST/checks/*`, `${arn}/POST/check`]);
}, 300_000);

afterAll(async () => {
  await emulator?.stop();
});

/** Signs and sends a request. The root user's signature is not looked at. */
async function send(
  service: string,
  path: string,
  request: { readonly method?: string; readonly body?: string; readonly type?: string },
  credentials: AwsCredentials = ROOT_USER,
  change: (headers: Record<string, string>) => Record<string, string> = (headers) => headers,
): Promise<Response> {
  const { method = "POST", body = "", type = "application/json" } = request;
  const url = new URL(path, endpoint);
  const headers = signedHeaders(
    { method, url, headers: { "content-type": type }, body },
    { credentials, region, service, now: Date.now() },
  );
  return fetch(url, { method, headers: change(headers), body });
}

async function iam(parameters: Record<string, string>): Promise<void> {
  const body = new URLSearchParams({ Version: "2010-05-08", ...parameters }).toString();
  const { status } = await send("iam", "/", { body, type: "application/x-www-form-urlencoded" });
  expect(status).toBe(200);
}

async function assume(role: string, resources: readonly string[]): Promise<AwsCredentials> {
  await iam({ Action: "CreateRole", RoleName: role, AssumeRolePolicyDocument: JSON.stringify(TRUST) });
  const statement = { Effect: "Allow", Action: "execute-api:Invoke", Resource: resources };
  const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
  await iam({ Action: "PutRolePolicy", RoleName: role, PolicyName: "access", PolicyDocument });
  const sts = new STSClient({ endpoint, region, credentials: ROOT_USER });
  const RoleArn = `arn:aws:iam::${account}:role/${role}`;
  const { Credentials: found } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: "task" }));
  sts.destroy();
  return {
    accessKeyId: found?.AccessKeyId ?? "",
    secretAccessKey: found?.SecretAccessKey ?? "",
    sessionToken: found?.SessionToken ?? "",
  };
}

async function createFunction(): Promise<string> {
  await iam({ Action: "CreateRole", RoleName: "function", AssumeRolePolicyDocument: JSON.stringify(TRUST) });
  const lambda = new LambdaClient({ endpoint, region, credentials: ROOT_USER });
  const { FunctionArn } = await lambda.send(
    new CreateFunctionCommand({
      FunctionName: "who",
      Role: `arn:aws:iam::${account}:role/function`,
      Runtime: "nodejs22.x",
      Handler: "index.handler",
      Code: { ZipFile: zipSync({ "index.js": strToU8(CODE) }) },
    }),
  );
  lambda.destroy();
  return FunctionArn ?? "";
}

/** @returns id of an API with one operation, POST /checks of the stage v1 */
async function createApi(functionArn: string): Promise<string> {
  const create = async (path: string, body: object, method = "POST") => {
    const response = await send("apigateway", path, { method, body: JSON.stringify(body) });
    expect(response.status).toBe(201);
    return (await response.json()) as { id: string; rootResourceId: string };
  };
  const api = await create("/restapis", { name: "services" });
  const resource = await create(`/restapis/${api.id}/resources/${api.rootResourceId}`, {
    pathPart: "checks",
  });
  const method = `/restapis/${api.id}/resources/${resource.id}/methods/POST`;
  await create(method, { authorizationType: "AWS_IAM" }, "PUT");
  const uri = `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/${functionArn}/invocations`;
  await create(`${method}/integration`, { type: "AWS_PROXY", httpMethod: "POST", uri }, "PUT");
  await create(`/restapis/${api.id}/deployments`, { stageName: "v1" });
  return api.id;
}

const check = (credentials?: AwsCredentials, change?: Parameters<typeof send>[4]) =>
  send("execute-api", `/restapis/${apiId}/v1/_user_request_/checks`, { body: "{}" }, credentials, change);

test("a role that may, is let in, and the function is told who it is", async () => {
  const response = await check(checker);
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({
    userArn: `arn:aws:sts::${account}:assumed-role/checker/task`,
    accountId: account,
  });
});

test.each<[string, () => Promise<Response>]>([
  ["a role that may do what is beside it", () => check(neighbour)],
  ["a signature with another secret", () => check({ ...checker, secretAccessKey: "another" })],
  ["a key that nobody has", () => check({ accessKeyId: "ASIAAAAAAAAAAAAAAAAA", secretAccessKey: "none" })],
  [
    "the signature of another time",
    () => check(checker, (headers) => ({ ...headers, "x-amz-date": "20260101T000000Z" })),
  ],
  [
    "the signature of another request",
    () => check(checker, (headers) => ({ ...headers, "content-type": "text/plain" })),
  ],
  ["no signature", () => check(checker, ({ authorization: _, ...headers }) => headers)],
  ["a token in its place", () => check(checker, (headers) => ({ ...headers, authorization: "Bearer abc" }))],
])("control 16: %s is refused", async (_case, attempt) => {
  const response = await attempt();
  expect(response.status).toBe(403);
});
