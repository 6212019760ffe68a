import { EdgeFunction, EdgeFunctionError } from ".";

const run = (code: string, event: object = {}): object => new EdgeFunction(code).run(event);

test("the handler gets the event, and its answer comes back", () => {
  const code = "function handler(event) { event.request.uri += '!'; return event.request; }";
  expect(run(code, { request: { uri: "/a" } })).toEqual({ uri: "/a!" });
});

test("one function serves many events", () => {
  const count = new EdgeFunction("function handler(event) { return { doubled: event.value * 2 }; }");
  expect([1, 2, 3].map((value) => count.run({ value }))).toEqual([
    { doubled: 2 },
    { doubled: 4 },
    { doubled: 6 },
  ]);
});

test.each(["require", "process", "setTimeout", "fetch", "Buffer", "WebAssembly", "Intl", "Proxy", "Reflect"])(
  "%s is not there",
  (name) => {
    expect(run(`function handler() { return { type: typeof ${name} }; }`)).toEqual({ type: "undefined" });
  },
);

test.each(["Object.fromEntries", "[].flat", "''.replaceAll", "''.at"])(
  "%s, of a later edition, is not there",
  (name) => {
    expect(run(`function handler() { return { type: typeof ${name} }; }`)).toEqual({ type: "undefined" });
  },
);

test("code made of text does not run", () => {
  const code = "function handler() { return { made: handler.constructor('return 1')() }; }";
  expect(() => run(code)).toThrow(
    "the function threw: Code generation from strings disallowed for this context",
  );
});

test("nothing of this side can be reached through the event", () => {
  const code = "function handler(event) { return { same: event.constructor === Object }; }";
  expect(run(code)).toEqual({ same: true });
});

test.each([
  {
    name: "a syntax error",
    code: "function handler( {",
    message: /^the function does not load: Unexpected end of input$/,
  },
  {
    name: "an endless loop at its top",
    code: "for (;;) {}",
    message: /^the function does not load: Script execution timed out after 1000ms$/,
  },
  { name: "no handler", code: "", message: /^the function threw: handler is not defined$/ },
  {
    name: "a handler that throws",
    code: "function handler() { throw new Error('no'); }",
    message: /^the function threw: no$/,
  },
  {
    name: "a handler that throws a text",
    code: "function handler() { throw 'no'; }",
    message: /^the function threw: no$/,
  },
  {
    name: "a handler that returns nothing",
    code: "function handler() {}",
    message: /^the function must return an object, got undefined$/,
  },
  {
    name: "a handler that returns a text",
    code: "function handler() { return 'no'; }",
    message: /^the function must return an object, got "no"$/,
  },
])("$name is told", ({ code, message }) => {
  expect(() => run(code)).toThrow(EdgeFunctionError);
  expect(() => run(code)).toThrow(message);
});
