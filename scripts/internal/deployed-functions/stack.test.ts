import { findFunction, functionsOf, type StackWithFunctions } from ".";

const at = (path: string) => ({ "//": { metadata: { path } } });

/** As cdktf synthesises it, as far as functions are read from it. */
const stack: StackWithFunctions = {
  provider: {
    aws: [
      { alias: "aws-us-east-1", region: "us-east-1" },
      {
        region: "eu-west-1",
        allowed_account_ids: ["111111111111"],
        default_tags: [{ tags: { project: "acme", environment: "prod" } }],
      },
    ],
  },
  resource: {
    aws_lambda_function: {
      "todo-api-v1_function": {
        ...at("envs/prod/todo-api-v1/function/function"),
        function_name: "acme-prod-todos-v1",
      },
      "todo-api-v2_function": {
        ...at("envs/prod/todo-api-v2/function/function"),
        function_name: "acme-prod-todos-v2",
      },
      "session-api_function": {
        ...at("envs/prod/session-api/function/function"),
        function_name: "acme-prod-sessions-v1",
      },
      unreached: { ...at("envs/prod/other/function/function"), function_name: "acme-prod-other" },
    },
    aws_lambda_alias: {
      one: { ...at("envs/prod/todo-api-v1/function/live"), name: "live" },
      two: { ...at("envs/prod/todo-api-v2/function/live"), name: "live" },
      three: { ...at("envs/prod/session-api/function/live"), name: "live" },
    },
    aws_codedeploy_app: { "session-api_app": { name: "acme-prod-sessions-v1-app" } },
    aws_codedeploy_deployment_group: {
      group: {
        ...at("envs/prod/session-api/function/shift/group"),
        app_name: "${aws_codedeploy_app.session-api_app.name}",
        deployment_group_name: "acme-prod-sessions-v1-shift",
      },
    },
  },
};

const found = functionsOf(stack);

test("functions with an alias are found, in the account and region of the stack's own provider", () => {
  expect(found).toEqual({
    accountId: "111111111111",
    region: "eu-west-1",
    functions: [
      {
        name: "sessions-v1",
        deployedName: "acme-prod-sessions-v1",
        shift: { application: "acme-prod-sessions-v1-app", group: "acme-prod-sessions-v1-shift" },
      },
      { name: "todos-v1", deployedName: "acme-prod-todos-v1" },
      { name: "todos-v2", deployedName: "acme-prod-todos-v2" },
    ],
  });
});

test.each([
  ["sessions", "sessions-v1"],
  ["sessions-v1", "sessions-v1"],
  ["acme-prod-todos-v2", "todos-v2"],
])("%s is %s", (asked, name) => {
  expect(findFunction("envs/prod", found.functions, asked).name).toBe(name);
});

test.each([
  ["todos", 'envs/prod: "todos" is several functions; name one of: todos-v1, todos-v2'],
  ["todo", 'envs/prod: has no function "todo"; name one of: sessions-v1, todos-v1, todos-v2'],
])("%s is refused", (asked, message) => {
  expect(() => findFunction("envs/prod", found.functions, asked)).toThrow(message);
});

test("an environment without functions says so", () => {
  expect(() => findFunction("envs/prod", [], "todos")).toThrow(
    'envs/prod: has no function "todos"; it has none at all',
  );
});
