import { CommandError, EXIT } from "../../internal/cli";
import { clock, GUARD, HISTORY, MemoryServices, messageOf, STOCK } from "./fixture";
import { type RedriveRequest, redrive } from "./run";
import { describeRedrive } from "./show";

const REQUEST: RedriveRequest = {
  environment: "envs/prod",
  queues: [HISTORY, STOCK, GUARD],
  named: false,
  move: false,
  samples: 1,
  bodies: false,
  dryRun: false,
};
const failures = () =>
  new MemoryServices({
    [HISTORY.queueName]: [messageOf("h")],
    [STOCK.queueName]: [messageOf("a"), messageOf("b", "Oslo")],
    [GUARD.queueName]: [],
  });

beforeEach(() => {
  jest.spyOn(process.stderr, "write").mockClear().mockReturnValue(true);
});

test("shows how many there are, and some of them, which others then see as before", async () => {
  const services = failures();
  const result = await redrive(REQUEST, services, clock());
  const reason = "it is no event: its specversion is not 1.0";
  expect(result).toEqual({
    environment: "envs/prod",
    queues: [
      { ...HISTORY, waiting: 1, hidden: 0, samples: [{ messageId: "h", reason }] },
      { ...STOCK, waiting: 2, hidden: 0, samples: [{ messageId: "a", reason }] },
      { ...GUARD, waiting: 0, hidden: 0, samples: [] },
    ],
  });
  expect(await services.depth(STOCK.queueName)).toEqual({ waiting: 2, hidden: 0 });
  expect(describeRedrive(result)).toBe(
    [
      "queue                 failures of                      waiting",
      "history-order-events  a stream                               1",
      "stock                 queue acme-prod-stock                  2",
      "upload-guard          function acme-prod-upload-guard        0",
      "",
      "history-order-events: 1 of about 1",
      `  message h: ${reason}`,
      "",
      "stock: 1 of about 2",
      `  message a: ${reason}`,
    ].join("\n"),
  );
});

test("of what tells its event, the way is shown", () => {
  const sample = { messageId: "m", eventId: "01890a5d-ac96-774b-bcce-b302099a8057" };
  const queue = { ...STOCK, waiting: 1, hidden: 0, samples: [sample] };
  const told = (more: object) =>
    describeRedrive({ environment: "envs/prod", queues: [{ ...queue, ...more }] })
      .split("\n")
      .slice(-3);
  const lines = [`  message m: event ${sample.eventId}`, `  why: scripts/trace envs/prod ${sample.eventId}`];
  expect(told({})).toEqual(["stock: 1 of about 1", ...lines]);
  expect(told({ move: "moved", moved: 1, left: 0 })).toEqual([
    "stock: 1 of about 1, before they were moved",
    ...lines,
  ]);
});

test("--dry-run says what would be moved, and moves nothing", async () => {
  const services = failures();
  const result = await redrive({ ...REQUEST, move: true, dryRun: true, samples: 0 }, services, clock());
  expect(result.queues.map(({ name, move, samples }) => [name, move, samples])).toEqual([
    ["history-order-events", "cannot", []],
    ["stock", "would-move", []],
    ["upload-guard", undefined, []],
  ]);
  expect(services.queues).toEqual(failures().queues);
  expect(describeRedrive(result)).toContain("2  would be moved back");
});

test("--move moves what can be moved, and says of the rest that it cannot", async () => {
  const services = failures();
  const result = await redrive({ ...REQUEST, move: true, samples: 2, bodies: true }, services, clock());
  expect(result.queues.map(({ name, move, moved, left }) => [name, move, moved, left])).toEqual([
    ["history-order-events", "cannot", undefined, undefined],
    ["stock", "moved", 2, 0],
    ["upload-guard", undefined, undefined, undefined],
  ]);
  expect(services.queues["acme-prod-stock"]).toEqual([messageOf("a"), messageOf("b", "Oslo")]);
  expect(services.queues[HISTORY.queueName]).toEqual([messageOf("h")]);
  const text = describeRedrive(result);
  expect(text).toContain("1  cannot be moved: docs/events.md");
  expect(text).toContain("2  about 2 were waiting, 2 moved back, 0 left\n");
  expect(text).toContain("  message b: its body is no JSON object\n    Oslo");
});

test("one message is one, and what another looks at meanwhile is left", async () => {
  const services = new MemoryServices({ [STOCK.queueName]: [messageOf("a"), messageOf("b")] });
  await services.receive(STOCK.queueName, 1);
  const request = { ...REQUEST, queues: [STOCK], move: true, samples: 0 };
  const result = await redrive(request, services, clock());
  expect(describeRedrive(result)).toContain("1  about 1 was waiting, 1 moved back, 1 left");
  const written = jest.mocked(process.stderr.write).mock.calls.map(([text]) => String(text));
  expect(written.join("")).toContain("Move about 1 message back to queue acme-prod-stock");
  expect(written.join("")).toContain("Moved 1 message of stock back to queue acme-prod-stock");
});

test("where nothing waits that is said, and nothing is moved", async () => {
  const services = new MemoryServices({});
  const result = await redrive({ ...REQUEST, queues: [STOCK], move: true }, services, clock());
  expect(result.queues).toEqual([{ ...STOCK, waiting: 0, hidden: 0, samples: [] }]);
  expect(describeRedrive(result).split("\n").slice(-2)).toEqual(["", "Nothing waits."]);
  expect(process.stderr.write).not.toHaveBeenCalled();
});

test("a queue that is named and cannot be moved is refused before anything is done", async () => {
  const services = failures();
  await expect(
    redrive({ ...REQUEST, queues: [STOCK, HISTORY], named: true, move: true }, services, clock()),
  ).rejects.toEqual(
    new CommandError(
      "queue acme-prod-history-order-events-failed",
      "keeps what a stream left behind, which cannot be moved",
      'docs/events.md, "When a message fails", says what to do',
      EXIT.usage,
    ),
  );
  expect(services.queues).toEqual(failures().queues);
});

test("what others look at is told; an environment without queues says so", () => {
  const queues = [{ ...STOCK, waiting: 0, hidden: 2, samples: [] }];
  const text = describeRedrive({ environment: "envs/prod", queues });
  expect(text).toContain("2 more are being looked at");
  expect(text).not.toContain("Nothing waits");
  expect(describeRedrive({ environment: "envs/dev", queues: [] })).toBe(
    "envs/dev: it has no queue of failures.",
  );
});
