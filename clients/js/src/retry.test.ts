import { delayBefore, RETRY_POLICY } from "./retry";

const NOW = Date.parse("2026-11-01T00:00:00Z");

function answer(status: number, retryAfter?: string): Response {
  return new Response(null, { status, ...(retryAfter && { headers: { "Retry-After": retryAfter } }) });
}

test.each<[string, number, Response | undefined, number, number | undefined]>([
  ["the first wait is at most that of the policy", 1, answer(503), 1, 200],
  ["it is drawn from nothing on", 1, answer(503), 0, 0],
  ["each further one is twice as long", 3, answer(503), 1, 800],
  ["without an answer too", 2, undefined, 0.5, 200],
  ["what the service asks for comes before", 1, answer(429, "2"), 0.5, 2100],
  ["by a date as well", 1, answer(503, "Sun, 01 Nov 2026 00:00:03 GMT"), 0, 3000],
  ["a date that has passed asks for nothing", 1, answer(503, "Sat, 31 Oct 2026 00:00:00 GMT"), 0, 0],
  ["what cannot be read asks for nothing", 1, answer(503, "soon"), 0, 0],
  ["a service that asks for too long is not waited for", 1, answer(503, "6"), 0, undefined],
  ["an answer that will not change is the last", 1, answer(409), 0, undefined],
  ["the last attempt is the last", 4, answer(503), 0, undefined],
])("%s", (_case, sent, response, random, milliseconds) => {
  expect(delayBefore(sent, response, RETRY_POLICY, random, NOW)).toBe(milliseconds);
});

test("no wait is longer than the policy's longest", () => {
  expect(delayBefore(9, answer(503), { ...RETRY_POLICY, attempts: 20 }, 1, NOW)).toBe(5000);
});
