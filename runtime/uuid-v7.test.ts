import { randomBytes } from "node:crypto";
import { isUuid } from "./formats";
import { newUuidV7, timeOfUuidV7 } from "./uuid-v7";

test("is the example of RFC 9562, appendix A.6", () => {
  const random = Buffer.from("0cc318c4dc0c0c07398f", "hex");
  expect(newUuidV7(0x017f22e279b0, random)).toBe("017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
});

test("sorts by time, as text", () => {
  const times = [0, 1, 255, 256, 1_700_000_000_000, 1_700_000_000_001, 2 ** 48 - 1];
  const ids = times.map((time) => newUuidV7(time, randomBytes(10)));
  expect([...ids].sort()).toEqual(ids);
});

test("any time and any random bytes make a UUID of version 7 that tells its time", () => {
  for (let run = 0; run < 500; run++) {
    const time = randomBytes(6).readUIntBE(0, 6);
    const id = newUuidV7(time, randomBytes(10));
    expect(isUuid(id)).toBe(true);
    expect(id).toMatch(/^.{14}7.{4}[89ab]/);
    expect(timeOfUuidV7(id)).toBe(time);
  }
});
