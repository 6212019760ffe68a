import type { EcsServiceServiceConnectConfiguration } from "@cdktf/provider-aws/lib/ecs-service";
import { ServiceDiscoveryService } from "@cdktf/provider-aws/lib/service-discovery-service";
import type { Construct } from "constructs";
import type { EcsServiceConfig } from "./config";
import { PORT_NAME } from "./containers";

/** Seconds that a client may remember a task's address. */
const DNS_TTL_SECONDS = 10;

/** Adds the name under which tasks are found by DNS. @returns its ARN */
export function addDiscovery(scope: Construct, name: string, namespaceId: string): string {
  return new ServiceDiscoveryService(scope, "discovery", {
    name,
    // In both places it means the same; emulators look for it in one or the other.
    namespaceId,
    dnsConfig: {
      namespaceId,
      routingPolicy: "MULTIVALUE",
      dnsRecords: [{ type: "A", ttl: DNS_TTL_SECONDS }],
    },
    // ECS says which tasks are healthy.
    healthCheckCustomConfig: { failureThreshold: 1 },
    forceDestroy: true,
  }).arn;
}

/** How other services of the namespace reach this one: by `http://<name>:<port>`, through proxies that retry and measure. */
export function serviceConnect(
  name: string,
  namespace: string,
  { artifact, label }: EcsServiceConfig,
  logGroupName: string,
): EcsServiceServiceConnectConfiguration {
  return {
    enabled: true,
    namespace,
    service: [
      {
        portName: PORT_NAME,
        discoveryName: name,
        clientAlias: { dnsName: name, port: artifact.port },
      },
    ],
    logConfiguration: {
      logDriver: "awslogs",
      options: {
        "awslogs-group": logGroupName,
        "awslogs-region": label.region,
        "awslogs-stream-prefix": "service-connect",
        mode: "non-blocking",
        "max-buffer-size": "25m",
      },
    },
  };
}
