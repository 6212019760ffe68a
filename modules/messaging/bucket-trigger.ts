import { S3BucketNotification } from "@cdktf/provider-aws/lib/s3-bucket-notification";
import { Construct } from "constructs";
import type { Label } from "../internal/label";
import { pascalCase } from "./pascal-case";
import type { Queue } from "./queue";

/** What of a bucket is told to a queue. */
export interface BucketTriggerConfig {
  /** Names of the environment: the bucket is of its account. */
  readonly label: Label;
  /** Name of the bucket. It takes one trigger: S3 keeps one list of notifications for each bucket. */
  readonly bucket: string;
  /** What keys begin with, e.g. `incoming/`. @default any */
  readonly prefix?: string;
  /** What keys end with, e.g. `.csv`. @default any */
  readonly suffix?: string;
  /** Gets S3's event for each new object, and once `s3:TestEvent` when the trigger is made. Its key must let `s3.amazonaws.com` use it. */
  readonly queue: Queue;
}

/**
 * Tells a queue of each new object.
 *
 * @throws Error when the queue is FIFO, which S3 does not send to
 */
export class BucketTrigger extends Construct {
  constructor(scope: Construct, id: string, config: BucketTriggerConfig) {
    super(scope, id);
    const { bucket, queue, prefix, suffix } = config;
    if (queue.fifo) throw new Error(`queue ${queue.shortName} must not be FIFO: S3 sends to no such queue`);
    queue.allow({
      sid: `SendFromBucket${pascalCase(this.node.id)}`,
      service: "s3.amazonaws.com",
      sourceArn: `arn:aws:s3:::${bucket}`,
      // A bucket's ARN holds no account, and its name could be another's after it was deleted.
      sourceAccount: config.label.accountId,
    });
    new S3BucketNotification(this, "notification", {
      bucket,
      queue: [
        {
          id: queue.shortName,
          queueArn: queue.arn,
          events: ["s3:ObjectCreated:*"],
          ...(prefix !== undefined && { filterPrefix: prefix }),
          ...(suffix !== undefined && { filterSuffix: suffix }),
        },
      ],
      dependsOn: [queue.policy],
    });
  }
}
