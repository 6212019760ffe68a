import { readJson } from "../../internal/json-file";
import type { LocalDirectory } from "./directory";

/** Resources that something must run for in the VPC. */
const KINDS =
  /^aws_(ecs_service|db_instance|rds_cluster|elasticache_(replication_group|cluster|serverless_cache))$/;

/** Whether Terraform's state holds services, databases or caches: without, no supervisor is started, and none of it takes memory. */
export function needsServices(directory: Pick<LocalDirectory, "terraformState">): boolean {
  const state = readJson<{ resources?: { mode: string; type: string }[] }>(directory.terraformState);
  return (state?.resources ?? []).some(({ mode, type }) => mode === "managed" && KINDS.test(type));
}
