import { readTrace, type Trace, traceHeaders } from "./trace";

const W3C = "00-5759e988bd862e3fe1be46a994272793-00f067aa0ba902b7";
const ID = "1-5759e988-bd862e3fe1be46a994272793";
const OTHER = "1-11111111-222222222222222222222222";

test.each<[string, Record<string, string>, Trace]>([
  ["traceparent, recorded", { traceparent: `${W3C}-01` }, { id: ID, sampled: true }],
  ["traceparent, not recorded", { traceparent: `${W3C}-00` }, { id: ID, sampled: false }],
  [
    "traceparent of a later version",
    { traceparent: `01-${W3C.slice(3)}-01-more` },
    { id: ID, sampled: true },
  ],
  [
    "X-Amzn-Trace-Id",
    { "x-amzn-trace-id": `Root=${ID};Parent=53995c3f42cd8ad8;Sampled=1` },
    { id: ID, sampled: true },
  ],
  [
    "X-Amzn-Trace-Id as a load balancer adds it",
    { "x-amzn-trace-id": `Self=${OTHER};Root=${ID}` },
    { id: ID },
  ],
  [
    "both: the first",
    { traceparent: `${W3C}-00`, "x-amzn-trace-id": `Root=${OTHER}` },
    { id: ID, sampled: false },
  ],
  [
    "a broken traceparent: the other",
    { traceparent: "00-x", "x-amzn-trace-id": `Root=${ID};Sampled=0` },
    { id: ID, sampled: false },
  ],
])("reads %s", (_case, headers, trace) => {
  expect(readTrace((name) => headers[name], 0)).toEqual(trace);
});

test.each([
  ["nothing", {}],
  ["a trace of zeros", { traceparent: `00-${"0".repeat(32)}-00f067aa0ba902b7-01` }],
  ["a parent of zeros", { traceparent: `00-5759e988bd862e3fe1be46a994272793-${"0".repeat(16)}-01` }],
  ["the version that is forbidden", { traceparent: `ff-${W3C.slice(3)}-01` }],
  ["what a line of the log must not hold", { "x-amzn-trace-id": "Root=ann@example.com" }],
])("%s begins a trace of its own, by the time", (_case, headers: Record<string, string>) => {
  const trace = readTrace((name) => headers[name], 1_465_510_280_000);
  expect(trace.id).toMatch(/^1-5759e988-[0-9a-f]{24}$/);
  expect(trace).not.toHaveProperty("sampled");
});

test.each([[true], [false], [undefined]])("what goes out is read as it came in (%s)", (sampled) => {
  const trace = { id: ID, ...(sampled !== undefined && { sampled }) };
  const headers = traceHeaders(trace);
  expect(readTrace((name) => headers[name], 0)).toEqual({ id: ID, sampled: sampled ?? false });
  expect(readTrace((name) => (name === "traceparent" ? undefined : headers[name]), 0)).toEqual(trace);
});
