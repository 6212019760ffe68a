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
  function mailIsSent({ todo }, report) {
    if (todo && todo.auth.sesIdentityArn === undefined) {
      report(
        "todo.auth.sesIdentityArn",
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
  function noDevelopersMachine({ todo, downloads }, report) {
    const urls: [string, string][] = [
      ...(todo?.auth.callbackUrls ?? []).map((url, i): [string, string] => [
        `todo.auth.callbackUrls.${i}`,
        url,
      ]),
      ...(todo?.auth.logoutUrls ?? []).map((url, i): [string, string] => [`todo.auth.logoutUrls.${i}`, url]),
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
