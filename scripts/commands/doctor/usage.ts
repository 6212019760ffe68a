import { explainAwsFailure } from "../../internal/aws-errors";
import { type Home, resourcesOf, type Stack } from "./stack";

/**
 * How many resources of a type the account has that are not this environment's.
 *
 * @param type aws_vpc, aws_eip, aws_lb or aws_cloudfront_distribution
 * @throws CommandError when the account does not tell
 */
export function countOthers(type: string, stack: Stack, home: Home): Promise<number> {
  switch (type) {
    case "aws_vpc":
      return explained("ec2:DescribeVpcs", home, () => countVpcs(home));
    case "aws_eip":
      return explained("ec2:DescribeAddresses", home, () => countAddresses(home));
    case "aws_lb":
      return explained("elasticloadbalancing:DescribeLoadBalancers", home, () =>
        countLoadBalancers(stack, home),
      );
    default:
      return explained("cloudfront:ListDistributions", home, () => countDistributions(stack));
  }
}

/** Lambda's concurrent executions: how many there are, and how many of them functions of others have reserved. */
export function concurrencyOfOthers(stack: Stack, home: Home): Promise<{ limit: number; others: number }> {
  return explained("lambda:GetAccountSettings and lambda:GetFunctionConcurrency", home, async () => {
    const { GetAccountSettingsCommand, GetFunctionConcurrencyCommand, LambdaClient } = await import(
      "@aws-sdk/client-lambda"
    );
    const client = new LambdaClient({ region: home.region });
    try {
      const { AccountLimit } = await client.send(new GetAccountSettingsCommand({}));
      const limit = AccountLimit?.ConcurrentExecutions ?? 0;
      const reserved = limit - (AccountLimit?.UnreservedConcurrentExecutions ?? limit);
      const own = resourcesOf(stack, "aws_lambda_function").map(async ({ function_name: name }) => {
        try {
          const found = await client.send(new GetFunctionConcurrencyCommand({ FunctionName: String(name) }));
          return found.ReservedConcurrentExecutions ?? 0;
        } catch (error) {
          // Not deployed yet.
          if ((error as Error).name === "ResourceNotFoundException") return 0;
          throw error;
        }
      });
      const sum = (await Promise.all(own)).reduce((all, one) => all + one, 0);
      return { limit, others: Math.max(0, reserved - sum) };
    } finally {
      client.destroy();
    }
  });
}

async function countVpcs({ region, tags }: Home): Promise<number> {
  const { EC2Client, paginateDescribeVpcs } = await import("@aws-sdk/client-ec2");
  const client = new EC2Client({ region });
  try {
    let count = 0;
    for await (const { Vpcs = [] } of paginateDescribeVpcs({ client }, {})) {
      count += Vpcs.filter(({ Tags }) => !isOwn(Tags, tags)).length;
    }
    return count;
  } finally {
    client.destroy();
  }
}

async function countAddresses({ region, tags }: Home): Promise<number> {
  const { DescribeAddressesCommand, EC2Client } = await import("@aws-sdk/client-ec2");
  const client = new EC2Client({ region });
  try {
    const { Addresses = [] } = await client.send(new DescribeAddressesCommand({}));
    return Addresses.filter(({ Tags }) => !isOwn(Tags, tags)).length;
  } finally {
    client.destroy();
  }
}

interface Tag {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}

function isOwn(found: readonly Tag[] | undefined, { project, environment }: Home["tags"]): boolean {
  const value = (key: string) => found?.find(({ Key }) => Key === key)?.Value;
  return value("project") === project && value("environment") === environment;
}

async function countLoadBalancers(stack: Stack, { region }: Home): Promise<number> {
  const { ElasticLoadBalancingV2Client, paginateDescribeLoadBalancers } = await import(
    "@aws-sdk/client-elastic-load-balancing-v2"
  );
  const own = new Set(resourcesOf(stack, "aws_lb").map(({ name }) => name));
  const client = new ElasticLoadBalancingV2Client({ region });
  try {
    let count = 0;
    for await (const { LoadBalancers = [] } of paginateDescribeLoadBalancers({ client }, {})) {
      count += LoadBalancers.filter(
        ({ Type, LoadBalancerName }) => Type === "application" && !own.has(LoadBalancerName),
      ).length;
    }
    return count;
  } finally {
    client.destroy();
  }
}

async function countDistributions(stack: Stack): Promise<number> {
  const { CloudFrontClient, paginateListDistributions } = await import("@aws-sdk/client-cloudfront");
  // Its only name: project and environment are in it.
  const own = new Set(resourcesOf(stack, "aws_cloudfront_distribution").map(({ comment }) => comment));
  const client = new CloudFrontClient({ region: "us-east-1" });
  try {
    let count = 0;
    for await (const { DistributionList } of paginateListDistributions({ client }, {})) {
      count += (DistributionList?.Items ?? []).filter(({ Comment }) => !own.has(Comment)).length;
    }
    return count;
  } finally {
    client.destroy();
  }
}

async function explained<T>(rights: string, { accountId }: Home, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const service = rights.split(":")[0] as string;
    throw explainAwsFailure(error, { service, place: `account ${accountId}`, rights });
  }
}
