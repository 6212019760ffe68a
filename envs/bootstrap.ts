import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import { ApiGatewayLogging } from "../modules/api-gateway-logging";
import { CiAccess } from "../modules/ci-access";
import { EcsAccountSettings } from "../modules/ecs-cluster";
import { ImageRepositories } from "../modules/image-repositories";
import { KmsKey } from "../modules/kms-key";
import { StateBackend } from "../modules/state-backend";
import { userPools } from "./auth-rules";
import { containerServices } from "./container-services";
import { domainNames } from "./domain-names";
import { PlatformStack, stateBucketName } from "./platform-stack";
import type { EnvironmentSpec } from "./spec";

/**
 * What an account needs before its environment can be deployed: the bucket of the state, the repositories of the images that
 * `scripts/images` pushes, API Gateway's right to log, and the roles of its pipelines.
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
    const images = [...new Set(containerServices(spec).map(({ image }) => image))];
    let imagesKey: KmsKey | undefined;
    let repositories: ImageRepositories | undefined;
    if (images.length > 0) {
      imagesKey = new KmsKey(this, "images-key", {
        label: this.label,
        name: "images",
        description: "Images of the container services.",
        services: [],
        deletionWindowDays: spec.keyDeletionDays,
        deletionProtection: spec.deletionProtection,
      });
      repositories = new ImageRepositories(this, "images", {
        label: this.label,
        names: images,
        kmsKeyArn: imagesKey.arn,
        deletionProtection: spec.deletionProtection,
      });
    }
    if (spec.cluster?.instances) new EcsAccountSettings(this, "ecs-account-settings");
    const logging =
      spec.account.apiGatewayLogging === "managed"
        ? new ApiGatewayLogging(this, "api-gateway-logging", { label: this.label })
        : undefined;
    if (spec.ci) {
      const stateKey = `envs/${spec.name}.tfstate`;
      const access = new CiAccess(this, "ci-access", {
        label: this.label,
        repository: spec.ci.repository,
        branch: spec.ci.branch,
        githubEnvironment: spec.ci.githubEnvironment ?? spec.name,
        oidcProvider: spec.ci.oidcProvider,
        readState: state.grantReadState(stateKey),
        changeState: state.grantState(stateKey),
        deployment: repositories?.pushStatements() ?? [],
        protect: {
          roleArns: logging ? [logging.roleArn] : [],
          bucketArns: state.bucketArns,
          keyArns: [state.kmsKeyArn, ...(imagesKey ? [imagesKey.arn] : [])],
        },
        domainNames: domainNames(spec),
        clientSecretArns: userPools(spec).flatMap(({ auth }) =>
          auth.oidcProviders.map(({ clientSecretArn }) => clientSecretArn),
        ),
      });
      new TerraformOutput(this, "ci_plan_role_arn", { value: access.planRoleArn });
      new TerraformOutput(this, "ci_apply_role_arn", { value: access.applyRoleArn });
    }
    new TerraformOutput(this, "state_bucket", { value: state.bucketName });
  }
}
