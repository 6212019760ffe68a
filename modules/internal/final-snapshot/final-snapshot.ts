import { DataResource, Fn } from "cdktf";
import { Construct } from "constructs";
import type { Label } from "../label";

/** A name for the last snapshot of one data store. */
export interface FinalSnapshotNameConfig {
  /** Names of the environment. */
  readonly label: Label;
  /** Short name of the data store, e.g. `orders`. */
  readonly name: string;
  /** Values of which another replaces the data store, so that its snapshot and its successor's have names of their own. */
  readonly replacedBy: Readonly<Record<string, string>>;
}

/** Characters of a random id that make a name unique. */
const UNIQUE_LENGTH = 8;

/** Longest name that every service takes. Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateSnapshot.html */
const MAXIMUM_LENGTH = 255;

/**
 * Name of the snapshot that AWS takes when a data store is destroyed. It holds a random id of Terraform's own: a fixed name would
 * be taken when a store that was destroyed and made again is destroyed once more, and the destruction fail.
 */
export class FinalSnapshotName extends Construct {
  /** The name, `<project>-<environment>-<name>-final-<8 hexadecimal digits>`. */
  readonly value: string;

  constructor(scope: Construct, id: string, config: FinalSnapshotNameConfig) {
    super(scope, id);
    const life = new DataResource(this, "life", { triggersReplace: { ...config.replacedBy } });
    const fixed = config.label.name(`${config.name}-final`, MAXIMUM_LENGTH - UNIQUE_LENGTH - 1);
    this.value = `${fixed}-${Fn.substr(life.id, 0, UNIQUE_LENGTH)}`;
  }
}
