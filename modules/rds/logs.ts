import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import type { Construct } from "constructs";
import type { Settings } from "./config";

/**
 * Makes the log groups that RDS writes, before it does: it would make them itself, unencrypted and kept for ever.
 *
 * @param owner `instance` or `cluster`: what exports its logs
 * @param identifier of that instance or cluster
 * @returns what the instance or cluster depends on
 */
export function addLogGroups(
  scope: Construct,
  owner: "instance" | "cluster",
  identifier: string,
  settings: Settings,
): CloudwatchLogGroup[] {
  return settings.logExports.map(
    (log) =>
      new CloudwatchLogGroup(scope, `${log}-log`, {
        name: `/aws/rds/${owner}/${identifier}/${log}`,
        retentionInDays: settings.logRetentionDays,
        kmsKeyId: settings.logKmsKeyArn,
      }),
  );
}
