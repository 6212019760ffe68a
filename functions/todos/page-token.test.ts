import { randomBytes } from "node:crypto";
import { newUuidV7 } from "../../runtime";
import { pageToken, readPageToken } from "./page-token";

const RUNS = 300;
const someId = () => newUuidV7(randomBytes(6).readUIntBE(0, 6), randomBytes(10));
const someOwner = () => randomBytes(1 + Math.floor(Math.random() * 40)).toString("utf8");
const FILTERS = [{}, { status: "open" }, { status: "done" }] as const;

test("any token reads back as its id, for its owner and filter", () => {
  for (let run = 0; run < RUNS; run++) {
    const scope = { owner: someOwner(), ...FILTERS[run % 3] };
    const id = someId();
    expect(readPageToken(scope, pageToken(scope, id))).toBe(id);
  }
});

test("any change of one character is noticed", () => {
  const scope = { owner: "user-1" };
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+/ .";
  for (let run = 0; run < RUNS; run++) {
    const token = pageToken(scope, someId());
    const at = Math.floor(Math.random() * token.length);
    const other = alphabet[Math.floor(Math.random() * alphabet.length)] as string;
    const changed = token.slice(0, at) + other + token.slice(at + 1);
    expect(readPageToken(scope, changed)).toBe(changed === token ? readPageToken(scope, token) : undefined);
  }
});

test("control 17: a token is good for its owner alone", () => {
  for (let run = 0; run < RUNS; run++) {
    expect(readPageToken({ owner: "user-2" }, pageToken({ owner: "user-1" }, someId()))).toBeUndefined();
  }
});

test("a token is good for its filter alone", () => {
  const token = pageToken({ owner: "user-1", status: "open" }, someId());
  expect(readPageToken({ owner: "user-1" }, token)).toBeUndefined();
  expect(readPageToken({ owner: "user-1", status: "done" }, token)).toBeUndefined();
});

test("arbitrary text is no token", () => {
  for (let run = 0; run < RUNS; run++) {
    const text = randomBytes(run % 40).toString(run % 2 ? "base64url" : "latin1");
    expect(readPageToken({ owner: "user-1" }, text)).toBeUndefined();
  }
});

test("a token cut short or made longer is refused", () => {
  const token = pageToken({ owner: "user-1" }, someId());
  expect(readPageToken({ owner: "user-1" }, token.slice(0, -1))).toBeUndefined();
  expect(readPageToken({ owner: "user-1" }, `${token}A`)).toBeUndefined();
});

test("a token of another version is refused", () => {
  const bytes = Buffer.from(pageToken({ owner: "user-1" }, someId()), "base64url");
  bytes[0] = 2;
  expect(readPageToken({ owner: "user-1" }, bytes.toString("base64url"))).toBeUndefined();
});

test("does not show the owner", () => {
  const owner = "11111111-2222-3333-4444-555555555555";
  const bytes = Buffer.from(pageToken({ owner }, someId()), "base64url");
  expect(bytes.toString("latin1")).not.toContain(owner.slice(0, 8));
});
