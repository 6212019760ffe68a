import { checkWholeNumber } from "../check";
import type { TableConfig } from "./config";

/** @throws Error naming the field of a table that is out of range, or at odds with another */
export function checkConfig(config: TableConfig): void {
  const { readCapacity, writeCapacity } = config;
  checkWholeNumber("pointInTimeRecoveryDays", config.pointInTimeRecoveryDays, 1, 35);
  if ((readCapacity === undefined) !== (writeCapacity === undefined)) {
    const [missing, given] = readCapacity
      ? ["writeCapacity", "readCapacity"]
      : ["readCapacity", "writeCapacity"];
    throw new Error(
      `${missing} must be set with ${given}, got undefined; leave both out for an on-demand table`,
    );
  }
  if (readCapacity !== undefined && config.globalIndexes?.length) {
    const names = config.globalIndexes.map(({ name }) => name).join(", ");
    throw new Error(
      `globalIndexes are for an on-demand table; leave out readCapacity and writeCapacity, got ${names}`,
    );
  }
  for (const [name, range] of Object.entries({ readCapacity, writeCapacity })) {
    if (range === undefined) continue;
    checkWholeNumber(`${name}.minimum`, range.minimum, 1, 40_000);
    checkWholeNumber(`${name}.maximum`, range.maximum, range.minimum, 40_000);
  }
  for (const name of ["onDemandMaximumReadUnits", "onDemandMaximumWriteUnits"] as const) {
    const value = config[name];
    if (value === undefined) continue;
    if (readCapacity !== undefined) {
      throw new Error(
        `${name} is for an on-demand table; leave out readCapacity and writeCapacity, got ${value}`,
      );
    }
    checkWholeNumber(name, value, 1, 1_000_000);
  }
}
