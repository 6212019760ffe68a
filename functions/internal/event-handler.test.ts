import type { Context, KinesisStreamEvent, SQSEvent } from "aws-lambda";
import { type CloudEvent, type EventContract, newEvent, type Validate } from "../../runtime";
import {
  type EventContext,
  type EventHandlerConfig,
  queueHandler,
  type StreamHandlerConfig,
  streamHandler,
} from "./event-handler";
import { recordingObservability } from "./recording-observability";

/** A contract that asks for a `data.size`, and for nothing else. */
const validate: Validate = (event) => {
  const { size } = Object(Object(event).data) as { size?: unknown };
  validate.errors =
    typeof size === "number"
      ? null
      : [{ instancePath: "/data", keyword: "required", params: { missingProperty: "size" } }];
  return validate.errors === null;
};
const packed: EventContract<{ readonly size: number }, "shop.parcel.packed.v1"> = {
  ...{ type: "shop.parcel.packed.v1", source: "parcels", dataschema: "parcel-packed/v1" },
  validate,
};
const contracts = { [packed.type]: packed } as const;
const TRACEPARENT = "00-5759e988bd862e3fe1be46a994272793-00f067aa0ba902b7-01";
const TRACE_ID = "1-5759e988-bd862e3fe1be46a994272793";
const SECRET = "what a user wrote";
const STREAM = "arn:aws:kinesis:eu-west-1:111122223333:stream/parcels";

type Handle = EventHandlerConfig<typeof contracts>["handle"];

/** A text of an event. @param size told apart by it */
function text(size: number, more: object = {}): string {
  const event = newEvent(packed, {
    ...{ subject: `parcel-${size}`, sequence: 1, traceparent: TRACEPARENT, data: { size } },
    ...{ time: new Date("2024-05-01T12:00:00.000Z"), id: `01900000-0000-7000-8000-00000000000${size}` },
  });
  return JSON.stringify({ ...event, ...more });
}

function contextWith(millisecondsLeft: number | (() => number)): Context {
  const getRemainingTimeInMillis =
    typeof millisecondsLeft === "number" ? () => millisecondsLeft : millisecondsLeft;
  return { getRemainingTimeInMillis } as Context;
}

/** Messages of a queue. @param group of a FIFO queue */
function messages(
  ...bodies: readonly (string | { readonly body: string; readonly group: string })[]
): SQSEvent {
  const Records = bodies.map((message, index) => {
    const { body, group } = typeof message === "string" ? { body: message, group: undefined } : message;
    return {
      ...{ messageId: `m${index}`, body },
      eventSourceARN: `arn:aws:sqs:eu-west-1:111122223333:parcels${group === undefined ? "" : ".fifo"}`,
      attributes: { ApproximateReceiveCount: "2", ...(group !== undefined && { MessageGroupId: group }) },
    };
  });
  return { Records } as unknown as SQSEvent;
}

/** Records of a stream: partition keys and texts. */
function records(...all: readonly (readonly [string, string])[]): KinesisStreamEvent {
  const Records = all.map(([partitionKey, data], index) => ({
    ...{ eventID: `shardId-000000000000:s${index}`, eventSourceARN: STREAM },
    kinesis: { partitionKey, sequenceNumber: `s${index}`, data: Buffer.from(data).toString("base64") },
  }));
  return { Records } as unknown as KinesisStreamEvent;
}

/** Frames that note what is handled. @param handle what each event does besides */
function framed(
  handle: Handle = async () => undefined,
  more: Pick<StreamHandlerConfig<typeof contracts>, "atOnce" | "onRefused" | "replayQueueArn"> = {},
) {
  const { observability, lines, counted, measured } = recordingObservability();
  const handled: number[] = [];
  const contexts: EventContext[] = [];
  const config: StreamHandlerConfig<typeof contracts> = {
    ...{ observability, contracts, ...more },
    async handle(event, context) {
      handled.push(event.data.size);
      contexts.push(context);
      await handle(event, context);
    },
  };
  return {
    queue: queueHandler(config),
    stream: streamHandler(config),
    lines,
    counted,
    measured,
    handled,
    contexts,
  };
}

const failOn =
  (...sizes: readonly number[]) =>
  async ({ data }: CloudEvent<{ readonly size: number }>) => {
    if (sizes.includes(data.size)) throw new RangeError(SECRET);
  };
const failures = (...ids: readonly string[]) => ({
  batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })),
});

