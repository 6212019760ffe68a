import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { LocalBackend, S3Backend, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { Label } from "../modules/internal/label";
import type { EnvironmentSpec } from "./spec";

/** What the stacks of one environment have in common: provider, tags, names, place of the state. */
export abstract class PlatformStack extends TerraformStack {
  /** Names of the environment. */
  protected readonly label: Label;

  constructor(
    scope: Construct,
    private readonly spec: EnvironmentSpec,
  ) {
    super(scope, spec.name);
    this.label = new Label({
      project: spec.project,
      environment: spec.name,
      accountId: spec.account.id,
      region: spec.account.region,
    });
    new AwsProvider(this, "aws", {
      region: spec.account.region,
      // Credentials of another account are refused before anything is read or made.
      allowedAccountIds: [spec.account.id],
      s3UsePathStyle: spec.s3UsePathStyle,
      defaultTags: [
        {
          tags: {
            ...spec.tags,
            project: spec.project,
            environment: spec.name,
            owner: spec.owner,
            "managed-by": "terraform",
          },
        },
      ],
    });
    this.keepState();
  }

  /** cdktf resolves every token twice, first to find references between stacks. There are none: EnvironmentsApp refuses them. */
  override prepareStack(): void {
    this.ensureBackendExists();
  }

  private keepState(): void {
    const { state, account } = this.spec;
    if (state.kind === "local") {
      // Terraform runs in <output>/<path of the stack>: from there to the project's folder.
      const up = ["..", ...this.node.path.split("/").map(() => "..")].join("/");
      new LocalBackend(this, { path: `${up}/${state.path}` });
      return;
    }
    new S3Backend(this, {
      bucket: state.bucket ?? stateBucketName(this.label),
      key: `${this.node.path}.tfstate`,
      region: account.region,
      // No `encrypt`: it would ask for S3's own key. The bucket encrypts with the state's KMS key, and refuses any other.
      allowedAccountIds: [account.id],
      ...(this.spec.s3UsePathStyle && { usePathStyle: true }),
    });
    // cdktf's S3Backend knows only the DynamoDB lock.
    this.addOverride("terraform.backend.s3.use_lockfile", true);
  }
}

/** Name of the bucket that holds an environment's state, unless its specification names another. */
export function stateBucketName(label: Label): string {
  return label.globalName("tfstate");
}
