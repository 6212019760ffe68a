import { createHash } from "node:crypto";

/** What every name of one environment starts with. */
export interface LabelConfig {
  /** Short name of the project, e.g. `acme`. Lower-case letters, digits and hyphens. */
  readonly project: string;
  /** Name of the environment, e.g. `prod`. Lower-case letters, digits and hyphens. */
  readonly environment: string;
  /** Twelve-digit AWS account id. Part of names that are unique over all accounts (buckets, Cognito domains). */
  readonly accountId: string;
  /** AWS region, e.g. `eu-west-1`. Part of globally unique names. */
  readonly region: string;
}

/** Hexadecimal digits kept of the hash that stands for what was cut off. */
const HASH_LENGTH = 8;

/** Names resources of one environment. */
export class Label {
  constructor(private readonly config: LabelConfig) {}

  /** Short name of the project: the tag `project` of everything. */
  get project(): string {
    return this.config.project;
  }

  /** Name of the environment: the tag `environment` of everything. */
  get environment(): string {
    return this.config.environment;
  }

  /** The prefix of all names, `<project>-<environment>`. */
  get prefix(): string {
    return `${this.config.project}-${this.config.environment}`;
  }

  /** AWS account id that the environment lives in. */
  get accountId(): string {
    return this.config.accountId;
  }

  /** AWS region that the environment lives in. */
  get region(): string {
    return this.config.region;
  }

  /**
   * Name of a thing within the account and region: `<project>-<environment>-<thing>`.
   *
   * @param thing what is named, e.g. `todos`
   * @param maxLength the service's limit in characters; a longer name ends in a hash of the whole. @default 64
   */
  name(thing: string, maxLength = 64): string {
    return cut(`${this.prefix}-${thing}`, maxLength);
  }

  /**
   * What every name of the environment starts with, as far as names of a length keep it: for patterns in policies.
   *
   * @param maxLength the service's limit in characters. @default 64
   */
  beginning(maxLength = 64): string {
    const kept = maxLength - HASH_LENGTH - 1;
    return `${this.prefix}-`.length <= kept
      ? `${this.prefix}-`
      : this.prefix.slice(0, kept).replace(/-+$/, "");
  }

  /**
   * Name of a thing that must be unique over all AWS accounts, as S3 buckets and Cognito domains must:
   * `<project>-<environment>-<thing>-<hash of account and region>`.
   *
   * @param maxLength the service's limit in characters. @default 63, S3's limit
   */
  globalName(thing: string, maxLength = 63): string {
    const suffix = hash(`${this.config.accountId}/${this.config.region}`);
    return `${cut(`${this.prefix}-${thing}`, maxLength - HASH_LENGTH - 1)}-${suffix}`;
  }
}

function cut(name: string, maxLength: number): string {
  if (name.length <= maxLength) return name;
  const kept = name.slice(0, maxLength - HASH_LENGTH - 1).replace(/-+$/, "");
  return `${kept}-${hash(name)}`;
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, HASH_LENGTH);
}
