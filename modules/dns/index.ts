/**
 * Names in Route 53: public and private hosted zones, records with their routing, certificates that their own zone validates, health
 * checks.
 *
 * Route 53 keeps what it logs, measures and signs with in us-east-1, whatever an environment's region: what is called global here goes
 * there.
 *
 * @module
 */
export { Certificate, type CertificateConfig } from "./certificate";
export { DnsRecords, type DnsRecordsConfig } from "./dns-records";
export { HealthCheck, type HealthCheckConfig } from "./health-check";
export { PrivateZone, type PrivateZoneConfig } from "./private-zone";
export { PublicZone, type PublicZoneConfig } from "./public-zone";
export type { AliasRecord, Routing, ValueRecord } from "./record";
export { ZoneSigning, type ZoneSigningConfig } from "./zone-signing";
