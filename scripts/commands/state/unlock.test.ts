import type { Lock } from "./bucket";
import type { StateOfEnvironment } from "./state";
import { unlock } from "./unlock";

const NOW = new Date("2026-11-24T12:00:00Z");

/** A stand-in of a state in S3, and what was unlocked of it. e2e/bootstrap.test.ts has a real lock of a killed Terraform. */
function locked(lock: Lock | undefined): { of: StateOfEnvironment; unlocked: string[] } {
  const unlocked: string[] = [];
  const state = { unlock: (id: string) => void unlocked.push(id) } as StateOfEnvironment["state"];
  const bucket = { lock: async () => lock } as NonNullable<StateOfEnvironment["bucket"]>;
  return { of: { root: "", environment: "envs/prod", backups: "", state, bucket }, unlocked };
}

const lock = (since: string): Lock => ({
  id: "b1946ac9",
  operation: "OperationTypeApply",
  who: "ann@laptop",
  since,
});

const approve = async () => {};

test("a lock that may be in use is refused, with its holder", async () => {
  const { of, unlocked } = locked(lock("2026-11-24T11:57:00.123Z"));
  await expect(unlock(of, false, approve, NOW)).rejects.toThrow(
    "envs/prod: is locked since 2 min by ann@laptop (apply): it may be at work; " +
      "wait for its end; when that process is surely gone, add --auto-approve",
  );
  expect(unlocked).toEqual([]);
});

test("a lock that does not say since when is held for one in use", async () => {
  const { of, unlocked } = locked(lock(""));
  await expect(unlock(of, false, approve, NOW)).rejects.toThrow(
    "envs/prod: is locked since nobody knows when by ann@laptop (apply): it may be at work",
  );
  expect(unlocked).toEqual([]);
});

test.each([
  ["one that may be in use, when asked to", "2026-11-24T11:57:00Z", true],
  ["an old one", "2026-11-24T10:59:00Z", false],
])("%s is removed", async (_case, since, approved) => {
  const { of, unlocked } = locked(lock(since));
  expect(await unlock(of, approved, approve, NOW)).toEqual({ environment: "envs/prod", lock: lock(since) });
  expect(unlocked).toEqual(["b1946ac9"]);
});

test("one that is not confirmed stays", async () => {
  const { of, unlocked } = locked(lock("2026-11-23T10:59:00Z"));
  const refuse = async () => {
    throw new Error("no");
  };
  await expect(unlock(of, false, refuse, NOW)).rejects.toThrow("no");
  expect(unlocked).toEqual([]);
});

test("where nobody holds the state there is nothing to remove", async () => {
  expect(await unlock(locked(undefined).of, false, approve, NOW)).toEqual({ environment: "envs/prod" });
});
