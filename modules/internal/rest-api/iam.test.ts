import { TerraformOutput } from "cdktf";
import type { PolicyStatement } from "../iam";
import { addNote, contractOf, deleteNote, getNote, listNotes, NOTES, synthesiseApi } from "./fixture";

/** Services may add notes and delete one; users read. */
const contract = contractOf({
  ...NOTES,
  paths: {
    "/notes": { get: listNotes },
    "/note-imports": { post: { ...addNote, security: [{ sigv4: [] }] } },
    "/notes/{id}": {
      ...NOTES.paths["/notes/{id}"],
      get: getNote,
      delete: { ...deleteNote, security: [{ sigv4: [] }] },
    },
  },
});
const api = synthesiseApi({ corsOrigin: "https://app.example.com", cacheSizeGigabytes: 0.5 }, contract);

test("control 16: an operation of services is authorised by IAM, the users' by the pool", () => {
  const methods = api.all("aws_api_gateway_method").filter(({ http_method }) => http_method !== "OPTIONS");
  const authorizations = methods.map((method) => [
    method["operation_name"],
    method["authorization"],
    "authorizer_id" in method,
  ]);
  expect(Object.fromEntries(authorizations.map(([name, ...rest]) => [name, rest]))).toEqual({
    listNotes: ["COGNITO_USER_POOLS", true],
    getNote: ["COGNITO_USER_POOLS", true],
    addNote: ["AWS_IAM", false],
    deleteNote: ["AWS_IAM", false],
  });
});

test("control 18: its parameters and body are validated like the users'", () => {
  for (const id of ["addNote", "deleteNote"]) {
    const method = api.all("aws_api_gateway_method").find(({ operation_name }) => operation_name === id);
    expect(method?.["request_validator_id"]).toMatch(/^\$\{aws_api_gateway_request_validator\./);
  }
  expect(api.one("aws_api_gateway_model")["name"]).toBe("AddNoteRequest");
});

test("pages are let in to operations of users alone", () => {
  const allowed = api
    .all("aws_api_gateway_integration_response")
    .map(
      ({ response_parameters }) => response_parameters["method.response.header.Access-Control-Allow-Methods"],
    );
  expect(allowed).toEqual(["'GET'", "'GET'"]);
});

describe("the gateway's own errors", () => {
  const detail = (type: string, synthesised = api) => {
    const response = synthesised
      .all("aws_api_gateway_gateway_response")
      .find(({ response_type }) => response_type === type);
    return response && [response["status_code"], JSON.parse(template(response))["detail"]];
  };
  const template = (response: Record<string, Record<string, string>>) =>
    response["response_templates"]?.["application/json"]?.replace("$context.error.messageString", '""') ?? "";

  test("control 28: a wrong signature is told without the headers that the gateway would quote", () => {
    expect(detail("INVALID_SIGNATURE")).toEqual(["403", "The signature is wrong."]);
  });

  test("a missing one is told as a missing route is", () => {
    expect(detail("MISSING_AUTHENTICATION_TOKEN")).toEqual([
      "404",
      "No such route, or one that asks for a signature.",
    ]);
  });

  test("are those of users where there is no operation of services", () => {
    const users = synthesiseApi();
    expect(detail("INVALID_SIGNATURE", users)).toBeUndefined();
    expect(detail("MISSING_AUTHENTICATION_TOKEN", users)).toEqual(["404", "No such route."]);
  });
});

describe("control 21: a caller's rights", () => {
  const statements = (operationId: string): PolicyStatement[] => {
    const synthesised = synthesiseApi({}, contract, (made, stack) => {
      new TerraformOutput(stack, "statements", { value: JSON.stringify(made.invokeStatements(operationId)) });
    });
    return JSON.parse(synthesised.json["output"]["statements"]["value"]);
  };

  test.each([
    ["addNote", "POST/note-imports"],
    ["deleteNote", "DELETE/notes/*"],
  ])("to %s are for that operation of that stage", (operationId, end) => {
    const [statement, ...others] = statements(operationId);
    expect(others).toEqual([]);
    expect(statement?.actions).toEqual(["execute-api:Invoke"]);
    expect(statement?.resources).toEqual([
      expect.stringMatching(/^\$\{aws_api_gateway_rest_api\..+\.execution_arn\}\/v1\/[^$]+$/),
    ]);
    expect(statement?.resources[0]?.split("}/v1/")[1]).toBe(end);
  });

  test.each([
    ["getNote", "api/notes/v1.yaml: getNote must be an operation whose security is sigv4, got one of users"],
    ["addNotes", "api/notes/v1.yaml: addNotes must be an operation whose security is sigv4, got none"],
  ])("to %s are refused", (operationId, message) => {
    expect(() => statements(operationId)).toThrow(new Error(message));
  });
});
