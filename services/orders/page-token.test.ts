import fc from "fast-check";
import { pageToken, readPageToken } from "./page-token";

const ID = "01890a5d-ac96-774b-bcce-b302099a8057";

test("gives the id back to the principal that it was made for, and to nobody else", () => {
  fc.assert(
    fc.property(fc.uuid(), fc.string(), fc.string(), (id, principal, other) => {
      const token = pageToken(principal, id);
      expect(readPageToken(principal, token)).toBe(id);
      if (other !== principal) expect(readPageToken(other, token)).toBeUndefined();
    }),
  );
});

test("any text but a token is none", () => {
  fc.assert(fc.property(fc.string(), (text) => expect(readPageToken("user-1", text)).toBeUndefined()));
});

test.each([
  ["cut off", (token: string) => token.slice(0, -1)],
  ["longer", (token: string) => `${token}A`],
  ["padded", (token: string) => `${token}=`],
  ["of another version", (token: string) => `Ag${token.slice(2)}`],
  ["in other letters", (token: string) => token.toLowerCase()],
])("a token that is %s is none", (_how, change) => {
  const token = pageToken("user-1", ID);
  expect(token).toMatch(/^[\w-]{39}$/);
  expect(readPageToken("user-1", change(token))).toBeUndefined();
});
