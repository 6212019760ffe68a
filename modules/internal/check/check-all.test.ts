import { checkAll } from ".";

const fails = (message: string) => () => {
  throw new Error(message);
};

test("nothing is thrown when every check passes", () => {
  expect(() => checkAll([() => {}, () => {}])).not.toThrow();
});

test("every check that fails has a line", () => {
  expect(() => checkAll([fails("nodes must be 1"), () => {}, fails("port must be 2")])).toThrow(
    new Error("nodes must be 1\nport must be 2"),
  );
});
