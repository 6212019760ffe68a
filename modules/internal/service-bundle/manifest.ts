import { isObject, type ManifestReader, readManifestFiles } from "../bundling";
import { SERVE, type ServiceManifest, type ServiceVariable } from "./artifact";

/**
 * Reads the manifest of every service package under `services/`.
 *
 * @param root folder of the project
 * @returns manifests by service name, in alphabetical order
 * @throws Error naming the file, the field and its value for the first field that is missing, out of range or not known
 */
export function readServiceManifests(root: string): Record<string, ServiceManifest> {
  return readManifestFiles(root, "services", "service.json", readManifest);
}

function readManifest(name: string, manifest: ManifestReader): ServiceManifest {
  const { fields } = manifest;
  // Part of the names of repository, log group and load balancer, all of which have their limits.
  manifest.check("the folder", name, /^[a-z][a-z0-9-]{0,19}$/.test(name), "of at most 20 of a-z, 0-9 and -");
  manifest.checkKeys("", fields, KEYS);
  manifest.checkText("description");
  for (const [field, [minimum, maximum]] of Object.entries(RANGES)) {
    manifest.checkRange(field, minimum, maximum);
  }
  const commands = fields["commands"] ?? {};
  manifest.check("commands", commands, isObject(commands), "an object");
  for (const [command, description] of Object.entries(commands)) {
    manifest.check(`commands.${command}`, command, command !== SERVE, `another name than ${SERVE}`);
    manifest.checkText(`commands.${command}`, description);
  }
  const known = [SERVE, ...Object.keys(commands)];
  const environment = readVariables(manifest, "environment", known);
  const secrets = readVariables(manifest, "secrets", known);
  for (const variable of Object.keys(secrets)) {
    manifest.check(
      `secrets.${variable}`,
      "both",
      !(variable in environment),
      "in one of environment and secrets",
    );
  }
  const contracts = fields["contracts"] ?? [];
  manifest.checkNames("contracts", contracts);
  const events = fields["events"] ?? [];
  manifest.checkNames("events", events);
  const { description, port, cpu, memoryMegabytes, gracefulStopSeconds } =
    fields as unknown as ServiceManifest;
  return {
    name,
    description,
    port,
    cpu,
    memoryMegabytes,
    environment,
    secrets,
    commands: commands as Record<string, string>,
    contracts: contracts as string[],
    events: events as string[],
    gracefulStopSeconds,
  };
}

function readVariables(
  manifest: ManifestReader,
  field: string,
  known: readonly string[],
): Record<string, ServiceVariable> {
  const variables = manifest.fields[field] ?? {};
  manifest.check(field, variables, isObject(variables), "an object");
  for (const [name, variable] of Object.entries(variables)) {
    const place = `${field}.${name}`;
    manifest.check(place, name, /^[A-Z][A-Z0-9_]*$/.test(name), "named in capitals, digits and _");
    manifest.check(place, name, !KNOWN_TO_ALL.includes(name), "left out, as every service knows it");
    manifest.check(place, variable, isObject(variable), "an object");
    const { required, description, commands } = variable as Record<string, unknown>;
    manifest.checkKeys(`${place}.`, variable as object, ["required", "description", "commands"]);
    manifest.check(`${place}.required`, required, typeof required === "boolean", "true or false");
    manifest.checkText(`${place}.description`, description ?? "");
    const reads =
      commands === undefined || (Array.isArray(commands) && commands.every((one) => known.includes(one)));
    manifest.check(`${place}.commands`, commands, reads, `a list of ${known.join(", ")}`);
  }
  return variables as Record<string, ServiceVariable>;
}

const KEYS = [
  "description",
  "port",
  "cpu",
  "memoryMegabytes",
  "environment",
  "secrets",
  "commands",
  "contracts",
  "events",
  "gracefulStopSeconds",
] as const satisfies readonly (keyof ServiceManifest)[];

const KNOWN_TO_ALL = ["PORT", "HOST", "SERVICE_NAME", "AWS_REGION", "LOG_LEVEL", "DRAIN_SECONDS"];

/**
 * A user that is not root may listen from 1024 on. ECS waits for at most 120 s after SIGTERM:
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html
 */
const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  port: [1024, 65_535],
  cpu: [128, 16_384],
  memoryMegabytes: [128, 122_880],
  gracefulStopSeconds: [1, 115],
};
