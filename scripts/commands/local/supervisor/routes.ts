import { ACCOUNT } from "../settings";

/** A name that a VPC resolves, and the port of this machine that it leads to: names/preload.cjs. */
export interface Route {
  /** In lower case; `*.` at the beginning means every name below. */
  readonly host: string;
  /** @default all */
  readonly port?: number;
  /** Port of 127.0.0.1. */
  readonly to: number;
}

/** Names that AWS serves over TLS and that the emulator serves without: a certificate of the environment's own is for them. */
export const TLS_NAMES = [
  `cognito-idp.${ACCOUNT.region}.amazonaws.com`,
  `*.execute-api.${ACCOUNT.region}.amazonaws.com`,
  `*.${ACCOUNT.region}.elb.amazonaws.com`,
] as const;

/**
 * Where the names of AWS's own endpoints lead: to the emulator, which tells load balancers and APIs apart by Host header, and for
 * TLS to what stands before it.
 *
 * @param emulatorPort where the emulator listens
 * @param tlsPort where TLS is terminated for it
 */
export function awsRoutes(emulatorPort: number, tlsPort: number): Route[] {
  return [
    ...TLS_NAMES.map((host) => ({ host, port: 443, to: tlsPort })),
    { host: `*.${ACCOUNT.region}.elb.amazonaws.com`, to: emulatorPort },
  ];
}