describe("messages of a queue", () => {
  test("are handled, each with a line that carries its trace, and its age as a metric", async () => {
    const { queue, lines, counted, measured, contexts } = framed(async (_event, { logger }) =>
      logger.info("stowed", { shelf: 4 }),
    );
    expect(await queue(messages(text(1)), contextWith(5000))).toEqual(failures());
    const carried = { eventId: "01900000-0000-7000-8000-000000000001", traceId: TRACE_ID };
    expect(lines).toEqual([
      { level: "info", message: "stowed", shelf: 4, ...carried },
      {
        ...{ level: "info", message: "event", outcome: "handled", messageId: "m0", receives: 2 },
        ...{ type: packed.type, orderId: "parcel-1", sequence: 1, ...carried },
        ...{ ageMilliseconds: expect.any(Number), milliseconds: expect.any(Number) },
      },
    ]);
    expect(counted).toEqual(["EventHandled"]);
    expect(measured).toEqual([{ name: "EventAge", milliseconds: lines[1]?.["ageMilliseconds"] }]);
    expect(contexts[0]?.sourceArn).toBe("arn:aws:sqs:eu-west-1:111122223333:parcels");
  });

  test("that are replayed are marked in the log, and their age is no metric", async () => {
    const replays = "arn:aws:sqs:eu-west-1:111122223333:parcels";
    const handle: Handle = async (_event, { logger }) => logger.info("stowed");
    const marks = async (replayQueueArn: string) => {
      const { queue, lines, measured } = framed(handle, { replayQueueArn });
      await queue(messages(text(1)), contextWith(5000));
      return [...lines.map(({ message, replayed }) => [message, replayed]), measured.map(({ name }) => name)];
    };
    expect(await marks(replays)).toEqual([["stowed", true], ["event", true], []]);
    expect(await marks(`${replays}-replayed`)).toEqual([
      ["stowed", undefined],
      ["event", undefined],
      ["EventAge"],
    ]);
  });

  test("control 7: that fail come again alone", async () => {
    const { queue, lines, counted, handled } = framed(failOn(2));
    expect(await queue(messages(text(1), text(2), text(3)), contextWith(5000))).toEqual(failures("m1"));
    expect(handled).toEqual([1, 2, 3]);
    expect(counted.sort()).toEqual(["EventFailed", "EventHandled", "EventHandled"]);
    const line = lines.find(({ outcome }) => outcome === "failed");
    expect(line).toMatchObject({
      level: "error",
      messageId: "m1",
      traceId: TRACE_ID,
      cause: { name: "RangeError" },
    });
    expect(JSON.stringify(lines)).not.toContain(SECRET);
  });

  test.each([
    ["no JSON", SECRET, "the event must be JSON", {}],
    ["no object", JSON.stringify([SECRET]), "the event must be a JSON object", {}],
    [
      "of another type",
      text(2, { type: SECRET }),
      "/type must be one of shop.parcel.packed.v1",
      { traceId: TRACE_ID },
    ],
    [
      "not what the contract says",
      text(2, { data: { colour: SECRET } }),
      "/data/size is required",
      { traceId: TRACE_ID },
    ],
  ])(
    "control 28: one that is %s fails alone, and the line says why without its content",
    async (_name, body, reason, trace) => {
      const { queue, lines, counted, handled } = framed();
      expect(await queue(messages(text(1), body, text(3)), contextWith(5000))).toEqual(failures("m1"));
      expect(handled).toEqual([1, 3]);
      expect(lines.find(({ outcome }) => outcome === "refused")).toEqual({
        ...{
          level: "error",
          message: "event",
          outcome: "refused",
          messageId: "m1",
          receives: 2,
          ...trace,
          reason,
        },
        milliseconds: expect.any(Number),
      });
      expect(JSON.stringify(lines)).not.toContain(SECRET);
      expect(counted.filter((name) => name === "EventRefused")).toHaveLength(1);
    },
  );

  test("are handled at once, no more than a number of them", async () => {
    let underWay = 0;
    let most = 0;
    const { queue } = framed(
      async () => {
        most = Math.max(most, ++underWay);
        await new Promise(setImmediate);
        underWay--;
      },
      { atOnce: 3 },
    );
    await queue(messages(...[1, 2, 3, 4, 5, 6, 7].map((size) => text(size))), contextWith(5000));
    expect(most).toBe(3);
  });

  test("that are still under way when time is up are aborted and come again; those that would begin after are not begun", async () => {
    const signals: AbortSignal[] = [];
    let left = 520;
    const { queue, lines } = framed(
      (_event, { signal }) => {
        signals.push(signal);
        left = 0;
        return new Promise(() => undefined);
      },
      { atOnce: 1 },
    );
    expect(
      await queue(
        messages(text(1), text(2)),
        contextWith(() => left),
      ),
    ).toEqual(failures("m0", "m1"));
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    expect(lines).toMatchObject([
      { outcome: "failed", cause: { name: "DeadlineExceeded" } },
      { level: "warn", outcome: "postponed", reason: "no time is left" },
    ]);
  });
});

