import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findService, ServiceLogs, servicesWithLogs } from "./service-logs";

let services: string;

beforeEach(() => {
  services = mkdtempSync(join(tmpdir(), "service-logs-"));
});

afterEach(() => rmSync(services, { recursive: true }));

function write(task: string, text: string): void {
  const folder = join(services, "logs", "acme-local-catalog");
  mkdirSync(folder, { recursive: true });
  appendFileSync(join(folder, `${task}.log`), text);
}

test.each([
  ["catalog", "acme-local-catalog"],
  ["acme-local-catalog", "acme-local-catalog"],
  ["orders", undefined],
  ["log", undefined],
])("%s means %s", (name, expected) => {
  expect(findService(["acme-local-catalog", "a-orders", "b-orders"], name)).toBe(expected);
});

test("lines of all tasks come in the order of time, then what is new", () => {
  expect(servicesWithLogs({ services })).toEqual([]);
  write("0123456789", "2026-11-24T12:00:00.000Z catalog one\n2026-11-24T12:00:02.000Z catalog three\n");
  write("abcdefghij", "2026-11-24T12:00:01.000Z catalog two\n2026-11-24T12:00:03.000Z catalog fo");
  expect(servicesWithLogs({ services })).toEqual(["acme-local-catalog"]);
  const logs = new ServiceLogs({ services }, "acme-local-catalog");
  expect(logs.read()).toEqual([
    "2026-11-24T12:00:00.000Z 01234567 catalog one",
    "2026-11-24T12:00:01.000Z abcdefgh catalog two",
    "2026-11-24T12:00:02.000Z 01234567 catalog three",
  ]);
  expect(logs.read()).toEqual([]);
  write("abcdefghij", "ur\n");
  expect(logs.read()).toEqual(["2026-11-24T12:00:03.000Z abcdefgh catalog four"]);
});
