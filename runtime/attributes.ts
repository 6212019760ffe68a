import type { AttributeValue } from "@aws-sdk/client-dynamodb";

/** What attributes of our tables hold. */
export type PlainValue = string | number | readonly string[];

/** Writes an item in DynamoDB's terms. Only what our tables hold: text, numbers and lists of text. */
export function marshal(item: Readonly<Record<string, PlainValue>>): Record<string, AttributeValue> {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, attributeOf(value)]));
}

/** Reads an item in DynamoDB's terms. */
export function unmarshal(item: Readonly<Record<string, AttributeValue>>): Record<string, PlainValue> {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, plainOf(name, value)]));
}

function attributeOf(value: PlainValue): AttributeValue {
  if (typeof value === "string") return { S: value };
  if (typeof value === "number") return { N: String(value) };
  return { L: value.map((text) => ({ S: text })) };
}

function plainOf(name: string, value: AttributeValue): PlainValue {
  if (value.S !== undefined) return value.S;
  if (value.N !== undefined) return Number(value.N);
  if (value.L !== undefined) return value.L.map((entry) => entry.S ?? "");
  throw new Error(`attribute ${name} is of type ${Object.keys(value)[0]}, which our tables do not hold`);
}
