import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import { ApiGatewayLogging } from "../modules/api-gateway-logging";
import { StateBackend } from "../modules/state-backend";
import { PlatformStack, stateBucketName } from "./platform-stack";
import type { EnvironmentSpec } from "./spec";

/**
 * What an account needs before its environment can be deployed: the bucket of the state, and API Gateway's right to log.
 * `scripts/bootstrap envs/<name>` deploys it, and moves its own state into that bucket.
 */
export class BootstrapStack extends PlatformStack {
  constructor(scope: Construct, spec: EnvironmentSpec) {
    super(scope, spec);
    const configured = spec.state.kind === "s3" ? spec.state.bucket : undefined;
    const state = new StateBackend(this, "state", {
      label: this.label,
      stateBucketName: configured ?? stateBucketName(this.label),
    });
    if (spec.account.apiGatewayLogging === "managed") {
      new ApiGatewayLogging(this, "api-gateway-logging", { label: this.label });
    }
    new TerraformOutput(this, "state_bucket", { value: state.bucketName });
  }
}