describe("messages of a FIFO queue", () => {
  test("stay in the order of their group: those behind one that failed wait for it, other groups do not", async () => {
    const { queue, handled, lines } = framed(failOn(1));
    const event = messages(
      { body: text(1), group: "a" },
      { body: text(2), group: "b" },
      { body: text(3), group: "a" },
      { body: text(4), group: "b" },
    );
    expect(await queue(event, contextWith(5000))).toEqual(failures("m0", "m2"));
    expect(handled).toEqual([1, 2, 4]);
    expect(lines.find(({ outcome }) => outcome === "postponed")).toMatchObject({
      messageId: "m2",
      reason: "an earlier event of its key is not done",
    });
  });

  test("do not wait for one that will never be handled", async () => {
    const { queue, handled } = framed();
    const event = messages({ body: "{}", group: "a" }, { body: text(2), group: "a" });
    expect(await queue(event, contextWith(5000))).toEqual(failures("m0"));
    expect(handled).toEqual([2]);
  });

  test("of one group are never handled at once", async () => {
    let underWay = 0;
    const { queue } = framed(async () => {
      expect(++underWay).toBe(1);
      await new Promise(setImmediate);
      underWay--;
    });
    const event = messages(...[1, 2, 3].map((size) => ({ body: text(size), group: "a" })));
    expect(await queue(event, contextWith(5000))).toEqual(failures());
  });
});

describe("records of a stream", () => {
  test("are handled, those of one key in their order", async () => {
    const { stream, handled, contexts } = framed(async ({ data }) => {
      // The first takes longest.
      for (let turns = data.size === 1 ? 20 : 1; turns > 0; turns--) await new Promise(setImmediate);
    });
    const event = records(["a", text(1)], ["b", text(2)], ["a", text(3)]);
    expect(await stream(event, contextWith(5000))).toEqual(failures());
    expect(handled).toEqual([1, 2, 3]);
    expect(contexts[0]?.sourceArn).toBe("arn:aws:kinesis:eu-west-1:111122223333:stream/parcels");
  });

  test("come again from the first that failed; those of its key behind it have not been handled", async () => {
    const { stream, handled } = framed(failOn(2, 4));
    const event = records(["a", text(1)], ["b", text(2)], ["b", text(3)], ["c", text(4)], ["a", text(5)]);
    expect(await stream(event, contextWith(5000))).toEqual(failures("s1"));
    expect(handled.sort()).toEqual([1, 2, 4, 5]);
  });

  test("that fit no contract are kept elsewhere where that is asked for, and hold up none behind them", async () => {
    const kept: unknown[] = [];
    const { stream, handled, lines, counted } = framed(undefined, {
      onRefused: async (record) => {
        kept.push(record);
      },
    });
    expect(await stream(records(["a", SECRET], ["a", text(2)]), contextWith(5000))).toEqual(failures());
    expect(handled).toEqual([2]);
    expect(kept).toEqual([
      {
        ...{ streamArn: STREAM, eventId: "shardId-000000000000:s0", partitionKey: "a" },
        ...{ reason: "the event must be JSON", data: Buffer.from(SECRET).toString("base64") },
      },
    ]);
    expect(lines[0]).toMatchObject({ level: "error", outcome: "kept", reason: "the event must be JSON" });
    expect(JSON.stringify(lines)).not.toContain(SECRET);
    expect(counted.sort()).toEqual(["EventHandled", "EventRefused"]);
  });

  test("that cannot be kept come again, and those of their key behind them wait", async () => {
    const { stream, handled, lines } = framed(undefined, {
      onRefused: async () => {
        throw new RangeError(SECRET);
      },
    });
    expect(await stream(records(["a", SECRET], ["a", text(2)]), contextWith(5000))).toEqual(failures("s0"));
    expect(handled).toEqual([]);
    expect(lines[0]).toMatchObject({ outcome: "failed", cause: { name: "RangeError" } });
    expect(JSON.stringify(lines)).not.toContain(SECRET);
  });

  test("that fit no contract come again where they are not kept: what is at last given up goes to the failures' queue", async () => {
    const { stream, handled } = framed();
    expect(await stream(records(["a", SECRET], ["a", text(2)]), contextWith(5000))).toEqual(failures("s0"));
    expect(handled).toEqual([2]);
  });
});
