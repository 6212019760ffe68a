import { containerServices, taskRanges } from "./container-services";
import { checkArn, reportRepeated } from "./report";
import type { Rule } from "./violation";

/** Of one task of the relay: see services/orders/relay. */
const RELAY_CONNECTIONS = 3;

function mostTasks(service: Parameters<typeof taskRanges>[0]): number {
  return Math.max(...taskRanges(service).map(({ maximumTasks }) => maximumTasks));
}

/** What joins several fields of container services and of system B. */
export const MICROSERVICES_RULES: readonly Rule[] = [
  function servicesHaveAPlace(spec, report) {
    const [first] = containerServices(spec);
    if (!first) return;
    if (!spec.network) {
      report("network", `must be set when ${first.path} is: containers run in a VPC, got undefined`);
    } else if (spec.network.nat === "none") {
      report(
        "network.nat",
        `must be "single" or "per-zone" when ${first.path} is: its load balancer has public subnets, got "none"`,
      );
    }
    if (!spec.cluster) report("cluster", `must be set when ${first.path} is, got undefined`);
  },
  function instancesRunServices(spec, report) {
    const onInstances = containerServices(spec).find(({ service }) => service.compute === "ec2");
    const instances = spec.cluster?.instances;
    if (onInstances && spec.cluster && !instances) {
      report("cluster.instances", `must be set: ${onInstances.path}.compute is "ec2", got undefined`);
    }
    if (!instances) return;
    if (!onInstances) {
      report("cluster.instances", 'must be left out, as no service has compute "ec2"');
    }
    if (instances.maximum < Math.max(1, instances.minimum)) {
      report(
        "cluster.instances.maximum",
        `must be minimum (${instances.minimum}) or more, got ${instances.maximum}`,
      );
    }
  },
  function tasksAreARange(spec, report) {
    for (const { path, service } of containerServices(spec)) {
      const { compute, schedules, spotPercent } = service;
      for (const { path: place, minimumTasks, maximumTasks } of taskRanges(service)) {
        if (maximumTasks >= minimumTasks) continue;
        report(
          `${path}.${place}maximumTasks`,
          `must be minimumTasks (${minimumTasks}) or more, got ${maximumTasks}`,
        );
      }
      reportRepeated(
        schedules.map(({ name }, index) => ({ name, path: `${path}.schedules.${index}.name` })),
        report,
      );
      if (compute === "ec2" && spotPercent > 0) {
        report(
          `${path}.spotPercent`,
          `must be left out with compute "ec2", whose instances say it in cluster.instances, got ${spotPercent}`,
        );
      }
    }
  },
  function usersSignInOnce({ microservices, todo }, report) {
    if (!microservices) return;
    if (!todo && !microservices.auth) {
      report("microservices.auth", "must be set without todo, whose users it would be, got undefined");
    }
    if (todo && microservices.auth) {
      report("microservices.auth", "must be left out beside todo: an environment has one user pool");
    }
  },
  function servicesHaveAName({ account, microservices }, report) {
    if (!microservices) return;
    const { protocol, domain } = microservices;
    if (protocol === "https" && !domain) {
      report(
        "microservices.domain",
        'must be set with protocol "https", which needs a certificate, got undefined',
      );
    }
    if (protocol === "http" && domain) {
      report("microservices.domain", 'must be left out with protocol "http"');
    }
    checkArn(domain?.certificateArn, account.region, account.id, (message) =>
      report("microservices.domain.certificateArn", message),
    );
  },
  function databaseHasRoom({ microservices }, report) {
    if (!microservices) return;
    const { database, ...service } = microservices.orders;
    const { connectionsPerTask, maximumConnections } = database;
    const maximumTasks = mostTasks(service);
    const { relay } = microservices.events ?? {};
    const ofRelay = relay ? 2 * mostTasks(relay) * RELAY_CONNECTIONS : 0;
    // Twice: while a release replaces them, old and new tasks are connected.
    const needed = 2 * maximumTasks * connectionsPerTask + ofRelay;
    if (needed > maximumConnections) {
      const relays = relay ? `, and ${ofRelay} of those of events.relay` : "";
      report(
        "microservices.orders.database.maximumConnections",
        `must be ${needed} or more, connectionsPerTask (${connectionsPerTask}) of old and new tasks (twice maximumTasks, ${maximumTasks})${relays}, got ${maximumConnections}`,
      );
    }
  },
  function databaseHasASize({ microservices }, report) {
    if (!microservices) return;
    const { engine, instanceClass, ...database } = microservices.orders.database;
    const place = "microservices.orders.database";
    const aurora = engine !== "postgres";
    if (!aurora && database.allocatedGigabytes === undefined) {
      report(`${place}.allocatedGigabytes`, 'must be set with engine "postgres", got undefined');
    }
    for (const field of ["allocatedGigabytes", "maximumGigabytes"] as const) {
      if (!aurora || database[field] === undefined) continue;
      report(
        `${place}.${field}`,
        `must be left out with engine "${engine}", which takes what it needs, got ${database[field]}`,
      );
    }
    const serverless = instanceClass === "db.serverless";
    if (serverless && !aurora) {
      report(
        `${place}.instanceClass`,
        'must not be "db.serverless" with engine "postgres", as it is Aurora\'s',
      );
    }
    for (const field of ["minimumCapacityUnits", "maximumCapacityUnits"] as const) {
      if (serverless && database[field] === undefined) {
        report(`${place}.${field}`, 'must be set with instanceClass "db.serverless", got undefined');
      }
      if (!serverless && database[field] !== undefined) {
        report(
          `${place}.${field}`,
          `must be left out with instanceClass "${instanceClass}", got ${database[field]}`,
        );
      }
    }
    const { minimumCapacityUnits: least = 0, maximumCapacityUnits: most = Infinity } = database;
    if (most < least) {
      report(`${place}.maximumCapacityUnits`, `must be minimumCapacityUnits (${least}) or more, got ${most}`);
    }
  },
];
