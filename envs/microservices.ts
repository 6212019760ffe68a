import { TerraformOutput, type TerraformStack } from "cdktf";
import { CatalogTable } from "../modules/catalog-table";
import type { CognitoAuth } from "../modules/cognito-auth";
import { Elasticache, type ElasticacheConfig } from "../modules/elasticache";
import type { LoadBalancer } from "../modules/load-balancer";
import { EndpointService } from "../modules/network";
import { Rds } from "../modules/rds";
import { ApiDomain, SESSION_CACHE_ACCESS, SessionApi } from "../modules/session-api";
import { WebAcl } from "../modules/web-acl";
import type { ServiceParts } from "./containers";
import type { MicroservicesFoundation } from "./foundation";
import { LoadBalancers } from "./load-balancers";
import { servedContract } from "./project";
import { addShopEvents, type ShopEvents } from "./shop-events";
import type { EnvironmentSpec } from "./spec";

type MicroservicesSpec = NonNullable<EnvironmentSpec["microservices"]>;

/** What clients may ask a service for. How it is, its load balancers ask it, and nobody through them. */
const ROUTES = { priority: 10, pathPatterns: ["/v1/*"] };

/** Roles of PostgreSQL and names in it: the service's own has no right but to its tables' rows. */
const DATABASE = { name: "orders", applicationUser: "orders_app" };

/** Adds system B: the four services, their data, and the ways to them. */
export function addMicroservices(
  stack: TerraformStack,
  spec: MicroservicesSpec,
  auth: CognitoAuth,
  foundation: MicroservicesFoundation,
): void {
  const webAcl = spec.firewall && addFirewall(stack, spec.firewall, foundation);
  const balancers = new LoadBalancers(
    stack,
    {
      id: "microservices",
      ...(spec.domain && { domain: spec.domain }),
      ...(webAcl && { webAclArn: webAcl.arn }),
    },
    foundation,
  );
  const internal = balancers.addInternal();
  const users = {
    USER_POOL_ID: auth.userPoolId,
    USER_POOL_CLIENT_ID: auth.mobileClientId,
  };
  const parts = { stack, spec, foundation, balancers, internal, users };
  const sessions = addSessions(parts, auth, webAcl?.arn);
  const catalog = addCatalog(parts);
  const orders = addOrders(parts);
  const events =
    spec.events &&
    addShopEvents({ stack, spec: spec.events, foundation, orders: orders.parts, products: catalog.table });
  const urls = {
    catalog_url: catalog.url,
    orders_url: orders.url,
    storefront_url: addStorefront(parts, sessions, events?.storefront),
    sessions_api_url: sessions.url,
  };
  for (const [name, value] of Object.entries(urls)) new TerraformOutput(stack, name, { value });
}

function addFirewall(
  stack: TerraformStack,
  firewall: NonNullable<MicroservicesSpec["firewall"]>,
  foundation: MicroservicesFoundation,
): WebAcl {
  const { alarmTopicArn, label, logRetentionDays, network, telemetryKeyArn } = foundation;
  return new WebAcl(stack, "microservices-firewall", {
    ...firewall,
    label,
    alarmTopicArn,
    logRetentionDays,
    name: "microservices",
    scope: "REGIONAL",
    redactedHeaders: ["x-session-token"],
    // The storefront asks for sessions through NAT, consumers of PrivateLink come from inside: many users by few addresses.
    unlimitedCidrs: [network.vpcCidr, ...network.natAddresses.map((address) => `${address}/32`)],
    kmsKeyArn: telemetryKeyArn,
  });
}

interface Parts {
  readonly stack: TerraformStack;
  readonly spec: MicroservicesSpec;
  readonly foundation: MicroservicesFoundation;
  readonly balancers: LoadBalancers;
  /** Load balancer by which the services call each other. */
  readonly internal: LoadBalancer;
  /** Whose tokens the services take. */
  readonly users: Readonly<Record<string, string>>;
}

type CacheSpec = MicroservicesSpec["sessions"]["cache"];

