import { CognitoIdentityPool } from "@cdktf/provider-aws/lib/cognito-identity-pool";
import { CognitoIdentityPoolRolesAttachment } from "@cdktf/provider-aws/lib/cognito-identity-pool-roles-attachment";
import { CognitoUserGroup } from "@cdktf/provider-aws/lib/cognito-user-group";
import type { CognitoUserPool } from "@cdktf/provider-aws/lib/cognito-user-pool";
import type { CognitoUserPoolClient } from "@cdktf/provider-aws/lib/cognito-user-pool-client";
import { Construct } from "constructs";
import { type PolicyStatement, Role, type TrustStatement } from "../internal/iam";
import { type CognitoAuthConfig, thingName } from "./config";

/** IAM takes no policy without a statement. */
const NOTHING: PolicyStatement = { sid: "Nothing", effect: "Deny", actions: ["*"], resources: ["*"] };

/** The identity pool of an environment and what its identities may do. */
export interface IdentityPool {
  readonly id: string;
  /** Role of users whose groups have none. */
  readonly authenticatedRole: Role;
}

/** Adds the identity pool, its roles, and the groups that roles are chosen by. */
export function addIdentityPool(
  scope: Construct,
  pool: CognitoUserPool,
  client: CognitoUserPoolClient,
  config: CognitoAuthConfig,
): IdentityPool {
  const identityPool = new CognitoIdentityPool(scope, "identity-pool", {
    identityPoolName: config.label.name(thingName(config, "identities"), 128),
    allowUnauthenticatedIdentities: false,
    // The classic flow lets the caller choose the role, and a session that outlives the token.
    allowClassicFlow: false,
    cognitoIdentityProviders: [
      // The check on the server refuses tokens of users who were signed out, disabled or deleted.
      { providerName: pool.endpoint, clientId: client.id, serverSideTokenCheck: true },
    ],
    // New identities for everybody would leave everybody's files behind.
    lifecycle: { preventDestroy: config.deletionProtection },
  });
  const trust = [identityPoolTrust(identityPool.id)];
  const common = config.authenticatedStatements ?? [];
  const authenticatedRole = new Role(scope, "authenticated-role", {
    name: config.label.name(thingName(config, "authenticated")),
    trust,
    statements: common.length > 0 ? common : [NOTHING],
  });
  const groups = config.groups ?? [];
  for (const { name, description, precedence, statements } of groups) {
    const here = new Construct(scope, `group-${name}`);
    const role =
      statements &&
      new Role(here, "role", {
        name: config.label.name(thingName(config, `group-${name}`)),
        trust,
        statements: [...common, ...statements],
      });
    new CognitoUserGroup(here, "group", {
      userPoolId: pool.id,
      name,
      description,
      precedence,
      ...(role && { roleArn: role.arn }),
    });
  }
  const byGroup = groups.some(({ statements }) => statements !== undefined);
  new CognitoIdentityPoolRolesAttachment(scope, "roles", {
    identityPoolId: identityPool.id,
    roles: { authenticated: authenticatedRole.arn },
    ...(byGroup && {
      roleMapping: [
        {
          identityProvider: `${pool.endpoint}:${client.id}`,
          type: "Token",
          ambiguousRoleResolution: "AuthenticatedRole",
        },
      ],
    }),
  });
  return { id: identityPool.id, authenticatedRole };
}

/**
 * Only this identity pool, and only for identities that proved who they are.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/role-trust-and-permissions.html
 */
function identityPoolTrust(identityPoolId: string): TrustStatement {
  return {
    principals: { Federated: "cognito-identity.amazonaws.com" },
    actions: ["sts:AssumeRoleWithWebIdentity"],
    conditions: {
      StringEquals: { "cognito-identity.amazonaws.com:aud": identityPoolId },
      "ForAnyValue:StringLike": { "cognito-identity.amazonaws.com:amr": "authenticated" },
    },
  };
}
