/** What clients, alarms and the proxy need to know of a deployed instance or cluster. */
export interface Server {
  /** Name that RDS knows it by. */
  readonly identifier: string;
  /** ARN. */
  readonly arn: string;
  /** Address that takes reads and writes. */
  readonly address: string;
  /** TCP port. */
  readonly port: number;
  /** Address that spreads connections over the replicas of a cluster. */
  readonly readerAddress?: string;
  /** Id that IAM knows it by, `db-…` or `cluster-…`: it outlives names. */
  readonly resourceId: string;
  /** ARN of the secret that RDS keeps the administrator's password in. */
  readonly masterSecretArn: string;
}

/** What both kinds are made of. */
export interface ServerParts {
  /** Group of the subnets. */
  readonly subnetGroupName: string;
  /** Group of the server. */
  readonly securityGroupId: string;
  /** Name of the last snapshot; none is taken without it. */
  readonly finalSnapshotName?: string;
}
