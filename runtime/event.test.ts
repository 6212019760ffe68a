import { type EventContract, InvalidEvent, newEvent, readEvent } from "./event";
import { timeOfUuidV7 } from "./uuid-v7";
import type { Validate, ValidationError } from "./validation";

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
  type: "shop.parcel.packed.v1",
  source: "parcels",
  dataschema: "parcel-packed/v1",
  validate,
};
const contracts = { [packed.type]: packed } as const;
const SUBJECT = "01890a5d-ac96-774b-bcce-b302099a8057";
const TRACEPARENT = "00-5759e988bd862e3fe1be46a994272793-00f067aa0ba902b7-01";
const time = new Date("2024-05-01T12:00:00.000Z");
const event = newEvent(packed, {
  ...{ subject: SUBJECT, sequence: 3, traceparent: TRACEPARENT },
  ...{ data: { size: 2 }, time, id: "01900000-0000-7000-8000-000000000000" },
});

test("an event says what its contract says, and what it is given", () => {
  expect(event).toEqual({
    specversion: "1.0",
    id: "01900000-0000-7000-8000-000000000000",
    source: "parcels",
    type: "shop.parcel.packed.v1",
    subject: SUBJECT,
    time: "2024-05-01T12:00:00.000Z",
    datacontenttype: "application/json",
    dataschema: "parcel-packed/v1",
    sequence: 3,
    partitionkey: SUBJECT,
    traceparent: TRACEPARENT,
    data: { size: 2 },
  });
});

test("a new event has an id of its time, and no two the same", () => {
  const given = { subject: SUBJECT, sequence: 1, traceparent: TRACEPARENT, data: { size: 1 }, time };
  const [first, second] = [newEvent(packed, given), newEvent(packed, given)];
  expect([first, second].map(({ id }) => timeOfUuidV7(id))).toEqual([time.getTime(), time.getTime()]);
  expect(first.id).not.toBe(second.id);
});

test("without a time it is of now", () => {
  const before = Date.now();
  const { time: made } = newEvent(packed, {
    ...{ subject: SUBJECT, sequence: 1, traceparent: TRACEPARENT, data: { size: 1 } },
  });
  expect(Date.parse(made)).toBeGreaterThanOrEqual(before);
  expect(Date.parse(made)).toBeLessThanOrEqual(Date.now());
});

test("an event that fits is read, with the type of its data", () => {
  const read = readEvent(JSON.stringify(event), contracts);
  expect(read).toEqual(event);
  const { size } = read.data;
  expect(size).toBe(2);
});

test.each([
  ["no JSON", "secret", "the event must be JSON"],
  ["nothing", "", "the event must be JSON"],
  ["a list", "[1]", "the event must be a JSON object"],
  ["null", "null", "the event must be a JSON object"],
  ["no type", "{}", "/type must be one of shop.parcel.packed.v1"],
  ["a type that is a list", '{"type":["secret"]}', "/type must be one of shop.parcel.packed.v1"],
  ["another type", '{"type":"secret"}', "/type must be one of shop.parcel.packed.v1"],
  [
    "a type that every object has a field of",
    '{"type":"constructor"}',
    "/type must be one of shop.parcel.packed.v1",
  ],
  ["other data", JSON.stringify({ ...event, data: { secret: 1 } }), "/data/size is required"],
])("control 28: %s is refused by what is wrong with it, and not quoted", (_case, text, message) => {
  expect(() => readEvent(text, contracts)).toThrow(new InvalidEvent(message));
});

test("of many violations ten are named", () => {
  const errors: ValidationError[] = Array.from({ length: 12 }, (_none, index) => ({
    instancePath: `/data/${index}`,
    keyword: "type",
    params: { type: "string" },
  }));
  const never: Validate = Object.assign(() => false, { errors });
  const refuse = () => readEvent('{"type":"any"}', { any: { ...packed, type: "any", validate: never } });
  expect(refuse).toThrow(/^\/data\/0 must be of type string; .*\/data\/9 must be of type string; …$/);
});
