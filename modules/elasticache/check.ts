import { Token } from "cdktf";
import { checkAll, checkKnown, checkWholeNumber } from "../internal/check";
import type { ElasticacheConfig, ElasticacheEngine, Settings } from "./config";
import { ownParameters } from "./parameter-group";

/** Versions of nodes, and major versions of serverless caches. Valkey and Redis: those that IAM can sign in to. */
const VERSIONS: Readonly<
  Record<ElasticacheEngine, { nodes: RegExp; serverless: RegExp; examples: string[] }>
> = {
  valkey: { nodes: /^(7\.[2-9]|[89]\.\d)$/, serverless: /^[789]$/, examples: ["8.1", "8"] },
  redis: { nodes: /^7\.[01]$/, serverless: /^7$/, examples: ["7.1", "7"] },
  // TLS begins with 1.6.12: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/in-transit-encryption-mc.html
  memcached: {
    nodes: /^1\.6\.(1[2-9]|[2-9]\d)$/,
    serverless: /^1\.6$/,
    examples: ["1.6.22", "1.6"],
  },
};

/** Fields of caches with nodes, and of those without. */
const OF_NODES = ["nodeType", "port", "evictionPolicy", "slowCommandMicroseconds", "parameters"] as const;
const OF_SERVERLESS = [
  "maximumGigabytes",
  "minimumGigabytes",
  "maximumUnitsPerSecond",
  "minimumUnitsPerSecond",
] as const;

/**
 * Checks what can be known before a deployment.
 *
 * @param config as it was given: a default is no mistake
 * @throws Error with one line for each thing that is wrong
 */
export function checkConfig(config: ElasticacheConfig, settings: Settings): void {
  checkKnown(settings, ["replicas", "shards", "nodes", "maximumGigabytes", "maximumUnitsPerSecond"]);
  checkAll([
    () => checkMode(settings),
    () => checkVersion(settings),
    () => checkForeignFields(config),
    () => checkZones(settings),
    () => checkNodes(settings),
    () => checkLimits(settings),
    () => checkSignIn(settings),
    () => checkSnapshots(settings),
    () => checkParameters(settings),
    () => checkNumbers(settings),
  ]);
}

function checkMode({ engine, mode, name }: Settings): void {
  check(/^[a-z][a-z0-9-]*$/, "name", name, "of lower-case letters, digits and hyphens, a letter first");
  const modes =
    engine === "memcached" ? ["memcached", "serverless"] : ["replication", "cluster", "serverless"];
  if (!modes.includes(mode)) {
    throw new Error(`mode must be one of ${modes.join(", ")} with ${engine}, got "${mode}"`);
  }
}

function checkVersion({ engine, engineVersion, mode }: Settings): void {
  const { nodes, serverless, examples } = VERSIONS[engine];
  const [pattern, example] = mode === "serverless" ? [serverless, examples[1]] : [nodes, examples[0]];
  check(pattern, "engineVersion", engineVersion, `a version of ${engine} with ${mode} such as ${example}`);
}

/** Fields of another mode would be passed over without a word. */
function checkForeignFields(config: ElasticacheConfig): void {
  const { engine, mode } = config;
  const foreign: (keyof ElasticacheConfig)[] = mode === "serverless" ? [...OF_NODES] : [...OF_SERVERLESS];
  if (mode !== "replication" && mode !== "cluster") {
    foreign.push("replicas", "skipFinalSnapshot", "evictionPolicy", "slowCommandMicroseconds");
  }
  if (mode !== "cluster") foreign.push("shards");
  if (mode !== "memcached") foreign.push("nodes");
  if (mode === "memcached") foreign.push("snapshotRetentionDays", "snapshotName");
  if (engine === "memcached") foreign.push("accessString");
  if (config.authentication !== "password") foreign.push("passwordNames");
  const given = foreign.find((field) => config[field] !== undefined);
  if (given === undefined) return;
  const why = given === "passwordNames" ? 'unless authentication is "password"' : `with mode "${mode}"`;
  throw new Error(`${given} must be left out ${why}, got ${JSON.stringify(config[given])}`);
}

function checkZones({ availabilityZones, subnetIds }: Settings): void {
  const zones = new Set(availabilityZones).size;
  if (zones < 2) throw new Error(`availabilityZones must hold at least 2 zones, got ${zones}`);
  // A list that is itself a token has no length yet.
  if (isKnown(subnetIds) && subnetIds.length !== availabilityZones.length) {
    throw new Error(
      `subnetIds must hold one subnet for each of the ${availabilityZones.length} availabilityZones, got ${subnetIds.length}`,
    );
  }
}

