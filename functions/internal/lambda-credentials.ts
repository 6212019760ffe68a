/** What an AWS client signs with. */
interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/**
 * Stands in for `@aws-sdk/credential-provider-node` in function bundles: modules/internal/function-bundle puts it there.
 *
 * Lambda gives a function its role's credentials in the environment and in no other way. The SDK's own provider also brings
 * what reads them from files, SSO, STS and the metadata service: a third of the bundle, none of it ever used.
 *
 * @throws Error, when called back, if the environment holds none
 */
export function defaultProvider(): () => Promise<Credentials> {
  return async () => {
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
    if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) {
      throw new Error("environment: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY must be set, got nothing");
    }
    return {
      accessKeyId: AWS_ACCESS_KEY_ID,
      secretAccessKey: AWS_SECRET_ACCESS_KEY,
      ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }),
    };
  };
}
