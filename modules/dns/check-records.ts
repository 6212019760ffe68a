import { Token } from "cdktf";
import { checkAll, checkWholeNumber } from "../internal/check";
import { checkDomainName } from "./domain-name";
import type { AliasRecord, Routing, ValueRecord } from "./record";

/** Largest that a TTL can be. https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html */
const MOST_TTL_SECONDS = 2_147_483_647;

/** A record as it was written, with where it stands in the configuration. */
interface Written extends Routing {
  readonly field: string;
  readonly name: string;
  /** What it leads to tells whether it is well. */
  readonly knowsHealth: boolean;
}

/** A record as Route 53 has it: of one type. */
interface Entry extends Written {
  readonly type: string;
}

/**
 * Checks the records of one zone, each by itself and beside the others of its name.
 *
 * @throws Error naming every record that is wrong, one to a line
 */
export function checkRecords(
  zoneName: string,
  aliases: readonly AliasRecord[],
  records: readonly ValueRecord[],
): void {
  const writtenAliases = aliases.map((alias, index) => ({
    ...alias,
    field: `aliases[${index}]`,
    knowsHealth: alias.evaluateTargetHealth ?? true,
  }));
  const writtenRecords = records.map((record, index) => ({
    ...record,
    field: `records[${index}]`,
    knowsHealth: false,
  }));
  const entries: readonly Entry[] = [
    ...writtenAliases.flatMap((alias) => ["A", "AAAA"].map((type) => ({ ...alias, type }))),
    ...writtenRecords,
  ];
  checkAll([
    () => checkDomainName("zoneName", zoneName),
    ...[...writtenAliases, ...writtenRecords].map((record) => () => checkRecord(record, zoneName)),
    ...writtenRecords.map((record) => () => checkValues(record, zoneName)),
    ...groups(entries).map((group) => () => checkGroup(group)),
    ...entries.filter(({ type }) => type === "CNAME").map((entry) => () => checkAlone(entry, entries)),
  ]);
}

function checkRecord(record: Written, zoneName: string): void {
  const { field, weight, failover } = record;
  checkAll([
    () => checkName(`${field}.name`, record.name, zoneName),
    () => weight !== undefined && checkWholeNumber(`${field}.weight`, weight, 0, 255),
    () => {
      if (weight === undefined || failover === undefined) return;
      throw new Error(`${field} must have weight or failover, got both; one name has one kind of routing`);
    },
    () => checkSetId(record),
    () => {
      if (failover !== "primary" || record.knowsHealth || record.healthCheckId !== undefined) return;
      throw new Error(
        `${field}.healthCheckId must be set for the primary of a failover, or nothing would ever fail over, got undefined`,
      );
    },
  ]);
}

function checkSetId({ field, setId, weight, failover }: Written): void {
  const routed = weight !== undefined || failover !== undefined;
  if (routed && setId === undefined) {
    const given = weight === undefined ? "failover" : "weight";
    throw new Error(`${field}.setId must be set with ${given}, got undefined`);
  }
  if (setId === undefined) return;
  if (!routed) {
    throw new Error(`${field}.setId is for a record with weight or failover; leave it out, got "${setId}"`);
  }
  if (setId.length < 1 || setId.length > 128) {
    throw new Error(`${field}.setId must have 1 to 128 characters, got ${setId.length}`);
  }
}

function checkName(field: string, name: string, zoneName: string): void {
  if (Token.isUnresolved(name)) {
    throw new Error(`${field} must be known before deployment, got a reference`);
  }
  // Hosts' names have no underscore, but those of DKIM, DMARC and SRV do.
  checkDomainName(field, name.replace(/^\*\./, "").replaceAll("_", "x"));
  if (Token.isUnresolved(zoneName) || name === zoneName || name.endsWith(`.${zoneName}`)) return;
  throw new Error(`${field} must be ${zoneName} or below it, got "${name}"`);
}

function checkValues(
  { field, name, type, values, ttlSeconds }: ValueRecord & Written,
  zoneName: string,
): void {
  checkAll([
    () => {
      // A list that is itself a reference, as a zone's name servers are, has no length yet.
      if (Token.isUnresolved(values)) return;
      if (values.length === 0) throw new Error(`${field}.values must hold at least 1 value, got 0`);
      if (type === "CNAME" && values.length !== 1) {
        throw new Error(`${field}.values must hold 1 value, as it is a CNAME, got ${values.length}`);
      }
    },
    () => {
      if (type !== "CNAME" || name !== zoneName) return;
      throw new Error(`${field} must not be a CNAME, as it is the zone's own name ${name}; use an alias`);
    },
    () =>
      ttlSeconds !== undefined && checkWholeNumber(`${field}.ttlSeconds`, ttlSeconds, 0, MOST_TTL_SECONDS),
  ]);
}

/** Records of one name and type, among which Route 53 chooses. */
function groups(entries: readonly Entry[]): Entry[][] {
  const found = new Map<string, Entry[]>();
  for (const entry of entries) {
    const key = `${entry.name} ${entry.type}`;
    found.set(key, [...(found.get(key) ?? []), entry]);
  }
  return [...found.values()];
}

function checkGroup(group: readonly Entry[]): void {
  const [first] = group as [Entry];
  const where = `${first.name}, type ${first.type}`;
  const kinds = new Set(group.map(kind));
  if (kinds.size > 1) {
    throw new Error(
      `${where}: one kind of routing must be that of all its records, got ${[...kinds].join(" and ")}`,
    );
  }
  if (group.length > 1 && kinds.has("none")) {
    throw new Error(
      `${where}: comes twice, in ${fields(group)}; give both weight or failover, or remove one`,
    );
  }
  const setIds = group.map(({ setId }) => setId);
  for (const [index, setId] of setIds.entries()) {
    if (setIds.indexOf(setId) !== index)
      throw new Error(`${where}: setId "${setId}" comes twice; rename one`);
  }
  if (kinds.has("failover")) checkFailover(where, group);
}

function checkFailover(where: string, group: readonly Entry[]): void {
  for (const role of ["primary", "secondary"] as const) {
    const count = group.filter(({ failover }) => failover === role).length;
    if (count !== 1) throw new Error(`${where}: failover must have 1 ${role}, got ${count}`);
  }
}

function kind({ weight, failover }: Entry): "weight" | "failover" | "none" {
  if (weight !== undefined) return "weight";
  return failover === undefined ? "none" : "failover";
}

/** A CNAME says that all of a name is elsewhere: DNS knows nothing beside it. */
function checkAlone(cname: Entry, entries: readonly Entry[]): void {
  const others = entries.filter(({ name, type }) => name === cname.name && type !== "CNAME");
  if (others.length === 0) return;
  throw new Error(
    `${cname.field}: a CNAME must be all that ${cname.name} has, got ${fields(others)} beside it`,
  );
}

function fields(entries: readonly Entry[]): string {
  return [...new Set(entries.map(({ field }) => field))].join(", ");
}
