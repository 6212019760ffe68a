import { IamOpenidConnectProvider } from "@cdktf/provider-aws/lib/iam-openid-connect-provider";
import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { Construct } from "constructs";
import { type PolicyStatement, policyDocument, type TrustStatement, trustDocument } from "../internal/iam";
import type { Label } from "../internal/label";
import { CI_PATH, type Protected, protection, workloadBoundaryName } from "./escalation";
import { applyStatements, type PoliciesConfig, planStatements, shareOut } from "./policies";
import { AUDIENCE, applyTrust, ISSUER_URL, planTrust, providerArn, type Repository } from "./trust";
import { workloadBoundary } from "./workload-boundary";

/** Who deploys an environment from GitHub, and from where. */
export interface CiAccessConfig extends Repository {
  /** Names of the environment. */
  readonly label: Label;
  /** Environment at GitHub in which a deployment runs. */
  readonly githubEnvironment: string;
  /** GitHub's OIDC provider exists once per account: this makes it, or it is there. */
  readonly oidcProvider: "managed" | "existing";
  /** What both roles need of the state of the environment's stack, to read it. */
  readonly readState: readonly PolicyStatement[];
  /** What a deployment needs of the state, to change it. */
  readonly changeState: readonly PolicyStatement[];
  /** What else a deployment may do, e.g. push images. @default nothing */
  readonly deployment?: readonly PolicyStatement[];
  /** What a deployment must not change, though it carries the environment's names and tags. @default nothing */
  readonly protect?: Protected;
  /** Names that the environment writes records for, with all below them. @default none */
  readonly domainNames?: readonly string[];
  /** ARNs of the secrets that the specification refers to. @default none */
  readonly clientSecretArns?: readonly string[];
}

/** Longest session of a deployment: CloudFront, databases and first deployments take their time. */
const DEPLOYMENT_SECONDS = 2 * 3600;

/** Two roles for a repository's pipelines, the provider by which they sign in, and the bound of what they deploy. */
export class CiAccess extends Construct {
  /** ARN of the role that plans: it changes nothing. */
  readonly planRoleArn: string;
  /** ARN of the role that deploys. */
  readonly applyRoleArn: string;

  constructor(scope: Construct, id: string, config: CiAccessConfig) {
    super(scope, id);
    const { label } = config;
    const provider = this.oidcProvider(config);
    const policies: PoliciesConfig = {
      label,
      domainNames: config.domainNames ?? [],
      clientSecretArns: config.clientSecretArns ?? [],
    };
    new IamPolicy(this, "workload-boundary", {
      name: workloadBoundaryName(label),
      path: CI_PATH,
      description: `The most that a role of ${label.prefix} can do`,
      policy: policyDocument(workloadBoundary(label)),
    });
    this.planRoleArn = this.addRole("plan", {
      label,
      trust: planTrust(provider, config),
      sessionSeconds: 3600,
      statements: planStatements(policies),
      ownStatements: config.readState,
    });
    this.applyRoleArn = this.addRole("apply", {
      label,
      trust: applyTrust(provider, config, config.githubEnvironment),
      sessionSeconds: DEPLOYMENT_SECONDS,
      statements: applyStatements(policies),
      ownStatements: [
        ...config.changeState,
        ...(config.deployment ?? []),
        ...protection(config.protect ?? {}),
      ],
    });
  }

  private oidcProvider({ label, oidcProvider }: CiAccessConfig): string {
    if (oidcProvider === "existing") return providerArn(label.accountId);
    return new IamOpenidConnectProvider(this, "github", { url: ISSUER_URL, clientIdList: [AUDIENCE] }).arn;
  }

  private addRole(id: string, config: RoleOfPipeline): string {
    const { label } = config;
    const here = new Construct(this, id);
    const role = new IamRole(here, "role", {
      name: label.name(`ci-${id}`),
      path: CI_PATH,
      description: `GitHub Actions: ${id} of ${label.prefix}`,
      assumeRolePolicy: trustDocument([config.trust]),
      maxSessionDuration: config.sessionSeconds,
    });
    new IamRolePolicy(here, "policy", {
      name: "access",
      role: role.name,
      policy: policyDocument(config.ownStatements),
    });
    shareOut(config.statements).forEach((statements, index) => {
      const policy = new IamPolicy(here, `policy-${index + 1}`, {
        name: label.name(`ci-${id}-${index + 1}`, 128),
        path: CI_PATH,
        policy: policyDocument(statements),
      });
      new IamRolePolicyAttachment(here, `attachment-${index + 1}`, {
        role: role.name,
        policyArn: policy.arn,
      });
    });
    return role.arn;
  }
}

interface RoleOfPipeline {
  readonly label: Label;
  readonly trust: TrustStatement;
  readonly sessionSeconds: number;
  /** Of the environment: too many for one policy. */
  readonly statements: readonly PolicyStatement[];
  /** Of the stack that makes the role. */
  readonly ownStatements: readonly PolicyStatement[];
}
