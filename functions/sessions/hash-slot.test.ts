import fc from "fast-check";
import { Redis } from "iovalkey";
import { freePort } from "../../scripts/internal/free-port";
import { startTemporaryValkey } from "../../scripts/internal/temporary-valkey";
import { hashSlot } from "./hash-slot";

test("the specification's own example", () => {
  // CRC-16/XMODEM of 123456789 is 0x31C3.
  expect(hashSlot("123456789")).toBe(0x31c3);
});

test("keys of one tag share a slot", () => {
  expect(hashSlot("sessions:{abc}:allowance")).toBe(hashSlot("sessions:{abc}"));
  expect(hashSlot("sessions:{abd}")).not.toBe(hashSlot("sessions:{abc}"));
});

test("any key has the slot that Valkey says", async () => {
  const server = await startTemporaryValkey({
    "cluster-enabled": "yes",
    "cluster-port": String(await freePort()),
  });
  const client = new Redis({ port: server.port });
  try {
    const text = fc.stringMatching(/^[a-z{}é]{1,12}$/);
    await fc.assert(
      fc.asyncProperty(text, async (key) => {
        expect(hashSlot(key)).toBe(await client.call("CLUSTER", "KEYSLOT", key));
      }),
      { numRuns: 500 },
    );
  } finally {
    client.disconnect();
    await server.stop();
  }
}, 300_000);
