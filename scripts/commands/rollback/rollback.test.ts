import { MemoryLambda } from "../../internal/deployed-functions/memory-lambda";
import { type RollbackRequest, rollBack } from "./rollback";
import { describeRollback } from "./show";

const FUNCTION = { name: "todos-v1", deployedName: "acme-prod-todos-v1" };
const SHIFTED = { ...FUNCTION, shift: { application: "app", group: "group" } };

let lambda: MemoryLambda;

beforeEach(() => {
  lambda = new MemoryLambda();
  lambda.add(FUNCTION.deployedName, ["first", "second", "third", "third"]);
});

const request = (change: Partial<RollbackRequest> = {}): RollbackRequest => ({
  environment: "envs/prod",
  function: FUNCTION,
  dryRun: false,
  ...change,
});

test("control 44: without a version it goes to the one before the newest", async () => {
  const result = await rollBack(request(), lambda);
  expect(await lambda.live(FUNCTION.deployedName)).toMatchObject({ version: "3", weights: {} });
  expect(result).toMatchObject({
    deployedName: "acme-prod-todos-v1",
    from: "4",
    to: "3",
    sameCode: true,
    movedForwardBy: "npx cdktf deploy envs/prod",
  });
});

test("a named version is gone to, and forward again", async () => {
  expect(await rollBack(request({ to: "1" }), lambda)).toMatchObject({ from: "4", to: "1", sameCode: false });
  expect(await rollBack(request({ to: "4" }), lambda)).toMatchObject({ from: "1", to: "4" });
  expect((await lambda.live(FUNCTION.deployedName)).version).toBe("4");
});

test("a dry run moves nothing, and says the same", async () => {
  const planned = await rollBack(request({ dryRun: true }), lambda);
  expect((await lambda.live(FUNCTION.deployedName)).version).toBe("4");
  expect({ ...planned, dryRun: false }).toEqual(await rollBack(request(), lambda));
});

test.each<[string, Partial<RollbackRequest>, string]>([
  ["a version that there is not", { to: "9" }, "function todos-v1: has no version 9; there are 1, 2, 3, 4"],
  [
    "the version that is live",
    { to: "4" },
    "function todos-v1: version 4 is live already; name another with --to",
  ],
])("%s is refused", async (_case, change, message) => {
  await expect(rollBack(request(change), lambda)).rejects.toThrow(message);
  expect((await lambda.live(FUNCTION.deployedName)).version).toBe("4");
});

test("a second time it does not go back twice", async () => {
  await rollBack(request(), lambda);
  await expect(rollBack(request(), lambda)).rejects.toThrow(
    "function todos-v1: version 3 is live and 4 the newest: it was rolled back before, or the newest is not live yet; " +
      "name the version with --to; there are 1, 2, 3, 4",
  );
});

test("the first version has none before it", async () => {
  lambda.add(FUNCTION.deployedName, ["first"]);
  await expect(rollBack(request(), lambda)).rejects.toThrow(
    "function todos-v1: has no version before 1; revert the source and deploy",
  );
});

test("what is being shifted is stopped first", async () => {
  await lambda.moveAlias(FUNCTION.deployedName, "3", { "4": 0.1 });
  await expect(rollBack(request({ function: SHIFTED }), lambda)).rejects.toThrow(
    "function todos-v1: its traffic is being shifted from version 3 to 4; scripts/shift envs/prod todos-v1 --stop takes that back",
  );
});

test("a reader sees the versions, what was done, and what undoes it", async () => {
  expect(describeRollback(await rollBack(request({ function: SHIFTED, to: "2" }), lambda))).toBe(
    [
      "version  published (UTC)   code          size              description",
      "      1  2026-11-01 10:00  666972737400  10 KiB",
      "      2  2026-11-02 10:00  7365636f6e64  10 KiB  live now",
      "      3  2026-11-03 10:00  746869726400  10 KiB",
      "      4  2026-11-04 10:00  746869726400  10 KiB  was live",
      "",
      "acme-prod-todos-v1: live was moved from 4 to 2.",
      "The next scripts/shift envs/prod moves it forward again, unless the source is reverted.",
    ].join("\n"),
  );
});

test("of many versions the newest are shown, and what is moved", async () => {
  lambda.add(
    FUNCTION.deployedName,
    Array.from({ length: 30 }, (_, index) => `code ${index}`),
  );
  const shown = describeRollback(await rollBack(request({ to: "2", dryRun: true }), lambda));
  const versions = [...shown.matchAll(/^ *(\d+) {2}/gm)].map(([, version]) => Number(version));
  expect(versions).toEqual([2, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30]);
  expect(shown).toContain("live would be moved from 30 to 2.");
});
