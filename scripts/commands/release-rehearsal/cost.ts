import type { Distribution } from "../../internal/cdn-model";
import { BYTES_PER_GIGABYTE, type PriceBook } from "../../internal/prices";
import { type Charge, type CostKind, type CostLine, priced, withoutAllowance } from "./cost-lines";
import { capacityUnitHours, groupFor, type Load } from "./load";
import type { Rehearsal } from "./rehearse";

/** Hours of a month, as AWS's pages count them. */
export const HOURS_PER_MONTH = 730;

/** How costs are worked out. */
export interface CostConfig {
  readonly prices: PriceBook;
  /** Takes off what is free each month, as if nothing else in the account used it. */
  readonly freeTier: boolean;
  /** Of the size of all answers, to ask what would be. @default 1 */
  readonly scale?: number;
}

/** A month's bill without CloudFront and with it. */
export interface MonthlyCosts {
  readonly before: readonly CostLine[];
  readonly after: readonly CostLine[];
}

/** Works out what the rehearsed releases of a month cost, line by line. Traffic besides them is not part of it. */
export function monthlyCosts(
  rehearsal: Rehearsal,
  distribution: Distribution,
  config: CostConfig,
): MonthlyCosts {
  const bill = new Bill(rehearsal, distribution, config);
  return { before: bill.before(), after: bill.after() };
}

class Bill {
  private readonly releases: number;
  private readonly scale: number;

  constructor(
    private readonly rehearsal: Rehearsal,
    private readonly distribution: Distribution,
    private readonly config: CostConfig,
  ) {
    this.releases = rehearsal.plan.releasesPerMonth;
    this.scale = config.scale ?? 1;
  }

  before(): CostLine[] {
    const { plan, tally, before } = this.rehearsal;
    const [gigabytes = 0] = this.charged([this.gigabytes(tally.direct.bytes)], "ec2", "transfer-out");
    return [
      this.line(
        "transfer",
        "EC2: data transfer to viewers",
        ["ec2", "transfer-out", plan.origin.region],
        gigabytes,
        "GB",
      ),
      ...this.application(before),
    ];
  }

  after(): CostLine[] {
    return [
      ...this.transfer(),
      ...this.requests(),
      ...this.firewall(),
      ...this.buckets(),
      // With buckets alone there is no application any more.
      ...(this.origins("custom").length > 0 ? this.application(this.rehearsal.after) : []),
    ];
  }

  private transfer(): CostLine[] {
    const geographies = Object.entries(this.rehearsal.tally.geographies);
    const gigabytes = this.charged(
      geographies.map(([, { bytes }]) => this.gigabytes(bytes)),
      "cloudfront",
      "transfer-out",
    );
    const fetched = Object.values(this.rehearsal.tally.origins).reduce((sum, { bytes }) => sum + bytes, 0);
    return [
      ...geographies.map(([geography], index) =>
        this.line(
          "transfer",
          `CloudFront: data transfer to viewers, ${geography}`,
          ["cloudfront", "transfer-out", geography],
          gigabytes[index] ?? 0,
          "GB",
        ),
      ),
      this.line(
        "transfer",
        "Data transfer from AWS to CloudFront",
        ["cloudfront", "origin-fetch", "global"],
        this.gigabytes(fetched),
        "GB",
      ),
    ];
  }

  private requests(): CostLine[] {
    const { plan, tally } = this.rehearsal;
    const geographies = Object.entries(tally.geographies);
    const requests = this.charged(
      geographies.map(([, traffic]) => traffic.requests * this.releases),
      "cloudfront",
      "requests",
    );
    const [runs = 0] = this.charged(
      [tally.functionRuns * this.releases],
      "cloudfront",
      "function-invocations",
    );
    const paths = plan.invalidations.reduce((all, invalidation) => all + invalidation.paths.length, 0);
    const [charged = 0] = this.charged([paths * this.releases], "cloudfront", "invalidation-paths");
    return [
      ...geographies.map(([geography], index) =>
        this.line(
          "requests",
          `CloudFront: HTTPS requests, ${geography}`,
          ["cloudfront", "https-requests", geography],
          requests[index] ?? 0,
          "request",
        ),
      ),
      ...Object.entries(tally.shieldRequests).map(([region, count]) =>
        this.line(
          "requests",
          `CloudFront: Origin Shield requests, ${region}`,
          ["cloudfront", "origin-shield-requests", region],
          count * this.releases,
          "request",
        ),
      ),
      ...(tally.functionRuns === 0
        ? []
        : [
            this.line(
              "requests",
              "CloudFront: function invocations",
              ["cloudfront", "function-invocations", "global"],
              runs,
              "invocation",
            ),
          ]),
      ...(paths === 0
        ? []
        : [
            this.line(
              "requests",
              "CloudFront: invalidation paths",
              ["cloudfront", "invalidation-paths", "global"],
              charged,
              "path",
            ),
          ]),
    ];
  }

  private firewall(): CostLine[] {
    if (this.distribution.webAcl === undefined) return [];
    const requests = this.rehearsal.requests * this.releases;
    return [
      this.line("requests", "WAF: web ACL, without its rules", ["waf", "web-acl", "global"], 1, "month"),
      this.line("requests", "WAF: requests", ["waf", "requests", "global"], requests, "request"),
    ];
  }

  private buckets(): CostLine[] {
    const { plan, tally } = this.rehearsal;
    const requests = this.origins("s3").reduce((sum, id) => sum + (tally.origins[id]?.requests ?? 0), 0);
    if (this.origins("s3").length === 0) return [];
    return [
      this.line(
        "requests",
        "S3: GET requests of CloudFront",
        ["s3", "get-requests", plan.origin.region],
        requests * this.releases,
        "request",
      ),
    ];
  }

  /** Load balancer and instances, which run all month. */
  private application(load: Load): CostLine[] {
    const { plan } = this.rehearsal;
    const { region, instanceType, minimumInstances } = plan.origin;
    const units = capacityUnitHours(load, plan, this.scale) * this.releases;
    const hours =
      minimumInstances * HOURS_PER_MONTH + groupFor(load, plan, this.scale).extraHours * this.releases;
    const balancer = "elastic-load-balancing";
    return [
      this.line(
        "load balancer",
        "Load balancer: hours",
        [balancer, "application-load-balancer", region],
        HOURS_PER_MONTH,
        "hour",
      ),
      this.line(
        "load balancer",
        "Load balancer: capacity units",
        [balancer, "lcu", region],
        units,
        "LCU-hour",
      ),
      this.line("instances", `EC2: ${instanceType} instances`, ["ec2", instanceType, region], hours, "hour"),
    ];
  }

  private line(
    kind: CostKind,
    what: string,
    [service, item, region]: readonly [string, string, string],
    quantity: number,
    unit: string,
  ): CostLine {
    const charge: Charge = { kind, what, service, item, region, quantity, unit };
    return priced(this.config.prices, charge);
  }

  /** Ids of the distribution's origins of a kind. */
  private origins(kind: "custom" | "s3"): string[] {
    return Object.values(this.distribution.origins).flatMap((origin) =>
      origin.kind === kind ? [origin.id] : [],
    );
  }

  private gigabytes(bytes: number): number {
    return (bytes * this.releases * this.scale) / BYTES_PER_GIGABYTE;
  }

  private charged(quantities: readonly number[], service: string, item: string): number[] {
    return withoutAllowance(
      quantities,
      this.config.freeTier ? this.config.prices.allowance(service, item) : undefined,
    );
  }
}
