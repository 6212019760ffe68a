/**
 * Sign-up and sign-in: a Cognito user pool that issues tokens, its client for the mobile app, its sign-in pages, federation
 * with OIDC and SAML providers, groups, and the identity pool that exchanges an ID token for temporary AWS credentials.
 *
 * **Custom attributes** can be added to a pool and neither renamed, changed nor removed: Cognito has no call for it. AWS provider
 * 5.100.0 does not replace the pool for such a change; it applies the rest of the update and then fails with `cannot modify or
 * remove schema items` (`resourceUserPoolUpdate`). Here the plan fails before, and names what is missing: the attributes that
 * the pool really has are read and compared with `customAttributes`. To rename one, add the new name, leave the old one in the
 * list, and move the values over. Against everything else that would replace or destroy the pool stand `prevent_destroy` and
 * Cognito's own deletion protection, both by `deletionProtection`.
 *
 * **Secrets.** The client secret of an OIDC provider is read from Secrets Manager by Terraform: neither the configuration nor
 * the synthesised JSON holds it. The state does, as it does every argument of a resource; the state is encrypted and its bucket
 * private. A new secret value reaches Cognito with the next deployment.
 *
 * **Roles.** A user's credentials are those of the role of their strongest group that has statements of its own, else of the
 * authenticated role. A group's role may all that the authenticated role may, and more.
 *
 * @module
 */
export { CognitoAuth } from "./cognito-auth";
export type {
  CognitoAuthConfig,
  CustomAttribute,
  OidcProvider,
  SamlProvider,
  Scope,
  UserGroup,
} from "./config";
