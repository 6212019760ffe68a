import { readEnvironment } from ".";

const names = { required: ["TABLE", "BUCKET"], optional: ["LEVEL"] } as const;

test("gives the required and those optional variables that are set, and no other", () => {
  const environment = readEnvironment(names, { TABLE: "todos", BUCKET: "files", LEVEL: "INFO", HOME: "/" });
  expect(environment).toEqual({ TABLE: "todos", BUCKET: "files", LEVEL: "INFO" });
});

test("an optional variable that is empty counts as not set", () => {
  expect(readEnvironment(names, { TABLE: "todos", BUCKET: "files", LEVEL: "" })).toEqual({
    TABLE: "todos",
    BUCKET: "files",
  });
});

test.each([
  ["one is missing", { TABLE: "todos" }, "environment: BUCKET must be set, got nothing"],
  ["one is empty", { TABLE: "", BUCKET: "files" }, "environment: TABLE must be set, got nothing"],
  ["all are missing", {}, "environment: TABLE, BUCKET must be set, got nothing"],
])("names what is missing when %s", (_case, source, message) => {
  expect(() => readEnvironment(names, source)).toThrow(new Error(message));
});
