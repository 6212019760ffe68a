import type * as z from "zod";
import type { auth as authSpec } from "./auth-spec";
import { checkArn, reportRepeated } from "./report";
import type { EnvironmentSpec } from "./spec";
import type { Report, Rule } from "./violation";

type Auth = z.output<typeof authSpec>;
/** Reports what breaks it, by paths below the user pool's. */
type AuthRule = (auth: Auth, account: EnvironmentSpec["account"], report: Report) => void;

/** https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-attributes.html */
const STANDARD_ATTRIBUTES = [
  ...["address", "birthdate", "email", "email_verified", "family_name", "gender", "given_name", "locale"],
  ...["middle_name", "name", "nickname", "phone_number", "phone_number_verified", "picture"],
  ...["preferred_username", "profile", "updated_at", "website", "zoneinfo"],
];

const RULES: readonly AuthRule[] = [
  function certificateInVirginia({ domain }, account, report) {
    // CloudFront serves the sign-in page, and reads certificates there alone.
    checkArn(domain?.certificateArn, "us-east-1", account.id, (message) =>
      report("domain.certificateArn", message),
    );
  },
  function secretsInAccount({ oidcProviders }, account, report) {
    oidcProviders.forEach(({ clientSecretArn }, index) => {
      checkArn(clientSecretArn, account.region, account.id, (message) =>
        report(`oidcProviders.${index}.clientSecretArn`, message),
      );
    });
  },
  function samlHasOneSource({ samlProviders }, _, report) {
    samlProviders.forEach(({ metadataUrl, metadataFile }, index) => {
      if ((metadataUrl === undefined) === (metadataFile === undefined)) {
        const got = metadataUrl === undefined ? "neither" : "both";
        report(`samlProviders.${index}`, `must have one of metadataUrl and metadataFile, got ${got}`);
      }
    });
  },
  function federatedUsersHaveEmail(auth, _, report) {
    for (const { path, attributeMapping } of mappings(auth)) {
      if (attributeMapping["email"] !== undefined) continue;
      report(path, `must map email, which every user has, got ${JSON.stringify(attributeMapping)}`);
    }
  },
  function namesAreUnique({ oidcProviders, samlProviders, groups, customAttributes }, _, report) {
    const providers = [...named("oidcProviders", oidcProviders), ...named("samlProviders", samlProviders)];
    reportRepeated(providers, report);
    for (const { name, path } of providers) {
      if (name.toLowerCase() === "cognito") report(path, `must not be Cognito's own name, got "${name}"`);
    }
    reportRepeated(named("groups", groups), report);
    reportRepeated(named("customAttributes", customAttributes), report);
  },
  function attributesExist(auth, _, report) {
    const custom = auth.customAttributes.map(({ name }) => `custom:${name}`);
    for (const { path, attributeMapping } of mappings(auth)) {
      for (const attribute of Object.keys(attributeMapping)) {
        if (STANDARD_ATTRIBUTES.includes(attribute) || custom.includes(attribute)) continue;
        report(
          `${path}.${attribute}`,
          "is no attribute of the pool: use a standard one, or custom:<name> of customAttributes",
        );
      }
    }
  },
  function sendersAreComplete({ sesIdentityArn, senderEmail, threatProtection }, account, report) {
    if (sesIdentityArn !== undefined && sesIdentityArn.split(":")[4] !== account.id) {
      report("sesIdentityArn", `must be in account ${account.id}, got "${sesIdentityArn}"`);
    }
    if (senderEmail !== undefined && sesIdentityArn === undefined) {
      report(
        "sesIdentityArn",
        "must be set when senderEmail is: Cognito's own sender has one address, got undefined",
      );
    }
    if (threatProtection === "enforced" && sesIdentityArn === undefined) {
      report(
        "sesIdentityArn",
        'must be set when threatProtection is "enforced": Cognito warns users by mail, got undefined',
      );
    }
  },
  function refreshOutlivesAccess({ accessTokenMinutes, refreshTokenDays }, _, report) {
    if (refreshTokenDays * 24 * 60 > accessTokenMinutes) return;
    report(
      "refreshTokenDays",
      `must be longer than accessTokenMinutes (${accessTokenMinutes}), got ${refreshTokenDays}`,
    );
  },
];

/** What holds of the sign-up and sign-in of each system that has its own. */
export const AUTH_RULES: readonly Rule[] = RULES.map((rule) => (spec: EnvironmentSpec, report: Report) => {
  for (const { place, auth } of userPools(spec)) {
    rule(auth, spec.account, (path, message) => report(`${place}.${path}`, message));
  }
});

/** Sign-up and sign-in of an environment, and where its specification has it. */
export function userPools({ todo, microservices }: EnvironmentSpec): { place: string; auth: Auth }[] {
  return [
    ...(todo ? [{ place: "todo.auth", auth: todo.auth }] : []),
    ...(microservices?.auth ? [{ place: "microservices.auth", auth: microservices.auth }] : []),
  ];
}

function mappings(auth: Auth) {
  return (["oidcProviders", "samlProviders"] as const).flatMap((kind) =>
    auth[kind].map(({ attributeMapping }, index) => ({
      path: `${kind}.${index}.attributeMapping`,
      attributeMapping,
    })),
  );
}

function named(field: string, items: readonly { readonly name: string }[]) {
  return items.map(({ name }, index) => ({ name, path: `${field}.${index}.name` }));
}
