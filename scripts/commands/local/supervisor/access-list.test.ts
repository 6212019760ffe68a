import { accessList, parseUsers } from "./access-list";

const HASH = "a".repeat(64);

test("without users everybody may do everything", () => {
  expect(accessList([])).toBe("user default on nopass ~* &* +@all\n");
});

test("with users nobody else may do anything", () => {
  const users = [
    { name: "app", access: "on ~app::* +@read", passwordHashes: [HASH, "b".repeat(64)] },
    { name: "open", access: "on ~* +ping", passwordHashes: [] },
  ];
  expect(accessList(users)).toBe(
    `user default reset off\nuser app reset #${HASH} #${"b".repeat(64)} on ~app::* +@read\nuser open reset nopass on ~* +ping\n`,
  );
});

test("a deployed user of the name default takes the place of ours", () => {
  expect(accessList([{ name: "default", access: "off -@all", passwordHashes: [] }])).toBe(
    "user default reset nopass off -@all\n",
  );
});

test("users are read out of the emulator's answer", () => {
  const user = (id: string, access: string, hashes: string) =>
    `<member><UserId>${id}</UserId><UserName>${id}</UserName><AccessString>${access}</AccessString>` +
    `<UserGroupIds><member>g</member></UserGroupIds><LocalPasswordSha256>${hashes}</LocalPasswordSha256></member>`;
  const xml = `<Users>${user("app", "on ~a&amp;b +@all", `<member>${HASH}</member>`)}${user("open", "on", "")}</Users>`;
  expect(parseUsers(xml)).toEqual([
    { id: "app", name: "app", access: "on ~a&b +@all", passwordHashes: [HASH] },
    { id: "open", name: "open", access: "on", passwordHashes: [] },
  ]);
});
