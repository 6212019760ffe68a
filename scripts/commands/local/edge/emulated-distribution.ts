import {
  CloudFrontClient,
  GetDistributionCommand,
  GetInvalidationCommand,
  ListInvalidationsCommand,
} from "@aws-sdk/client-cloudfront";
import { ACCOUNT } from "../settings";
import type { InvalidationSource } from "./invalidation-watch";

/** Milliseconds after which the emulator's API is given up: downloads wait for it. */
const TIMEOUT_MILLISECONDS = 2000;

/** A distribution as the emulator's API tells of it. */
export class EmulatedDistribution implements InvalidationSource {
  private readonly client: CloudFrontClient;

  /**
   * @param endpoint the emulator, e.g. `http://127.0.0.1:4566`
   * @param id of the distribution
   */
  constructor(
    endpoint: string,
    private readonly id: string,
  ) {
    this.client = new CloudFrontClient({
      endpoint,
      region: ACCOUNT.region,
      // The emulator's root user.
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
      maxAttempts: 1,
      requestHandler: { requestTimeout: TIMEOUT_MILLISECONDS, connectionTimeout: TIMEOUT_MILLISECONDS },
    });
  }

  /** Domain name that the distribution has there. */
  async domainName(): Promise<string> {
    const { Distribution } = await this.client.send(new GetDistributionCommand({ Id: this.id }));
    if (Distribution?.DomainName !== undefined) return Distribution.DomainName;
    throw new Error(`distribution ${this.id} has no domain name`);
  }

  async list(): Promise<string[]> {
    // The emulator has them all on one page.
    const { InvalidationList } = await this.client.send(
      new ListInvalidationsCommand({ DistributionId: this.id }),
    );
    return (InvalidationList?.Items ?? []).flatMap(({ Id }) => Id ?? []);
  }

  async pathsOf(id: string): Promise<readonly string[]> {
    const { Invalidation } = await this.client.send(
      new GetInvalidationCommand({ DistributionId: this.id, Id: id }),
    );
    return Invalidation?.InvalidationBatch?.Paths?.Items ?? [];
  }

  close(): void {
    this.client.destroy();
  }
}
