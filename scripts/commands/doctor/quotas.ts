import { explainAwsFailure } from "../../internal/aws-errors";
import { type Check, type Finding, note, ok, problem } from "./check";
import { type Home, resourcesOf, type Stack } from "./stack";
import { concurrencyOfOthers, countOthers } from "./usage";

/** A quota of an account that a stack takes some of. */
interface Quota {
  /** Type of the resources that count, in Terraform's words. */
  readonly type: string;
  /** In Service Quotas' words: https://docs.aws.amazon.com/general/latest/gr/aws-service-information.html */
  readonly service: string;
  readonly code: string;
  /** Its name in the console. */
  readonly name: string;
  /** CloudFront's are kept there. @default the environment's region */
  readonly region?: "us-east-1";
}

const QUOTAS: readonly Quota[] = [
  { type: "aws_vpc", service: "vpc", code: "L-F678F1CE", name: "VPCs per Region" },
  { type: "aws_eip", service: "ec2", code: "L-0263D0A3", name: "EC2-VPC Elastic IPs" },
  {
    type: "aws_lb",
    service: "elasticloadbalancing",
    code: "L-53DA6B97",
    name: "Application Load Balancers per Region",
  },
  {
    type: "aws_cloudfront_distribution",
    service: "cloudfront",
    code: "L-24B04930",
    name: "Web distributions per AWS account",
    region: "us-east-1",
  },
];

/** Executions that Lambda keeps for functions without a reservation: https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html */
const UNRESERVED = 100;

/** Whether the account has room for what the stack makes, beside what others have made there: a check for each quota. */
export function quotaChecks(stack: Stack, home: Home): Check[] {
  const made = QUOTAS.filter(({ type }) => resourcesOf(stack, type).length > 0);
  return [...made.map((quota) => countCheck(quota, stack, home)), ...concurrencyChecks(stack, home)];
}

function countCheck(quota: Quota, stack: Stack, home: Home): Check {
  const { type, name, service, code, region = home.region } = quota;
  return {
    name,
    look: async () => {
      const [limit, others] = await Promise.all([limitOf(quota, region), countOthers(type, stack, home)]);
      const mend = `ask for more of ${code} of ${service} in Service Quotas (${region})`;
      const used = `${others} are others'`;
      return [room(name, { limit, others, needed: resourcesOf(stack, type).length, used, mend })];
    },
  };
}

function concurrencyChecks(stack: Stack, home: Home): Check[] {
  const reserved = resourcesOf(stack, "aws_lambda_function").map((one) =>
    Number(one["reserved_concurrent_executions"] ?? 0),
  );
  if (reserved.length === 0) return [];
  const name = "Lambda's concurrent executions";
  const look = async () => {
    const { limit, others } = await concurrencyOfOthers(stack, home);
    const used = `${others} are others', ${UNRESERVED} of nobody's`;
    const mend = `ask for more of L-B99A9384 of lambda in Service Quotas (${home.region}), or lower reservedConcurrency`;
    const needed = reserved.reduce((sum, one) => sum + one, 0);
    return [room(name, { limit, others: others + UNRESERVED, needed, used, mend })];
  };
  return [{ name, look }];
}

interface Room {
  readonly limit: number;
  readonly others: number;
  readonly needed: number;
  /** What the others are. */
  readonly used: string;
  readonly mend: string;
}

function room(name: string, { limit, others, needed, used, mend }: Room): Finding {
  const what = `needs ${needed} of ${limit}; ${used}`;
  if (others + needed > limit) return problem(name, what, mend);
  return others + needed === limit ? note(name, `${what}: there is none left then`, mend) : ok(name, what);
}

/** The quota as it applies, which is AWS's own until more was asked for. */
async function limitOf({ service, code, name }: Quota, region: string): Promise<number> {
  const { GetAWSDefaultServiceQuotaCommand, GetServiceQuotaCommand, ServiceQuotasClient } = await import(
    "@aws-sdk/client-service-quotas"
  );
  const client = new ServiceQuotasClient({ region });
  const input = { ServiceCode: service, QuotaCode: code };
  try {
    const applied = await client.send(new GetServiceQuotaCommand(input)).catch((error: Error) => {
      if (error.name === "NoSuchResourceException") return undefined;
      throw error;
    });
    const { Quota: found } = applied ?? (await client.send(new GetAWSDefaultServiceQuotaCommand(input)));
    if (found?.Value !== undefined) return found.Value;
    throw new Error(`Service Quotas tells no value of ${code}`);
  } catch (error) {
    throw explainAwsFailure(error, {
      service: "Service Quotas",
      place: name,
      rights: "servicequotas:GetServiceQuota and servicequotas:GetAWSDefaultServiceQuota",
    });
  } finally {
    client.destroy();
  }
}
