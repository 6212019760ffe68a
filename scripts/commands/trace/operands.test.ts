import { checkOperands, idLast } from "./operands";

const ID = "1-5759e988-bd862e3fe1be46a994272793";
const before = process.env["AWS_ENDPOINT_URL"];

beforeEach(() => {
  delete process.env["AWS_ENDPOINT_URL"];
});

afterAll(() => {
  if (before !== undefined) process.env["AWS_ENDPOINT_URL"] = before;
});

test.each([
  ["behind the environment", ["envs/prod", ID, "--hours", "72"], ["envs/prod", "--hours", "72", ID]],
  ["before it", [ID, "envs/prod"], ["envs/prod", ID]],
  ["before options", [ID, "--json", "envs/prod"], ["--json", "envs/prod", ID]],
  ["nowhere", ["envs/prod", "--json"], ["envs/prod", "--json"]],
])("the id goes behind the environment, wherever it is: %s", (_, args, expected) => {
  expect(idLast(args)).toEqual(expected);
});

test.each([
  [ID, `scripts/trace: the environment is missing; call scripts/trace envs/prod ${ID}`],
  [
    "envs/staging",
    "scripts/trace: the id of a trace or request is missing; call scripts/trace envs/staging <id>",
  ],
])("of two one is missing: %s is there", (operand, message) => {
  expect(() => checkOperands([operand])).toThrow(message);
});

test("in a shell of the local environment, that is meant", () => {
  process.env["AWS_ENDPOINT_URL"] = "http://127.0.0.1:4566";
  expect(() => checkOperands([ID])).toThrow(`call scripts/trace envs/local ${ID}`);
});

test.each([[[]], [[ID, "envs/prod"]]])("otherwise nothing is said: %j", (operands) => {
  expect(() => checkOperands(operands)).not.toThrow();
});
