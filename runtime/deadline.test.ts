import { DeadlineExceeded, withDeadline } from ".";

test("gives the result of work that is done in time, and keeps no timer", async () => {
  await expect(withDeadline(60_000, async () => "done")).resolves.toBe("done");
});

test("passes on the error of the work", async () => {
  await expect(withDeadline(60_000, () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
});

test("ends at the deadline, and tells the work", async () => {
  let aborted = false;
  const work = withDeadline(10, (signal) => {
    signal.addEventListener("abort", () => {
      aborted = true;
    });
    return new Promise(() => undefined);
  });
  await expect(work).rejects.toEqual(new DeadlineExceeded(10));
  expect(aborted).toBe(true);
});
