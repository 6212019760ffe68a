import { EcsAccountSettingDefault } from "@cdktf/provider-aws/lib/ecs-account-setting-default";
import { Construct } from "constructs";

/**
 * Lets instances carry several times as many tasks as they have network interfaces, for all clusters of the account and region. It
 * belongs to these, not to an environment: made once, before the instances, as one takes it up only when it starts.
 *
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/container-instance-eni.html
 */
export class EcsAccountSettings extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new EcsAccountSettingDefault(this, "trunking", { name: "awsvpcTrunking", value: "enabled" });
  }
}
