import { Construct } from "constructs";
import type { PolicyStatement } from "../internal/iam";
import { ClientSecurityGroups } from "../internal/security-groups";
import { addMemcachedAlarms, addNodeAlarms, addServerlessAlarms } from "./alarms";
import type { Cache, CacheParts } from "./cache";
import { checkConfig } from "./check";
import {
  type ElasticacheAuthentication,
  type ElasticacheConfig,
  type Settings,
  withDefaults,
} from "./config";
import { MemcachedCluster } from "./memcached-cluster";
import { ReplicationGroup } from "./replication-group";
import { ServerlessCache } from "./serverless-cache";
import { Users } from "./users";

/**
 * Cache with what belongs to it.
 *
 * @throws Error with one line for each field that is missing, out of range or at odds with another
 */
export class Elasticache extends Construct {
  /** Address that takes reads and writes: the primary's, the cluster's configuration endpoint, or the serverless cache's. */
  readonly endpointAddress: string;
  /** TCP port of `endpointAddress`. */
  readonly port: number;
  /** Address that spreads reads over the replicas. Undefined with `cluster` and `memcached`. */
  readonly readerEndpointAddress?: string;
  /** TCP port of `readerEndpointAddress`, which with `serverless` is another. */
  readonly readerPort?: number;
  /** Whether clients must speak TLS. */
  readonly tls: boolean;
  /** Whether clients must know cluster mode. */
  readonly clusterMode: boolean;
  /** How clients sign in. */
  readonly authentication: ElasticacheAuthentication;
  /** Name that ElastiCache knows the cache by: a token of IAM is signed for it. */
  readonly cacheName: string;
  /** Name of the user that clients sign in as. Undefined where nobody has to. */
  readonly userName?: string;
  /** ARN of the secret with the user's `username` and `password`, in JSON. Undefined without a password. */
  readonly authSecretArn?: string;
  /** ARN of the cache. */
  readonly arn: string;
  /** Security group of the cache. */
  readonly securityGroupId: string;
  /** Security group to give to what uses the cache; it reaches the cache alone. */
  readonly clientSecurityGroupId: string;
  private readonly settings: Settings;
  private readonly userArn: string | undefined;

  constructor(scope: Construct, id: string, config: ElasticacheConfig) {
    super(scope, id);
    const settings = withDefaults(config);
    checkConfig(config, settings);
    const { label, mode, name, port } = settings;
    const groups = new ClientSecurityGroups(this, "security-groups", {
      label,
      name: `${name}-cache`,
      title: `Cache ${name}`,
      vpcId: settings.vpcId,
      // A serverless cache reads at the next port from the nearest replica.
      ports: mode === "serverless" ? [port, port + 1] : [port],
    });
    const users = settings.authentication === "none" ? undefined : new Users(this, "users", settings);
    const cache = this.addCache(settings, {
      securityGroupId: groups.serverGroupId,
      ...(users !== undefined && { userGroupId: users.groupId }),
    });
    this.endpointAddress = cache.address;
    this.port = cache.port;
    if (cache.readerAddress !== undefined) this.readerEndpointAddress = cache.readerAddress;
    if (cache.readerPort !== undefined) this.readerPort = cache.readerPort;
    this.tls = settings.tls;
    this.clusterMode = mode === "cluster" || (mode === "serverless" && settings.engine !== "memcached");
    this.authentication = settings.authentication;
    this.cacheName = cache.cacheName;
    if (users !== undefined) this.userName = users.userName;
    if (users?.secretArn !== undefined) this.authSecretArn = users.secretArn;
    this.arn = cache.arn;
    this.securityGroupId = groups.serverGroupId;
    this.clientSecurityGroupId = groups.clientGroupId;
    this.settings = settings;
    this.userArn = users?.userArn;
  }

  /**
   * Lets its holder sign in as the cache's user, and no other: by a token of its own with IAM, or with a password by reading that.
   * Nothing where nobody has to sign in.
   */
  connectStatements(): PolicyStatement[] {
    const { kmsKeyArn, label } = this.settings;
    if (this.authSecretArn !== undefined) {
      return [
        {
          sid: "ReadCachePassword",
          actions: ["secretsmanager:GetSecretValue"],
          resources: [this.authSecretArn],
        },
        {
          sid: "DecryptCachePassword",
          actions: ["kms:Decrypt"],
          resources: [kmsKeyArn],
          conditions: {
            StringEquals: {
              "kms:ViaService": `secretsmanager.${label.region}.amazonaws.com`,
              "kms:EncryptionContext:SecretARN": this.authSecretArn,
            },
          },
        },
      ];
    }
    if (this.userArn === undefined) return [];
    // https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth-iam.html
    return [{ sid: "ConnectToCache", actions: ["elasticache:Connect"], resources: [this.arn, this.userArn] }];
  }

  private addCache(settings: Settings, parts: CacheParts): Cache {
    if (settings.mode === "serverless") {
      const cache = new ServerlessCache(this, "cache", settings, parts);
      addServerlessAlarms(this, settings, cache.cacheName);
      return cache;
    }
    if (settings.mode === "memcached") {
      const cache = new MemcachedCluster(this, "cache", settings, parts);
      addMemcachedAlarms(this, settings, cache.cacheName);
      return cache;
    }
    const cache = new ReplicationGroup(this, "cache", settings, parts);
    addNodeAlarms(this, settings, cache.nodeNames);
    return cache;
  }
}
