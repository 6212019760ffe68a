/** What clients, grants and alarms need to know of a deployed cache. */
export interface Cache {
  /** Name that ElastiCache knows it by. */
  readonly cacheName: string;
  /** ARN. */
  readonly arn: string;
  /** Address that takes reads and writes, or that tells clients of the nodes. */
  readonly address: string;
  /** TCP port of that address. */
  readonly port: number;
  /** Address that spreads reads over the replicas. */
  readonly readerAddress?: string;
  /** TCP port of that address. */
  readonly readerPort?: number;
}

/** What every kind is made of. */
export interface CacheParts {
  /** Group of the cache. */
  readonly securityGroupId: string;
  /** Who may sign in; nobody has to without it. */
  readonly userGroupId?: string;
}
