import { CommandError, EXIT } from "../../internal/cli";
import { clock, GUARD, MemoryServices, messageOf, STOCK } from "./fixture";
import { isMovable, type Movable, moveBack } from "./move";
import type { FailureQueue } from "./targets";

const movable = (queue: FailureQueue) => {
  if (!isMovable(queue.source)) throw new Error("it cannot be moved");
  return { ...queue, source: queue.source as Movable };
};
const stock = movable(STOCK);
const guard = movable(GUARD);
const silent = { count: () => {} };
const failed = (count: number) => Array.from({ length: count }, (_, index) => messageOf(`m${index}`));

describe("one by one, where SQS has no moves", () => {
  test("each message goes back as it is, at most as many in a second as are allowed, and this tells how far it is", async () => {
    const services = new MemoryServices({ [STOCK.queueName]: failed(12) });
    const time = clock({ perSecond: 5 });
    const counted: unknown[] = [];
    const moved = await moveBack(stock, services, time, {
      count: (done, all) => counted.push([done, all]),
    });
    expect(moved).toBe(12);
    expect(services.queues["acme-prod-stock"]).toEqual(failed(12));
    expect(services.queues[STOCK.queueName]).toEqual([]);
    expect(time.slept).toEqual([1000, 1000]);
    expect([counted[0], counted.at(-1)]).toEqual([
      [0, 12],
      [12, 12],
    ]);
  });

  test("what fails again meanwhile is not moved in circles", async () => {
    const services = new MemoryServices({ [STOCK.queueName]: failed(3) });
    services.send = async (_name, message) => {
      services.queues[STOCK.queueName]?.push(messageOf(`${message.messageId}-again`));
    };
    expect(await moveBack(stock, services, clock(), silent)).toBe(3);
    expect(services.queues[STOCK.queueName]?.map(({ messageId }) => messageId)).toEqual([
      "m0-again",
      "m1-again",
      "m2-again",
    ]);
  });

  test("a message that cannot be sent stays, is seen by others, and the rest with it", async () => {
    const services = new MemoryServices({ [STOCK.queueName]: failed(4) });
    services.refused = ["m1"];
    await expect(moveBack(stock, services, clock(), silent)).rejects.toThrow(
      new CommandError("queue acme-prod-stock", "is full"),
    );
    expect(services.queues["acme-prod-stock"]).toEqual([messageOf("m0")]);
    expect(await services.depth(STOCK.queueName)).toEqual({ waiting: 3, hidden: 0 });
  });

  test("a queue that others have emptied meanwhile ends it", async () => {
    const services = new MemoryServices({ [STOCK.queueName]: failed(1) });
    services.depth = async () => ({ waiting: 5, hidden: 0 });
    expect(await moveBack(stock, services, clock(), silent)).toBe(1);
  });

  test("it ends by its time-out, and says that the same command goes on", async () => {
    const services = new MemoryServices({ [STOCK.queueName]: failed(20) });
    await expect(
      moveBack(stock, services, clock({ perSecond: 1, deadline: 2000 }), silent),
    ).rejects.toMatchObject({
      message:
        "queue acme-prod-stock-failed: not all was moved by --timeout; 2 messages moved so far; the same command goes on",
      exitCode: EXIT.unfinished,
    });
  });
});

describe("back to a function", () => {
  test("it is invoked with the event that it failed on", async () => {
    const body = JSON.stringify({
      requestContext: { condition: "RetriesExhausted" },
      requestPayload: { Records: [1] },
    });
    const services = new MemoryServices({ [GUARD.queueName]: [messageOf("m", body)] });
    expect(await moveBack(guard, services, clock({ hasMoveTasks: true }), silent)).toBe(1);
    expect(services.invoked).toEqual([["acme-prod-upload-guard", '{"Records":[1]}']]);
    expect(services.queues[GUARD.queueName]).toEqual([]);
  });

  test.each(["{}", "text"])("what Lambda has not written stays: %s", async (body) => {
    const services = new MemoryServices({ [GUARD.queueName]: [messageOf("m", body)] });
    await expect(moveBack(guard, services, clock(), silent)).rejects.toThrow(
      new CommandError(
        "queue acme-prod-upload-guard-failed",
        "message m is no record of a failed invocation",
        "look at it with --bodies, and remove it if it is nobody's",
      ),
    );
    expect(services.invoked).toEqual([]);
    expect(await services.depth(GUARD.queueName)).toEqual({ waiting: 1, hidden: 0 });
  });
});

describe("by SQS", () => {
  const RUNNING = { status: "RUNNING", startedAt: 2, moved: 1, toMove: 2 };
  const COMPLETED = { status: "COMPLETED", startedAt: 2, moved: 2, toMove: 2 };
  const EARLIER = { status: "COMPLETED", startedAt: 1, moved: 9 };

  test("a move is begun, to the queue where they failed, and waited for", async () => {
    const services = new MemoryServices({});
    services.tasks = [EARLIER, EARLIER, RUNNING, COMPLETED];
    const counted: unknown[] = [];
    const moved = await moveBack(stock, services, clock({ hasMoveTasks: true, perSecond: 7 }), {
      count: (done, all) => counted.push([done, all]),
    });
    expect(moved).toBe(2);
    expect(services.begun).toEqual([["acme-prod-stock-failed", "acme-prod-stock", 7]]);
    expect(counted).toEqual([
      [1, 2],
      [2, 2],
    ]);
  });

  test("one that is under way is joined", async () => {
    const services = new MemoryServices({});
    services.tasks = [RUNNING, RUNNING, COMPLETED];
    expect(await moveBack(stock, services, clock({ hasMoveTasks: true }), silent)).toBe(2);
    expect(services.begun).toEqual([]);
  });

  test("one that fails says why", async () => {
    const services = new MemoryServices({});
    services.tasks = [undefined, { ...RUNNING, status: "FAILED", failure: "AccessDenied" }];
    await expect(moveBack(stock, services, clock({ hasMoveTasks: true }), silent)).rejects.toThrow(
      new CommandError(
        "queue acme-prod-stock-failed",
        "the move has ended as FAILED after 1 message: AccessDenied",
        "mend the cause and run the same command again",
      ),
    );
  });

  test("it goes on when the time-out is over", async () => {
    const services = new MemoryServices({});
    services.tasks = [RUNNING];
    await expect(
      moveBack(stock, services, clock({ hasMoveTasks: true, deadline: 3000 }), silent),
    ).rejects.toMatchObject({
      message:
        "queue acme-prod-stock-failed: not all was moved by --timeout; SQS goes on with the move; the same command joins it",
      exitCode: EXIT.unfinished,
    });
  });
});
