import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type LocalDirectory, localDirectory } from "./directory";
import { endpointsOf, parseOutputs, reachableApiUrl, reachableServiceUrl } from "./outputs";

const OUTPUTS = {
  todo_api_url: "https://7ded0b9c.execute-api.us-east-1.amazonaws.com/v1",
  user_pool_id: "us-east-1_abc",
  mobile_client_id: "client",
  identity_pool_id: "us-east-1:pool",
  user_files_bucket: "files",
  region: "us-east-1",
  hosted_domain_url: "https://acme.auth.us-east-1.amazoncognito.com",
};

let directory: LocalDirectory;

beforeEach(() => {
  directory = localDirectory("/project", mkdtempSync(join(tmpdir(), "outputs-")));
});

afterEach(() => {
  rmSync(directory.path, { recursive: true });
});

function writeState(outputs: Record<string, unknown>): void {
  mkdirSync(dirname(directory.terraformState), { recursive: true });
  const entries = Object.entries(outputs).map(([name, value]) => [name, { value, type: "string" }]);
  writeFileSync(directory.terraformState, JSON.stringify({ outputs: Object.fromEntries(entries) }));
}

test("outputs come from Terraform's state; others than ours are left alone", () => {
  writeState({ ...OUTPUTS, another: "one" });
  expect(parseOutputs(directory)).toEqual(OUTPUTS);
});

test("every missing output is named", () => {
  const { region: _, user_pool_id: __, ...rest } = OUTPUTS;
  writeState(rest);
  expect(() => parseOutputs(directory)).toThrow(
    "envs/local: the deployed stack has no output user_pool_id, region",
  );
});

test("clients reach everything through the emulator's port", () => {
  expect(endpointsOf(OUTPUTS, 4566)).toEqual({
    endpoint: "http://127.0.0.1:4566",
    apiUrl: "http://127.0.0.1:4566/restapis/7ded0b9c/v1/_user_request_",
    userPoolId: "us-east-1_abc",
    clientId: "client",
    identityPoolId: "us-east-1:pool",
    bucket: "files",
    region: "us-east-1",
    hostedDomainUrl: "https://acme.auth.us-east-1.amazoncognito.com",
  });
});

test.each([
  "https://api.example.com/v1",
  "https://7ded0b9c.execute-api.us-east-1.amazonaws.com",
  "https://7ded0b9c.execute-api.us-east-1.amazonaws.com/v1/todos",
  "",
])("%j is no URL of a stage", (url) => {
  expect(() => reachableApiUrl(url, 4566)).toThrow(
    `envs/local: the API's URL must be that of a stage, got "${url}"`,
  );
});

test("every version of the to-do API has its URL", () => {
  const v2 = "https://5fddf3c7.execute-api.us-east-1.amazonaws.com/v2";
  writeState({ ...OUTPUTS, todo_api_urls: { v1: OUTPUTS.todo_api_url, v2 } });
  expect(endpointsOf(parseOutputs(directory), 4566).apiUrls).toEqual({
    v1: "http://127.0.0.1:4566/restapis/7ded0b9c/v1/_user_request_",
    v2: "http://127.0.0.1:4566/restapis/5fddf3c7/v2/_user_request_",
  });
});

test("services are there where they are deployed", () => {
  writeState({
    ...OUTPUTS,
    catalog_url: "http://acme-local-catalog-1a2b3c4d.us-east-1.elb.amazonaws.com",
    sessions_api_url: "https://5fddf3c7.execute-api.us-east-1.amazonaws.com/v1",
    fulfilment_approvals_function_arn:
      "arn:aws:lambda:us-east-1:000000000000:function:acme-local-fulfilment:live",
  });
  const endpoints = endpointsOf(parseOutputs(directory), 4566);
  expect(endpoints).toMatchObject({
    catalogUrl: "http://127.0.0.1:4566/_alb/acme-local-catalog",
    sessionsUrl: "http://127.0.0.1:4566/restapis/5fddf3c7/v1/_user_request_",
    fulfilmentFunction: "arn:aws:lambda:us-east-1:000000000000:function:acme-local-fulfilment:live",
  });
  expect(endpoints).not.toHaveProperty("ordersUrl");
});

test.each([
  "https://catalog.example.com",
  "http://acme-local-catalog.us-east-1.elb.amazonaws.com",
  "http://acme-local-catalog-1a2b3c4d.us-east-1.elb.amazonaws.com/v1",
  "",
])("%j is no URL of a load balancer", (url) => {
  expect(() => reachableServiceUrl(url, 4566)).toThrow(
    `envs/local: the service's URL must be that of a load balancer, got "${url}"`,
  );
});
