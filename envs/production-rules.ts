import { userPools } from "./auth-rules";
import { containerServices, taskRanges } from "./container-services";
import { trafficShifts } from "./traffic-shifts";
import type { Rule } from "./violation";

const PRODUCTION = "in a production environment";

/** What a development environment may do and a production environment may not. */
export const PRODUCTION_RULES: readonly Rule[] = [
  function dataIsProtected({ deletionProtection }, report) {
    if (!deletionProtection) report("deletionProtection", `must be true ${PRODUCTION}, got false`);
  },
  function stateIsRemote({ state }, report) {
    if (state.kind !== "s3") report("state.kind", `must be "s3" ${PRODUCTION}, got "${state.kind}"`);
  },
  function someoneIsTold({ alarmEmails }, report) {
    if (alarmEmails.length === 0) report("alarmEmails", `must name someone ${PRODUCTION}, got []`);
  },
  function mailIsSent(spec, report) {
    for (const { place, auth } of userPools(spec)) {
      if (auth.sesIdentityArn !== undefined) continue;
      report(
        `${place}.sesIdentityArn`,
        `must be set ${PRODUCTION}: Cognito's own sender stops at 50 mails a day, got undefined`,
      );
    }
  },
  function logsAreKept({ logRetentionDays, downloads }, report) {
    if (logRetentionDays < 30)
      report("logRetentionDays", `must be 30 or more ${PRODUCTION}, got ${logRetentionDays}`);
    const days = downloads?.accessLogRetentionDays;
    if (days !== undefined && days < 30)
      report("downloads.accessLogRetentionDays", `must be 30 or more ${PRODUCTION}, got ${days}`);
  },
  function tableCanBeRestored({ todo }, report) {
    const days = todo?.table.pointInTimeRecoveryDays;
    if (days !== undefined && days < 7) {
      report("todo.table.pointInTimeRecoveryDays", `must be 7 or more ${PRODUCTION}, got ${days}`);
    }
  },
  function cacheSurvivesAZone({ todo }, report) {
    const nodes = todo?.dax?.nodes;
    if (nodes !== undefined && nodes < 3)
      report("todo.dax.nodes", `must be 3 or more ${PRODUCTION}, got ${nodes}`);
  },
  function natSurvivesAZone({ network }, report) {
    if (network?.nat === "single")
      report("network.nat", `must be "per-zone" or "none" ${PRODUCTION}, got "single"`);
  },
  function servicesSurviveAZone(spec, report) {
    for (const { path, service } of containerServices(spec)) {
      for (const { path: place, minimumTasks } of taskRanges(service)) {
        if (minimumTasks >= 2) continue;
        report(`${path}.${place}minimumTasks`, `must be 2 or more ${PRODUCTION}, got ${minimumTasks}`);
      }
      if (service.executeCommand) report(`${path}.executeCommand`, `must be false ${PRODUCTION}, got true`);
    }
    const minimum = spec.cluster?.instances?.minimum;
    if (minimum !== undefined && minimum < 2) {
      report("cluster.instances.minimum", `must be 2 or more ${PRODUCTION}, got ${minimum}`);
    }
    if (spec.cluster?.emulated) report("cluster.emulated", `must be false ${PRODUCTION}, got true`);
  },
  function servicesAreProtected({ microservices }, report) {
    if (!microservices) return;
    const { catalog, events, firewall, orders, protocol, sessions, storefront } = microservices;
    const { backupRetentionDays, finalSnapshot, iamAuthentication, multiAz, tls } = orders.database;
    const place = "microservices.orders.database";
    if (protocol === "http") {
      report("microservices.protocol", `must be "https" ${PRODUCTION}: tokens are sent along, got "http"`);
    }
    if (!firewall) report("microservices.firewall", `must be set ${PRODUCTION}, got undefined`);
    if (catalog.pointInTimeRecoveryDays < 7) {
      report(
        "microservices.catalog.pointInTimeRecoveryDays",
        `must be 7 or more ${PRODUCTION}, got ${catalog.pointInTimeRecoveryDays}`,
      );
    }
    for (const name of ["history", "fulfilment", "notifications"] as const) {
      const days = events?.[name]?.pointInTimeRecoveryDays ?? 35;
      if (days >= 7) continue;
      report(
        `microservices.events.${name}.pointInTimeRecoveryDays`,
        `must be 7 or more ${PRODUCTION}, got ${days}`,
      );
    }
    if (!multiAz) report(`${place}.multiAz`, `must be true ${PRODUCTION}, got false`);
    if (!tls) report(`${place}.tls`, `must be true ${PRODUCTION}, got false`);
    if (!finalSnapshot) report(`${place}.finalSnapshot`, `must be true ${PRODUCTION}, got false`);
    if (!iamAuthentication) report(`${place}.iamAuthentication`, `must be true ${PRODUCTION}, got false`);
    if (backupRetentionDays < 7) {
      report(`${place}.backupRetentionDays`, `must be 7 or more ${PRODUCTION}, got ${backupRetentionDays}`);
    }
    for (const [name, { cache }] of Object.entries({ sessions, storefront })) {
      const path = `microservices.${name}.cache`;
      if (cache.nodes < 2) report(`${path}.nodes`, `must be 2 or more ${PRODUCTION}, got ${cache.nodes}`);
      if (!cache.tls) report(`${path}.tls`, `must be true ${PRODUCTION}, got false`);
    }
  },
  function firewallStands({ todo, downloads }, report) {
    if (todo && !todo.api.firewall) report("todo.api.firewall", `must be set ${PRODUCTION}, got undefined`);
    if (downloads && !downloads.firewall)
      report("downloads.firewall", `must be set ${PRODUCTION}, got undefined`);
  },
  function downloadsNeedNewTls({ downloads }, report) {
    if (downloads && !downloads.domain) {
      report(
        "downloads.domain",
        `must be set ${PRODUCTION}: CloudFront's own certificate lets old TLS in, got undefined`,
      );
    }
  },
  function originSecretIsEncrypted({ downloads }, report) {
    if (downloads?.albProtocol === "http") {
      report(
        "downloads.albProtocol",
        `must be "https" ${PRODUCTION}: the load balancer's secret is sent along, got "http"`,
      );
    }
  },
  function shiftsLeaveAlarmsTime(spec, report) {
    for (const { path, minutes, shift } of trafficShifts(spec)) {
      if (minutes >= 5) continue;
      report(
        `${path}.minutes`,
        `must make 5 minutes or more of all steps ${PRODUCTION}: the function's alarms look at as many, got ${shift.minutes}`,
      );
    }
  },
  function noDevelopersMachine(spec, report) {
    const { todo, downloads } = spec;
    const urls: [string, string][] = [
      ...userPools(spec).flatMap(({ place, auth }) =>
        (["callbackUrls", "logoutUrls"] as const).flatMap((field) =>
          auth[field].map((url, i): [string, string] => [`${place}.${field}.${i}`, url]),
        ),
      ),
      ...(todo?.files.corsOrigins ?? []).map((url, i): [string, string] => [
        `todo.files.corsOrigins.${i}`,
        url,
      ]),
      ...(downloads?.corsOrigins ?? []).map((url, i): [string, string] => [
        `downloads.corsOrigins.${i}`,
        url,
      ]),
      ...(todo?.api.corsOrigin ? [["todo.api.corsOrigin", todo.api.corsOrigin] as [string, string]] : []),
    ];
    for (const [path, url] of urls) {
      if (url.startsWith("http://")) report(path, `must not be on localhost ${PRODUCTION}, got "${url}"`);
    }
  },
];
