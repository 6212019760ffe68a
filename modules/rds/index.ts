/**
 * A relational database in isolated subnets: an Aurora cluster or a single instance of PostgreSQL, MySQL or MariaDB, chosen by
 * `engine`. Encrypted at rest and in transit, over two zones, backed up, observed and alarmed on, reached only by members of its client
 * security group.
 *
 * **Who connects how.** The administrator's password is RDS's own: made, kept in Secrets Manager and rotated by it, so that no file and
 * no state holds it. It is for migrations. A service connects as a user of its own by IAM (`connectStatements`), with a token that is
 * signed for each connection and lives for 15 minutes; it has no password at all. Plain connections are refused by the server.
 *
 * **Versions.** A major version is kept up to date by AWS in the maintenance window. To move to the next major one, set
 * `allowMajorVersionUpgrade` and `engineVersion` together; the parameters of the new family are made beside the old.
 *
 * **Replicas** are Aurora's alone: RDS makes none of an instance whose password it keeps.
 *
 * **Restoring.** To see what a snapshot or an earlier second holds, make a second database under another `name` with
 * `snapshotIdentifier`, or `restoreSourceIdentifier` and `restoreTime`, and leave the first alone. To put it in the place of the first,
 * give it to its clients and remove the first when nobody asks it any more. What is restored has the names of its source:
 * `databaseName` and `masterUsername` must say the same.
 *
 * **When it is destroyed**, AWS takes a last snapshot, under a name that no other has, and keeps the automatic backups for their time.
 *
 * **RDS Proxy** is made where `proxySecretArns` names the users that connect by it. Clients sign in to it by IAM; it signs in to the
 * database with those secrets.
 *
 * @module
 */
export type { RdsConfig, RdsEngine } from "./config";
export { Rds } from "./rds";
