import { pageToken, readPageToken } from "./page-token";

test.each(["a", "teapot-blue", "x".repeat(64)])("a token gives back the id that it was made of, %s", (id) => {
  expect(readPageToken(pageToken(id))).toBe(id);
  expect(pageToken(id)).toMatch(/^[\w-]{1,200}$/);
});

test.each([
  ["empty", ""],
  ["too short", "AQ"],
  ["of another id", pageToken("a").slice(0, -2) + pageToken("b").slice(-2)],
  ["with something behind it", `${pageToken("a")}A`],
  [
    "of another version",
    Buffer.concat([Buffer.from([2]), Buffer.from(pageToken("a"), "base64url").subarray(1)]).toString(
      "base64url",
    ),
  ],
])("a token that is %s is none", (_case, token) => {
  expect(readPageToken(token)).toBeUndefined();
});
