import { readByteLimit } from "./limit";

test("a whole number is the limit", () => {
  expect(readByteLimit("104857600")).toBe(104_857_600);
});

test.each(["0", "-1", "1.5", "10MB", " "])('"%s" is refused', (text) => {
  expect(() => readByteLimit(text)).toThrow(
    new Error(`environment: MAX_OBJECT_BYTES must be a whole number of at least 1, got "${text}"`),
  );
});
