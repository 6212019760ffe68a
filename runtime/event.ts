import { randomBytes } from "node:crypto";
import type { Violation } from "./problem";
import { newUuidV7 } from "./uuid-v7";
import { type Validate, violations } from "./validation";

/** An event as it is written everywhere: CloudEvents 1.0 in JSON. api/events/envelope.json has its fields. */
export interface CloudEvent<Data = unknown, Type extends string = string> {
  readonly specversion: "1.0";
  /** UUID. The same however often the event is delivered. */
  readonly id: string;
  /** Who says it, e.g. `orders`. */
  readonly source: string;
  /** What has happened, e.g. `shop.order.placed.v1`. */
  readonly type: Type;
  /** Id of what it happened to: the order. */
  readonly subject: string;
  /** When it happened, as RFC 3339 has it. */
  readonly time: string;
  readonly datacontenttype: "application/json";
  /** Name of the data's schema, e.g. `order-placed/v1`. */
  readonly dataschema: string;
  /** From 1, per subject and source. What is not greater than what a reader has seen is old. */
  readonly sequence: number;
  /** What events are kept in order by: the order's id. */
  readonly partitionkey: string;
  /** W3C trace context of the request that set the event off. */
  readonly traceparent: string;
  readonly data: Data;
}

/** What is agreed of one type of event: `scripts/generate` writes it, from api/events. */
export interface EventContract<Data = unknown, Type extends string = string> {
  readonly type: Type;
  readonly source: string;
  /** Name of the data's schema. */
  readonly dataschema: string;
  /** Of the whole event. */
  readonly validate: Validate;
  /** For the compiler alone: there is no such field. */
  readonly data?: Data;
}

/** Contracts by the type of their events: `events` of a `generated/events`. */
export type EventContracts = Readonly<Record<string, EventContract>>;

/** An event that fits one of the contracts; its `type` tells which. */
export type EventOf<Contracts extends EventContracts> = {
  [Type in keyof Contracts]: CloudEvent<NonNullable<Contracts[Type]["data"]>, Type & string>;
}[keyof Contracts];

/** What a text is instead of an event that fits one of the contracts. Says what is wrong, but quotes nothing of it. */
export class InvalidEvent extends Error {
  constructor(
    /** What is wrong, e.g. `must be one of shop.order.placed.v1`. */
    detail: string,
    /** The violated rules, each with a JSON pointer into the event. @default none, as it is no event at all */
    readonly violations: readonly Violation[] = [],
  ) {
    super(detail);
    this.name = "InvalidEvent";
  }
}

/** Rules that an error names at most. */
const MOST_NAMED = 10;

/**
 * Reads an event.
 *
 * @param text a Kinesis record, the body of an SQS message, the detail of EventBridge
 * @param contracts those that are taken
 * @throws InvalidEvent naming what is wrong
 */
export function readEvent<const Contracts extends EventContracts>(
  text: string,
  contracts: Contracts,
): EventOf<Contracts> {
  const event = parse(text);
  const { type } = event as { type?: unknown };
  if (typeof type !== "string" || !Object.hasOwn(contracts, type)) {
    throw invalid([{ pointer: "/type", detail: `must be one of ${Object.keys(contracts).join(", ")}` }]);
  }
  const { validate } = contracts[type] as EventContract;
  const found = violations(validate, event, (pointer) => ({ pointer }));
  if (found.length > 0) throw invalid(found);
  return event as EventOf<Contracts>;
}

function parse(text: string): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new InvalidEvent("the event must be JSON");
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw new InvalidEvent("the event must be a JSON object");
}

function invalid(found: readonly Violation[]): InvalidEvent {
  const named = found.slice(0, MOST_NAMED);
  const more = found.length > named.length ? ["…"] : [];
  const details = [...named.map(({ pointer, detail }) => `${pointer} ${detail}`), ...more];
  return new InvalidEvent(details.join("; "), named);
}

/** What an event says besides what its contract says. */
export interface NewEvent<Data> {
  /** The order's id; also what events are kept in order by. */
  readonly subject: string;
  readonly sequence: number;
  readonly traceparent: string;
  readonly data: Data;
  /** When it happened. @default now */
  readonly time?: Date;
  /** UUID: give it where the same event may be made again. @default a new one of version 7, of `time` */
  readonly id?: string;
}

/** Makes an event. The caller answers for its data: what is wrong with it is said to the reader. */
export function newEvent<Data, Type extends string>(
  { type, source, dataschema }: EventContract<Data, Type>,
  { subject, sequence, traceparent, data, time = new Date(), id }: NewEvent<Data>,
): CloudEvent<Data, Type> {
  return {
    specversion: "1.0",
    id: id ?? newUuidV7(time.getTime(), randomBytes(10)),
    source,
    type,
    subject,
    time: time.toISOString(),
    datacontenttype: "application/json",
    dataschema,
    sequence,
    partitionkey: subject,
    traceparent,
    data,
  };
}
