/** https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html */
const INTRINSICS = new Set(
  [
    ...[
      "Array",
      "ArrayContains",
      "ArrayGetItem",
      "ArrayLength",
      "ArrayPartition",
      "ArrayRange",
      "ArrayUnique",
    ],
    ...[
      "Base64Decode",
      "Base64Encode",
      "Format",
      "Hash",
      "JsonMerge",
      "JsonToString",
      "MathAdd",
      "MathRandom",
    ],
    ...["StringSplit", "StringToJson", "UUID"],
  ].map((name) => `States.${name}`),
);

/** One step of a path that names one place: a field or an item. */
const PLAIN_STEP = /\.[\p{L}_][\p{L}\p{N}_-]*|\[\d+\]|\['(?:[^'\\]|\\.)+'\]/uy;
/** One step of a path that may find several: all of the above, lists, slices, filters, descendants. */
const ANY_STEP =
  /\.\.?(?:[\p{L}_][\p{L}\p{N}_-]*|\*)|\[(?:\*|-?\d+(?:,-?\d+)*|-?\d*:-?\d*|'(?:[^'\\]|\\.)+'(?:,\s*'(?:[^'\\]|\\.)+')*|\?\([^[\]]+\))\]/uy;
const LITERAL = /'(?:[^'\\]|\\.)*'|-?\d+(?:\.\d+)?|true|false|null/y;

/**
 * What is wrong with a path to a value, such as `$.order.lines[*].sku` or `$$.Execution.Id`.
 *
 * @returns nothing when it is right
 */
export function pathProblem(text: string): string | undefined {
  const end = endOfPath(text, 0);
  if (end === undefined) return `must begin with "$", got "${text}"`;
  return end === text.length ? undefined : unread(text, end);
}

/**
 * What is wrong with a path to the one place where a result is put, such as `$.charge`.
 *
 * @returns nothing when it is right
 */
export function placeProblem(text: string): string | undefined {
  if (text.startsWith("$$"))
    return `must be a place in the input, and the context is read only, got "${text}"`;
  if (!text.startsWith("$")) return `must begin with "$", got "${text}"`;
  const end = endOfSteps(PLAIN_STEP, text, 1);
  if (end === text.length) return undefined;
  return pathProblem(text) ?? `must name one place, got "${text}", which can find several`;
}

/**
 * What is wrong with the value of a key that ends in `.$`: a path, or an intrinsic function such as `States.Format('{}', $.id)`.
 *
 * @returns nothing when it is right
 */
export function referenceProblem(text: string): string | undefined {
  if (!text.startsWith("States.")) return pathProblem(text);
  const end = endOfCall(text, 0);
  if (typeof end === "string") return end;
  return end === text.length ? undefined : unread(text, end);
}

function unread(text: string, from: number): string {
  return `cannot be read from "${text.slice(from)}" on, in "${text}"`;
}

/** Where a path ends that begins at a place; nothing when none begins there. */
function endOfPath(text: string, from: number): number | undefined {
  if (text[from] !== "$") return undefined;
  return endOfSteps(ANY_STEP, text, from + (text[from + 1] === "$" ? 2 : 1));
}

function endOfSteps(step: RegExp, text: string, from: number): number {
  let position = from;
  for (;;) {
    step.lastIndex = position;
    const found = step.exec(text);
    if (found === null) return position;
    position += found[0].length;
  }
}

/** Where a call ends that begins at a place, or what is wrong with it. */
function endOfCall(text: string, from: number): number | string {
  const open = text.indexOf("(", from);
  const name = text.slice(from, open === -1 ? undefined : open);
  if (!INTRINSICS.has(name)) return `"${name}" is no intrinsic function, in "${text}"`;
  if (open === -1) return `${name} needs its arguments in brackets, in "${text}"`;
  let position = skipSpace(text, open + 1);
  if (text[position] === ")") return position + 1;
  for (;;) {
    const end = endOfArgument(text, position);
    if (typeof end === "string") return end;
    position = skipSpace(text, end);
    if (text[position] === ")") return position + 1;
    if (text[position] !== ",") return unread(text, position);
    position = skipSpace(text, position + 1);
  }
}

function endOfArgument(text: string, from: number): number | string {
  if (text.startsWith("States.", from)) return endOfCall(text, from);
  LITERAL.lastIndex = from;
  const literal = LITERAL.exec(text);
  if (literal !== null) return from + literal[0].length;
  return endOfPath(text, from) ?? unread(text, from);
}

function skipSpace(text: string, from: number): number {
  let position = from;
  while (text[position] === " ") position += 1;
  return position;
}