function checkNodes(settings: Settings): void {
  const { mode, multiAz, nodes, nodeType, replicas, shards } = settings;
  if (mode === "serverless") {
    if (!multiAz)
      throw new Error('multiAz must be true with mode "serverless", which is in every zone, got false');
    return;
  }
  if (nodeType === undefined) throw new Error(`nodeType must be set with mode "${mode}", got undefined`);
  check(/^cache\./, "nodeType", nodeType, "a type of ElastiCache such as cache.r7g.large");
  if (mode === "memcached") {
    checkWholeNumber("nodes", nodes, 1, 40);
    if (multiAz && nodes === 1) throw new Error("nodes must be at least 2 when multiAz is true, got 1");
    return;
  }
  checkWholeNumber("replicas", replicas, 0, 5);
  checkWholeNumber("shards", shards, 1, 90);
  if (multiAz && replicas === 0) {
    throw new Error("replicas must be at least 1 when multiAz is true, as a replica takes over, got 0");
  }
}

/** https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Scaling.html */
function checkLimits(settings: Settings): void {
  if (settings.mode !== "serverless") return;
  const pairs = [
    ["minimumGigabytes", "maximumGigabytes", 1, 5000],
    ["minimumUnitsPerSecond", "maximumUnitsPerSecond", 1000, 15_000_000],
  ] as const;
  for (const [minimum, maximum, least, most] of pairs) {
    const { [minimum]: lower, [maximum]: upper } = settings;
    if (upper === undefined) throw new Error(`${maximum} must be set with mode "serverless", got undefined`);
    checkWholeNumber(maximum, upper, least, most);
    if (lower !== undefined) checkWholeNumber(minimum, lower, least, upper);
  }
}

function checkSignIn({ authentication, engine, mode, passwordNames, tls }: Settings): void {
  if (mode === "serverless" && !tls) {
    throw new Error('tls must be true with mode "serverless", which speaks nothing else, got false');
  }
  if (engine === "memcached" && authentication !== "none") {
    throw new Error(
      `authentication must be "none" with memcached, which knows no users here, got "${authentication}"`,
    );
  }
  if (!tls && authentication !== "none") {
    throw new Error(
      `authentication must be "none" when tls is false, as ElastiCache takes users by TLS alone, got "${authentication}"`,
    );
  }
  if (passwordNames.length < 1 || passwordNames.length > 2) {
    throw new Error(`passwordNames must name 1 or 2 passwords, got ${passwordNames.length}`);
  }
  for (const [index, name] of passwordNames.entries()) {
    check(/^[a-z0-9]{1,24}$/, `passwordNames[${index}]`, name, "1 to 24 lower-case letters and digits");
    if (passwordNames.indexOf(name) !== index) {
      throw new Error(`passwordNames[${index}]: "${name}" comes twice; remove one`);
    }
  }
}

function checkSnapshots({ maintenanceWindow, snapshotRetentionDays, snapshotWindow }: Settings): void {
  checkWholeNumber("snapshotRetentionDays", snapshotRetentionDays, 0, 35);
  const time = "([01]\\d|2[0-3]):[0-5]\\d";
  const day = "(mon|tue|wed|thu|fri|sat|sun)";
  check(new RegExp(`^${time}-${time}$`), "snapshotWindow", snapshotWindow, "hh:mm-hh:mm in UTC");
  check(
    new RegExp(`^${day}:${time}-${day}:${time}$`),
    "maintenanceWindow",
    maintenanceWindow,
    "ddd:hh:mm-ddd:hh:mm in UTC",
  );
}

function checkParameters(settings: Settings): void {
  const own = Object.keys(ownParameters(settings));
  const taken = Object.keys(settings.parameters).find(
    (name) => own.includes(name) || name === "cluster-enabled",
  );
  if (taken !== undefined) throw new Error(`parameters must not hold "${taken}", which this module sets`);
}

function checkNumbers(settings: Settings): void {
  checkAll([
    () => checkWholeNumber("port", settings.port, 1, 65_535),
    () => checkWholeNumber("slowCommandMicroseconds", settings.slowCommandMicroseconds, 1),
    () => checkWholeNumber("alarmConnections", settings.alarmConnections, 1, 65_000),
    () => checkWholeNumber("alarmEvictionsPerMinute", settings.alarmEvictionsPerMinute, 0),
    () => checkWholeNumber("alarmReplicationLagSeconds", settings.alarmReplicationLagSeconds, 1),
  ]);
}

function check(pattern: RegExp, field: string, value: string, shape: string): void {
  if (isKnown(value) && !pattern.test(value)) throw new Error(`${field} must be ${shape}, got "${value}"`);
}

function isKnown(value: unknown): boolean {
  return !Token.isUnresolved(value);
}
