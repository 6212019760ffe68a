import { ElasticacheParameterGroup } from "@cdktf/provider-aws/lib/elasticache-parameter-group";
import type { Construct } from "constructs";
import type { Settings } from "./config";

/** Parameters that the module itself sets. */
export function ownParameters(settings: Settings): Readonly<Record<string, string>> {
  if (settings.mode === "serverless" || settings.engine === "memcached") return {};
  return {
    "maxmemory-policy": settings.evictionPolicy,
    "slowlog-log-slower-than": String(settings.slowCommandMicroseconds),
    ...(settings.mode === "cluster" && { "cluster-enabled": "yes" }),
  };
}

/** Parameters of the nodes. Another family is another group, made before the old one goes. */
export function addParameterGroup(scope: Construct, settings: Settings): ElasticacheParameterGroup {
  const { label, name } = settings;
  const family = parameterFamily(settings);
  const parameters = { ...ownParameters(settings), ...settings.parameters };
  return new ElasticacheParameterGroup(scope, "parameters", {
    name: label.name(`${name}-${family.replaceAll(".", "-")}`, 255),
    description: `Parameters of cache ${name}`,
    family,
    parameter: Object.entries(parameters).map(([parameter, value]) => ({ name: parameter, value })),
    lifecycle: { createBeforeDestroy: true },
  });
}

/** https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.html */
function parameterFamily({ engine, engineVersion }: Settings): string {
  const [major, minor] = engineVersion.split(".");
  return engine === "memcached" ? `memcached${major}.${minor}` : `${engine}${major}`;
}
