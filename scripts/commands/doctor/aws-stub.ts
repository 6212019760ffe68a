import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** What the stand-in answers. */
export interface StubbedAccount {
  accountId: string;
  /** Status of the state's bucket, and of the state in it. */
  bucket: number;
  state: number;
  /** Content of the state's lock; undefined when nobody holds it. */
  lock: string | undefined;
  /** Values of quotas that were raised, by their code. */
  raised: Record<string, number>;
  /** Values that AWS gives everyone. */
  usual: Record<string, number>;
  /** Tags of each VPC and of each address. */
  vpcs: readonly Readonly<Record<string, string>>[];
  addresses: readonly Readonly<Record<string, string>>[];
  /** Names of load balancers, comments of distributions. */
  loadBalancers: readonly string[];
  distributions: readonly string[];
  /** Lambda's concurrency that nothing has reserved, and what functions have. */
  unreserved: number;
  reserved: Record<string, number>;
  /** Calls that are refused, e.g. `DescribeVpcs`. */
  refused: readonly string[];
}

/** SDK's names of the services, for `AWS_ENDPOINT_URL_<name>`. */
const SERVICES = ["STS", "S3", "SERVICE_QUOTAS", "EC2", "ELASTIC_LOAD_BALANCING_V2", "CLOUDFRONT", "LAMBDA"];

/** Stands in for those of AWS's APIs that scripts/doctor asks. */
export class AwsStub {
  /** Every call that was made, e.g. `DescribeVpcs` or `HEAD /bucket`. */
  readonly calls: string[] = [];

  private constructor(
    private readonly server: Server,
    readonly account: StubbedAccount,
  ) {}

  static async start(account: StubbedAccount): Promise<AwsStub> {
    const server = createServer();
    const stub = new AwsStub(server, account);
    server.on("request", async (request, response) => {
      const { status, body } = await stub.answer(request);
      response.writeHead(status, {
        "content-type": body.startsWith("{") ? "application/x-amz-json-1.1" : "text/xml",
      });
      response.end(request.method === "HEAD" ? undefined : body);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return stub;
  }

  /** Variables that lead the SDK here. */
  get environment(): Record<string, string> {
    const url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return Object.fromEntries(SERVICES.map((name) => [`AWS_ENDPOINT_URL_${name}`, url]));
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close");
  }

  private async answer(request: IncomingMessage): Promise<{ status: number; body: string }> {
    let text = "";
    for await (const part of request) text += part;
    const target = request.headers["x-amz-target"];
    const path = (request.url ?? "").replace(/\?.*/, "");
    const name =
      new URLSearchParams(text).get("Action") ??
      (typeof target === "string" ? target.split(".")[1] : undefined) ??
      `${request.method} ${path}`;
    this.calls.push(name);
    if (this.account.refused.includes(name)) return refusal(name);
    return this.answerTo(name, text);
  }

  private answerTo(name: string, text: string): { status: number; body: string } {
    const { account } = this;
    const ok = (body: string) => ({ status: 200, body });
    switch (name) {
      case "GetCallerIdentity":
        return ok(
          `<GetCallerIdentityResponse><GetCallerIdentityResult><Account>${account.accountId}</Account>` +
            `<Arn>arn:aws:iam::${account.accountId}:user/ann</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>`,
        );
      case "GetServiceQuota":
        return quota(JSON.parse(text).QuotaCode, account.raised);
      case "GetAWSDefaultServiceQuota":
        return quota(JSON.parse(text).QuotaCode, account.usual);
      case "DescribeVpcs":
        return ok(`<DescribeVpcsResponse><vpcSet>${tagged(account.vpcs)}</vpcSet></DescribeVpcsResponse>`);
      case "DescribeAddresses":
        return ok(
          `<DescribeAddressesResponse><addressesSet>${tagged(account.addresses)}</addressesSet></DescribeAddressesResponse>`,
        );
      case "DescribeLoadBalancers": {
        const members = account.loadBalancers.map(
          (one) => `<member><LoadBalancerName>${one}</LoadBalancerName><Type>application</Type></member>`,
        );
        return ok(
          "<DescribeLoadBalancersResponse><DescribeLoadBalancersResult><LoadBalancers>" +
            `${members.join("")}</LoadBalancers></DescribeLoadBalancersResult></DescribeLoadBalancersResponse>`,
        );
      }
      case "GET /2020-05-31/distribution": {
        const items = account.distributions.map(
          (one) => `<DistributionSummary><Comment>${one}</Comment></DistributionSummary>`,
        );
        return ok(
          `<DistributionList><Items>${items.join("")}</Items><IsTruncated>false</IsTruncated></DistributionList>`,
        );
      }
      case "GET /2016-08-19/account-settings":
        return ok(
          JSON.stringify({
            AccountLimit: { ConcurrentExecutions: 1000, UnreservedConcurrentExecutions: account.unreserved },
          }),
        );
      default:
        return this.answerByPath(name);
    }
  }

  private answerByPath(name: string): { status: number; body: string } {
    const { reserved, lock, bucket, state } = this.account;
    const functionName = /^GET \/2019-09-30\/functions\/(.+)\/concurrency$/.exec(name)?.[1];
    if (functionName !== undefined) {
      if (reserved[functionName] === undefined) {
        return { status: 404, body: JSON.stringify({ __type: "ResourceNotFoundException" }) };
      }
      return { status: 200, body: JSON.stringify({ ReservedConcurrentExecutions: reserved[functionName] }) };
    }
    if (name.endsWith(".tflock")) {
      return lock === undefined
        ? { status: 404, body: "<Error><Code>NoSuchKey</Code></Error>" }
        : { status: 200, body: lock };
    }
    return { status: /^HEAD \/[^/]+\/?$/.test(name) ? bucket : state, body: "" };
  }
}

function quota(code: string, values: Readonly<Record<string, number>>): { status: number; body: string } {
  const value = values[code];
  return value === undefined
    ? { status: 400, body: JSON.stringify({ __type: "NoSuchResourceException" }) }
    : { status: 200, body: JSON.stringify({ Quota: { QuotaCode: code, Value: value } }) };
}

function tagged(all: readonly Readonly<Record<string, string>>[]): string {
  return all
    .map((tags) => {
      const items = Object.entries(tags).map(
        ([key, value]) => `<item><key>${key}</key><value>${value}</value></item>`,
      );
      return `<item><tagSet>${items.join("")}</tagSet></item>`;
    })
    .join("");
}

function refusal(name: string): { status: number; body: string } {
  const message = `not authorized to perform ${name}`;
  if (name.startsWith("Get") && name !== "GetCallerIdentity") {
    return { status: 400, body: JSON.stringify({ __type: "AccessDeniedException", message }) };
  }
  const error = `<Error><Code>AccessDenied</Code><Message>${message}</Message></Error>`;
  return { status: 403, body: `<Response><Errors>${error}</Errors>${error}</Response>` };
}