function addCache(
  { stack, foundation }: Parts,
  name: string,
  { nodes, nodeType, tls }: CacheSpec,
  // ElastiCache takes users by TLS alone.
  users: Pick<ElasticacheConfig, "authentication" | "accessString" | "passwordNames">,
): Elasticache {
  const { alarmTopicArn, deletionProtection, label, logRetentionDays, network } = foundation;
  return new Elasticache(stack, `${name}-cache`, {
    ...(tls ? users : { authentication: "none" }),
    label,
    name,
    nodeType,
    tls,
    engine: "valkey",
    engineVersion: "8.1",
    mode: "replication",
    replicas: nodes - 1,
    multiAz: nodes > 1,
    vpcId: network.vpcId,
    subnetIds: network.isolatedSubnetIds,
    availabilityZones: network.availabilityZones,
    kmsKeyArn: foundation.dataKeyArn,
    logKmsKeyArn: foundation.telemetryKeyArn,
    logRetentionDays,
    alarmTopicArn,
    deletionProtection,
  });
}

function addSessions(parts: Parts, auth: CognitoAuth, webAclArn: string | undefined): SessionApi {
  const { stack, spec, foundation, balancers } = parts;
  const { alarmTopicArn, label, logRetentionDays, network } = foundation;
  const { cache: cacheSpec, corsOrigin, ...settings } = spec.sessions;
  const { certificateArn } = balancers;
  const domain =
    spec.domain &&
    certificateArn !== undefined &&
    new ApiDomain(stack, "sessions-domain", {
      domainName: `sessions.${spec.domain.name}`,
      certificateArn,
      hostedZoneId: spec.domain.hostedZoneId,
    });
  const cache = addCache(parts, "sessions", cacheSpec, {
    authentication: "iam",
    accessString: SESSION_CACHE_ACCESS,
  });
  const { cacheName, userName } = cache;
  return new SessionApi(stack, "session-api", {
    ...settings,
    ...servedContract(foundation, "sessions/v1", "microservices"),
    ...(corsOrigin !== undefined && { corsOrigin }),
    ...(webAclArn !== undefined && { webAclArn }),
    ...(domain && { domainName: domain.domainName }),
    label,
    artifactBucket: foundation.artifactBucket,
    userPoolArn: auth.userPoolArn,
    cacheHost: cache.endpointAddress,
    cachePort: cache.port,
    cacheTls: cache.tls,
    cacheAuthentication: cache.authentication,
    cacheName,
    ...(userName !== undefined && { cacheUser: userName }),
    cacheStatements: cache.connectStatements(),
    vpcSubnetIds: network.privateSubnetIds,
    vpcSecurityGroupIds: [cache.clientSecurityGroupId],
    kmsKeyArn: foundation.dataKeyArn,
    logKmsKeyArn: foundation.telemetryKeyArn,
    logRetentionDays,
    alarmTopicArn,
  });
}

interface Catalog {
  readonly url: string;
  readonly table: CatalogTable;
}

function addCatalog({ stack, spec, foundation, balancers, internal, users }: Parts): Catalog {
  const { alarmTopicArn, containers, deletionProtection, label, network } = foundation;
  const { pointInTimeRecoveryDays, privateLink, ...service } = spec.catalog;
  const table = new CatalogTable(stack, "catalog-table", {
    label,
    kmsKeyArn: foundation.dataKeyArn,
    pointInTimeRecoveryDays,
    deletionProtection,
    alarmTopicArn,
  });
  const entry = balancers.addPublic("catalog");
  containers.addService("catalog", service, {
    environment: { ...users, PRODUCTS_TABLE: table.tableName },
    statements: table.grantReadWrite(),
    targets: [
      entry.addRule(ROUTES),
      internal.addRule({ priority: 10, pathPatterns: ["/v1/products", "/v1/products/*"] }),
    ],
  });
  if (privateLink) {
    const consumers = new EndpointService(stack, "catalog-private-link", {
      label,
      name: "catalog",
      vpcId: network.vpcId,
      subnetIds: network.privateSubnetIds,
      // Not the one for services, behind which there are others too; and its certificate has this name.
      port: entry.port,
      albListenerArn: entry.listenerArn,
      albProtocol: spec.protocol,
      targetSecurityGroupId: entry.securityGroupId,
      ...(spec.domain && {
        privateDnsName: `catalog.${spec.domain.name}`,
        privateDnsZoneId: spec.domain.hostedZoneId,
      }),
      allowedPrincipals: privateLink.allowedPrincipals,
      acceptedEndpoints: privateLink.acceptedEndpoints,
      deletionProtection,
      alarmTopicArn,
    });
    new TerraformOutput(stack, "catalog_private_link_service", { value: consumers.serviceName });
  }
  return { url: entry.url, table };
}

interface Orders {
  readonly url: string;
  /** How services reach the database as the application does. */
  readonly parts: ServiceParts;
}

