import { join } from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import type { TerraformStack } from "cdktf";
import { type Synthesised, synthesise, testLabel } from "../internal/synth-test";
import { CdnDownloads, type CdnDownloadsConfig, loadEdgeFunctions } from ".";

/** The least configuration with a load balancer, for the tests of this package. */
export const leastConfig: Omit<CdnDownloadsConfig, "globalProvider"> = {
  label: testLabel,
  origin: "alb",
  albDomainName: "origin.example.com",
  otherPaths: "pass",
  edgeFunctions: loadEdgeFunctions(join(__dirname, "..", "..")),
  globalAlarmTopicArn: "arn:aws:sns:us-east-1:111111111111:alarms",
  deletionProtection: true,
};

/** Synthesises the module with the least configuration and `changes`, and whatever `use` adds. */
export function synthesiseDownloads(
  changes: Partial<CdnDownloadsConfig> = {},
  use: (stack: TerraformStack, downloads: CdnDownloads) => void = () => {},
): Synthesised {
  return synthesise((stack) => {
    const globalProvider = new AwsProvider(stack, "global", { alias: "global", region: "us-east-1" });
    use(stack, new CdnDownloads(stack, "downloads", { ...leastConfig, globalProvider, ...changes }));
  });
}
