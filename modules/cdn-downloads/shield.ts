/**
 * Regions that have Origin Shield, and for those that have none the nearest that has.
 *
 * Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/origin-shield.html#choose-origin-shield-region
 */
const NEAREST: Readonly<Record<string, string>> = {
  "us-east-1": "us-east-1",
  "us-east-2": "us-east-2",
  "us-west-1": "us-west-2",
  "us-west-2": "us-west-2",
  "af-south-1": "eu-west-1",
  "ap-east-1": "ap-southeast-1",
  "ap-northeast-1": "ap-northeast-1",
  "ap-northeast-2": "ap-northeast-2",
  "ap-south-1": "ap-south-1",
  "ap-southeast-1": "ap-southeast-1",
  "ap-southeast-2": "ap-southeast-2",
  "ca-central-1": "us-east-1",
  "eu-central-1": "eu-central-1",
  "eu-north-1": "eu-west-2",
  "eu-south-1": "eu-central-1",
  "eu-west-1": "eu-west-1",
  "eu-west-2": "eu-west-2",
  "eu-west-3": "eu-west-2",
  "me-south-1": "ap-south-1",
  "sa-east-1": "sa-east-1",
};

/** Regions that have Origin Shield. */
export const SHIELD_REGIONS: readonly string[] = [...new Set(Object.values(NEAREST))].sort();

/** The region of Origin Shield for an origin in `region`, if one is known to be near. */
export function shieldNear(region: string): string | undefined {
  return NEAREST[region];
}