function addOrders({ stack, spec, foundation, balancers, internal, users }: Parts): Orders {
  const { database: settings, ...service } = spec.orders;
  const database = addDatabase(stack, settings, foundation);
  const { iamAuthentication, tls } = settings;
  const entry = balancers.addPublic("orders");
  const masterKey = (key: string) => `${database.masterSecretArn}:${key}::`;
  const parts: ServiceParts = {
    environment: {
      DATABASE_HOST: database.endpointAddress,
      DATABASE_PORT: String(database.port),
      DATABASE_NAME: database.databaseName,
      DATABASE_USER: iamAuthentication ? DATABASE.applicationUser : database.masterUsername,
      DATABASE_TLS: tls ? "verify-full" : "off",
      DATABASE_AUTHENTICATION: iamAuthentication ? "iam" : "password",
    },
    ...(!iamAuthentication && { secrets: { DATABASE_PASSWORD: masterKey("password") } }),
    statements: iamAuthentication ? database.connectStatements(DATABASE.applicationUser) : [],
    clientSecurityGroupIds: [database.clientSecurityGroupId],
  };
  foundation.containers.addService("orders", service, {
    ...parts,
    environment: {
      ...users,
      ...parts.environment,
      CATALOG_URL: internal.url,
      DATABASE_POOL_SIZE: String(settings.connectionsPerTask),
      // Nobody would ever take them out.
      ...(!spec.events && { OUTBOX_UNPUBLISHED_DAYS: "7" }),
    },
    migration: {
      environment: {
        DATABASE_USER: database.masterUsername,
        DATABASE_AUTHENTICATION: "password",
        APPLICATION_USER: DATABASE.applicationUser,
      },
      secrets: { DATABASE_PASSWORD: masterKey("password") },
    },
    clientSecurityGroupIds: [database.clientSecurityGroupId, internal.clientSecurityGroupId],
    targets: [
      entry.addRule(ROUTES),
      internal.addRule({ priority: 20, pathPatterns: ["/v1/orders", "/v1/orders/*"] }),
    ],
  });
  return { url: entry.url, parts };
}

function addDatabase(
  stack: TerraformStack,
  settings: MicroservicesSpec["orders"]["database"],
  foundation: MicroservicesFoundation,
): Rds {
  const { alarmTopicArn, deletionProtection, label, logRetentionDays, network } = foundation;
  const { connectionsPerTask: _, iamAuthentication: __, tls: ___, finalSnapshot, ...fields } = settings;
  return new Rds(stack, "orders-database", {
    ...fields,
    label,
    name: "orders",
    databaseName: DATABASE.name,
    vpcId: network.vpcId,
    subnetIds: network.isolatedSubnetIds,
    availabilityZones: network.availabilityZones,
    // A version in full is meant to stay.
    autoMinorVersionUpgrade: !settings.engineVersion.includes("."),
    kmsKeyArn: foundation.dataKeyArn,
    logKmsKeyArn: foundation.telemetryKeyArn,
    logRetentionDays,
    alarmTopicArn,
    deletionProtection,
    skipFinalSnapshot: !finalSnapshot,
  });
}

function addStorefront(
  parts: Parts,
  sessions: SessionApi,
  // Without events it has no history to show.
  history: ShopEvents["storefront"] = { environment: {}, statements: [] },
): string {
  const { spec, foundation, balancers, internal, users } = parts;
  const { cache: cacheSpec, ...service } = spec.storefront;
  const { passwordNames } = cacheSpec;
  const cache = addCache(parts, "storefront", cacheSpec, { authentication: "password", passwordNames });
  const entry = balancers.addPublic("storefront");
  foundation.containers.addService("storefront", service, {
    environment: {
      ...users,
      CATALOG_URL: internal.url,
      ORDERS_URL: internal.url,
      SESSIONS_URL: sessions.url,
      ...history.environment,
      CACHE_HOST: cache.endpointAddress,
      CACHE_PORT: String(cache.port),
      CACHE_TLS: cache.tls ? "on" : "off",
      ...(cache.userName !== undefined && { CACHE_USER: cache.userName }),
    },
    ...(cache.authSecretArn !== undefined && {
      secrets: { CACHE_PASSWORD: `${cache.authSecretArn}:password::` },
    }),
    statements: [...sessions.checkStatements(), ...history.statements],
    clientSecurityGroupIds: [cache.clientSecurityGroupId, internal.clientSecurityGroupId],
    targets: [entry.addRule(ROUTES)],
  });
  return entry.url;
}
