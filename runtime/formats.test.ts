import { isDateTime, isUuid } from "./formats";

test.each([
  ["UTC", "2030-01-31T18:00:00Z", true],
  ["an offset", "2030-01-31T18:00:00.123+05:30", true],
  ["small letters", "2030-01-31t18:00:00z", true],
  ["a leap day", "2028-02-29T00:00:00Z", true],
  ["a leap day of a common year", "2030-02-29T00:00:00Z", false],
  ["a 31st that does not exist", "2030-04-31T00:00:00Z", false],
  ["month 13", "2030-13-01T00:00:00Z", false],
  ["month 0", "2030-00-01T00:00:00Z", false],
  ["year 0", "0000-02-29T00:00:00Z", true],
  ["hour 24", "2030-01-01T24:00:00Z", false],
  ["minute 60", "2030-01-01T00:60:00Z", false],
  ["a leap second", "2016-12-31T23:59:60Z", true],
  ["a leap second with an offset", "2017-01-01T00:59:60+01:00", true],
  ["a leap second at noon", "2016-12-31T12:00:60Z", false],
  ["no zone", "2030-01-31T18:00:00", false],
  ["a date alone", "2030-01-31", false],
  ["a space for the T", "2030-01-31 18:00:00Z", false],
  ["nothing", "", false],
])("date-time: %s", (_case, text, valid) => {
  expect(isDateTime(text)).toBe(valid);
});

test.each([
  ["version 7", "01890a5d-ac96-774b-bcce-b302099a8057", true],
  ["capitals", "01890A5D-AC96-774B-BCCE-B302099A8057", true],
  ["without hyphens", "01890a5dac96774bbcceb302099a8057", false],
  ["a letter beyond f", "01890g5d-ac96-774b-bcce-b302099a8057", false],
  ["a line break after it", "01890a5d-ac96-774b-bcce-b302099a8057\n", false],
])("uuid: %s", (_case, text, valid) => {
  expect(isUuid(text)).toBe(valid);
});
