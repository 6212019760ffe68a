import { EcrLifecyclePolicy } from "@cdktf/provider-aws/lib/ecr-lifecycle-policy";
import { EcrRepository } from "@cdktf/provider-aws/lib/ecr-repository";
import { EcrRepositoryPolicy } from "@cdktf/provider-aws/lib/ecr-repository-policy";
import { Construct } from "constructs";
import { checkWholeNumber } from "../internal/check";
import type { PolicyStatement } from "../internal/iam";
import type { Label } from "../internal/label";

/** Repositories of one environment. */
export interface ImageRepositoriesConfig {
  /** Names of the environment. */
  readonly label: Label;
  /** Names of the services, e.g. `["catalog", "orders"]`. */
  readonly names: readonly string[];
  /** ARN of the KMS key. ECR uses it by grants that it makes for itself when a repository is made, as the caller's rights let it. */
  readonly kmsKeyArn: string;
  /**
   * Images that each repository keeps, the last that were pushed, deployed or not: what is pushed more often than it is deployed needs
   * more. @default 30
   */
  readonly keptImages?: number;
  /** Days after which an image without a tag is removed. @default 7 */
  readonly untaggedDays?: number;
  /** Terraform refuses to destroy or replace a repository; without it, destroying removes its images too. */
  readonly deletionProtection: boolean;
}

const PULL = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];

/** Besides pulling, which finds what is there already: https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html */
const PUSH = [
  "ecr:CompleteLayerUpload",
  "ecr:DescribeImages",
  "ecr:InitiateLayerUpload",
  "ecr:PutImage",
  "ecr:UploadLayerPart",
];

/**
 * One ECR repository for each name.
 *
 * @throws Error naming the field, what it must be and what it is
 */
export class ImageRepositories extends Construct {
  private readonly repositories: ReadonlyMap<string, EcrRepository>;

  constructor(scope: Construct, id: string, config: ImageRepositoriesConfig) {
    super(scope, id);
    checkConfig(config);
    this.repositories = new Map(config.names.map((name) => [name, this.addRepository(name, config)]));
  }

  /**
   * Address of a service's repository, without a tag: `<account>.dkr.ecr.<region>.amazonaws.com/<repository>`.
   *
   * @throws Error when there is no repository of that name
   */
  repositoryUrl(name: string): string {
    return this.repository(name).repositoryUrl;
  }

  /**
   * Lets its holder push images, and see which are there. It can neither remove nor replace one.
   *
   * @param names services whose images are pushed. @default all
   * @throws Error when there is no repository of one of the names
   */
  pushStatements(...names: readonly string[]): PolicyStatement[] {
    return [
      logIn(),
      { sid: "PushImages", actions: [...PULL, ...PUSH].sort(), resources: this.repositoryArns(names) },
    ];
  }

  /**
   * Lets its holder pull images.
   *
   * @param names services whose images are pulled. @default all
   * @throws Error when there is no repository of one of the names
   */
  pullStatements(...names: readonly string[]): PolicyStatement[] {
    return [logIn(), { sid: "PullImages", actions: PULL, resources: this.repositoryArns(names) }];
  }

  private addRepository(name: string, config: ImageRepositoriesConfig): EcrRepository {
    const { keptImages = 30, untaggedDays = 7 } = config;
    const repository = new EcrRepository(this, name, {
      name: repositoryName(config.label, name),
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfiguration: [{ encryptionType: "KMS", kmsKey: config.kmsKeyArn }],
      forceDelete: !config.deletionProtection,
      lifecycle: { preventDestroy: config.deletionProtection },
    });
    new EcrLifecyclePolicy(this, `${name}-lifecycle`, {
      repository: repository.name,
      policy: lifecyclePolicy(keptImages, untaggedDays),
    });
    new EcrRepositoryPolicy(this, `${name}-policy`, {
      repository: repository.name,
      policy: ownAccountOnly(config.label.accountId),
    });
    return repository;
  }

  private repositoryArns(names: readonly string[]): string[] {
    const wanted = names.length > 0 ? names : [...this.repositories.keys()];
    return wanted.map((name) => this.repository(name).arn);
  }

  private repository(name: string): EcrRepository {
    const found = this.repositories.get(name);
    if (found) return found;
    throw new Error(`names: no repository "${name}"; there are ${[...this.repositories.keys()].join(", ")}`);
  }
}

/** Name of a service's repository, `<project>-<environment>-<service>`: known before it is made, in other stacks too. */
export function repositoryName(label: Label, name: string): string {
  return label.name(name, 256);
}

/** Address of a service's repository, without a tag: `<account>.dkr.ecr.<region>.amazonaws.com/<repository>`. */
export function repositoryUrl(label: Label, name: string): string {
  return `${label.accountId}.dkr.ecr.${label.region}.amazonaws.com/${repositoryName(label, name)}`;
}

/** The registry's password is one for the account, so AWS knows no other resource. What it opens, the other statement says. */
function logIn(): PolicyStatement {
  return { sid: "LogInToRegistry", actions: ["ecr:GetAuthorizationToken"], resources: ["*"] };
}

/**
 * An image that others are made of, such as the platforms of a manifest list, has no tag and stays for as long as they do.
 *
 * Source: https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html
 */
function lifecyclePolicy(keptImages: number, untaggedDays: number): string {
  const expire = { action: { type: "expire" } };
  return JSON.stringify({
    rules: [
      {
        rulePriority: 1,
        description: `Images without a tag go after ${untaggedDays} days`,
        selection: {
          tagStatus: "untagged",
          countType: "sinceImagePushed",
          countUnit: "days",
          countNumber: untaggedDays,
        },
        ...expire,
      },
      {
        rulePriority: 2,
        description: `The last ${keptImages} images stay`,
        selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: keptImages },
        ...expire,
      },
    ],
  });
}

/** What the account's principals may do, their own policies say; no other account's may do anything, whoever lets them. */
function ownAccountOnly(accountId: string): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "DenyOtherAccounts",
        Effect: "Deny",
        Principal: "*",
        // A repository's policy names no resource: it is about its repository.
        Action: "ecr:*",
        Condition: {
          StringNotEquals: { "aws:PrincipalAccount": accountId },
          Bool: { "aws:PrincipalIsAWSService": "false" },
        },
      },
    ],
  });
}

function checkConfig({ names, keptImages, untaggedDays }: ImageRepositoriesConfig): void {
  for (const [index, name] of names.entries()) {
    if (!/^[a-z0-9]+([._-][a-z0-9]+)*$/.test(name)) {
      throw new Error(
        `names[${index}] must be lower-case letters and digits, with single ., _ or - between them, got "${name}"`,
      );
    }
    if (names.indexOf(name) !== index) throw new Error(`names[${index}]: "${name}" comes twice; remove one`);
  }
  for (const [field, value] of Object.entries({ keptImages, untaggedDays })) {
    if (value !== undefined) checkWholeNumber(field, value, 1);
  }
}
