import { AwsProvider, type AwsProviderConfig } from "@cdktf/provider-aws/lib/provider";
import { LocalBackend, S3Backend, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { Label } from "../modules/internal/label";
import type { EnvironmentSpec } from "./spec";

/** A region as a stack sees it. */
export interface RegionOfStack {
  /** Names of the environment in that region. */
  readonly label: Label;
  /** Provider of that region. Absent where the stack's own is. */
  readonly provider?: AwsProvider;
}

/** What the stacks of one environment have in common: provider, tags, names, place of the state. */
export abstract class PlatformStack extends TerraformStack {
  /** Names of the environment. */
  readonly label: Label;

  constructor(
    scope: Construct,
    private readonly spec: EnvironmentSpec,
  ) {
    super(scope, spec.name);
    this.label = this.labelIn(spec.account.region);
    new AwsProvider(this, "aws", this.providerConfig(spec.account.region));
    this.keepState();
  }

  /** A region for what AWS keeps there alone, whatever the environment's own. */
  inRegion(region: string): RegionOfStack {
    if (region === this.label.region) return { label: this.label };
    const id = `aws-${region}`;
    const provider =
      (this.node.tryFindChild(id) as AwsProvider | undefined) ??
      new AwsProvider(this, id, { ...this.providerConfig(region), alias: region });
    return { label: this.labelIn(region), provider };
  }

  /** cdktf resolves every token twice, first to find references between stacks. There are none: EnvironmentsApp refuses them. */
  override prepareStack(): void {
    this.ensureBackendExists();
  }

  private labelIn(region: string): Label {
    const { project, name, account } = this.spec;
    return new Label({ project, environment: name, accountId: account.id, region });
  }

  private providerConfig(region: string): AwsProviderConfig {
    const { account, s3UsePathStyle, tags, project, name, owner } = this.spec;
    return {
      region,
      // Credentials of another account are refused before anything is read or made.
      allowedAccountIds: [account.id],
      s3UsePathStyle,
      defaultTags: [{ tags: { ...tags, project, environment: name, owner, "managed-by": "terraform" } }],
    };
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
