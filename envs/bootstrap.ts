import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import { ApiGatewayLogging } from "../modules/api-gateway-logging";
import { EcsAccountSettings } from "../modules/ecs-cluster";
import { ImageRepositories } from "../modules/image-repositories";
import { KmsKey } from "../modules/kms-key";
import { StateBackend } from "../modules/state-backend";
import { containerServices } from "./container-services";
import { PlatformStack, stateBucketName } from "./platform-stack";
import type { EnvironmentSpec } from "./spec";

/**
 * What an account needs before its environment can be deployed: the bucket of the state, the repositories of the images that
 * `scripts/images` pushes, and API Gateway's right to log.
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
    const images = containerServices(spec).map(({ name }) => name);
    if (images.length > 0) {
      const key = new KmsKey(this, "images-key", {
        label: this.label,
        name: "images",
        description: "Images of the container services.",
        services: [],
        deletionWindowDays: spec.keyDeletionDays,
        deletionProtection: spec.deletionProtection,
      });
      new ImageRepositories(this, "images", {
        label: this.label,
        names: images,
        kmsKeyArn: key.arn,
        deletionProtection: spec.deletionProtection,
      });
    }
    if (spec.cluster?.instances) new EcsAccountSettings(this, "ecs-account-settings");
    if (spec.account.apiGatewayLogging === "managed") {
      new ApiGatewayLogging(this, "api-gateway-logging", { label: this.label });
    }
    new TerraformOutput(this, "state_bucket", { value: state.bucketName });
  }
}
