import { type Access, type AccessTable, ANYWHERE } from "./access";

const DATABASES = ["cluster", "cluster-pg", "cluster-snapshot", "db", "pg", "snapshot", "subgrp"].map(
  (kind) => `arn:aws:rds:*:{account}:${kind}:{prefix}-*`,
);
/** Replication groups hold clusters, serverless caches have snapshots of their own. */
const CACHES = [
  ...["cluster", "parametergroup", "replicationgroup", "serverlesscache", "serverlesscachesnapshot"],
  ...["snapshot", "subnetgroup", "user", "usergroup"],
].map((kind) => `arn:aws:elasticache:*:{account}:${kind}:{prefix40}*`);

/** RDS, ElastiCache and DAX are asked for lists that are filtered afterwards, or by ids that hold no name. */
const listed = (...read: readonly string[]): Access => ({ on: ANYWHERE, read });

const DATABASE_TAGS: Access = {
  on: DATABASES,
  manage: ["rds:AddTagsToResource", "rds:RemoveTagsFromResource"],
};
const CACHE_TAGS: Access = {
  on: CACHES,
  manage: ["elasticache:AddTagsToResource", "elasticache:RemoveTagsFromResource"],
};

const DATABASE: readonly Access[] = [
  listed("rds:DescribeDBClusters", "rds:DescribeDBInstances", "rds:ListTagsForResource"),
  DATABASE_TAGS,
  {
    on: DATABASES,
    manage: [
      "rds:CreateDBInstance",
      "rds:CreateDBSnapshot",
      "rds:DeleteDBInstance",
      "rds:ModifyDBInstance",
      "rds:RebootDBInstance",
    ],
  },
  { on: ["arn:aws:rds:*:{account}:og:default:*"], manage: ["rds:CreateDBInstance", "rds:ModifyDBInstance"] },
  // RDS makes the master user's secret in the name of whoever asks for the database.
  {
    on: ["arn:aws:secretsmanager:*:{account}:secret:rds!*"],
    manage: ["secretsmanager:CreateSecret", "secretsmanager:RotateSecret", "secretsmanager:TagResource"],
  },
];

/** Tables, databases and caches: their settings, not what is in them. */
export const DATA: AccessTable = {
  aws_dynamodb_table: [
    {
      on: ["arn:aws:dynamodb:*:{account}:table/{prefix}-*"],
      read: [
        "dynamodb:DescribeContinuousBackups",
        "dynamodb:DescribeTable",
        "dynamodb:DescribeTimeToLive",
        "dynamodb:ListTagsOfResource",
      ],
      manage: [
        "dynamodb:CreateTable",
        "dynamodb:DeleteTable",
        "dynamodb:TagResource",
        "dynamodb:UntagResource",
        "dynamodb:UpdateContinuousBackups",
        "dynamodb:UpdateTable",
        "dynamodb:UpdateTimeToLive",
      ],
    },
    // Of the key that AWS would use without ours, to tell them apart.
    { on: ["arn:aws:kms:*:{account}:key/*"], read: ["kms:DescribeKey"] },
  ],
  aws_dax_cluster: [
    {
      on: ["arn:aws:dax:*:{account}:cache/{prefix20}*"],
      read: ["dax:DescribeClusters", "dax:ListTags"],
      manage: [
        "dax:CreateCluster",
        "dax:DecreaseReplicationFactor",
        "dax:DeleteCluster",
        "dax:IncreaseReplicationFactor",
        "dax:TagResource",
        "dax:UntagResource",
        "dax:UpdateCluster",
      ],
    },
  ],
  aws_dax_parameter_group: [
    {
      on: ANYWHERE,
      read: ["dax:DescribeParameterGroups", "dax:DescribeParameters"],
      manage: ["dax:CreateParameterGroup", "dax:DeleteParameterGroup", "dax:UpdateParameterGroup"],
    },
  ],
  aws_dax_subnet_group: [
    {
      on: ANYWHERE,
      read: ["dax:DescribeSubnetGroups"],
      manage: ["dax:CreateSubnetGroup", "dax:DeleteSubnetGroup", "dax:UpdateSubnetGroup"],
    },
  ],
  aws_db_instance: DATABASE,
  aws_rds_cluster_instance: DATABASE,
  aws_rds_cluster: [
    listed("rds:DescribeDBClusters", "rds:DescribeGlobalClusters", "rds:ListTagsForResource"),
    DATABASE_TAGS,
    {
      on: DATABASES,
      manage: [
        "rds:CreateDBCluster",
        "rds:CreateDBClusterSnapshot",
        "rds:DeleteDBCluster",
        "rds:ModifyDBCluster",
      ],
    },
    { on: ["arn:aws:rds:*:{account}:og:default:*"], manage: ["rds:CreateDBCluster", "rds:ModifyDBCluster"] },
    {
      on: ["arn:aws:secretsmanager:*:{account}:secret:rds!*"],
      manage: ["secretsmanager:CreateSecret", "secretsmanager:RotateSecret", "secretsmanager:TagResource"],
    },
  ],
  aws_db_parameter_group: [
    listed("rds:DescribeDBParameterGroups", "rds:DescribeDBParameters", "rds:ListTagsForResource"),
    DATABASE_TAGS,
    {
      on: DATABASES,
      manage: [
        "rds:CreateDBParameterGroup",
        "rds:DeleteDBParameterGroup",
        "rds:ModifyDBParameterGroup",
        "rds:ResetDBParameterGroup",
      ],
    },
  ],
  aws_rds_cluster_parameter_group: [
    listed(
      "rds:DescribeDBClusterParameterGroups",
      "rds:DescribeDBClusterParameters",
      "rds:ListTagsForResource",
    ),
    DATABASE_TAGS,
    {
      on: DATABASES,
      manage: [
        "rds:CreateDBClusterParameterGroup",
        "rds:DeleteDBClusterParameterGroup",
        "rds:ModifyDBClusterParameterGroup",
        "rds:ResetDBClusterParameterGroup",
      ],
    },
  ],
  aws_db_subnet_group: [
    listed("rds:DescribeDBSubnetGroups", "rds:ListTagsForResource"),
    DATABASE_TAGS,
    {
      on: DATABASES,
      manage: ["rds:CreateDBSubnetGroup", "rds:DeleteDBSubnetGroup", "rds:ModifyDBSubnetGroup"],
    },
  ],
  // A proxy and its target group have ids.
  aws_db_proxy: [
    listed("rds:DescribeDBProxies", "rds:ListTagsForResource"),
    { on: ANYWHERE, tags: "request", manage: ["rds:CreateDBProxy"] },
    {
      on: ["arn:aws:rds:*:{account}:db-proxy:*"],
      tags: "resource",
      manage: ["rds:DeleteDBProxy", "rds:ModifyDBProxy"],
    },
    {
      on: ["arn:aws:rds:*:{account}:db-proxy:*"],
      tags: "others",
      manage: ["rds:AddTagsToResource", "rds:RemoveTagsFromResource"],
    },
  ],
  aws_db_proxy_default_target_group: [
    listed("rds:DescribeDBProxyTargetGroups"),
    { on: ["arn:aws:rds:*:{account}:target-group:*"], manage: ["rds:ModifyDBProxyTargetGroup"] },
  ],
  aws_db_proxy_target: [
    listed("rds:DescribeDBProxyTargets"),
    {
      on: ["arn:aws:rds:*:{account}:target-group:*", "arn:aws:rds:*:{account}:db-proxy:*", ...DATABASES],
      manage: ["rds:DeregisterDBProxyTargets", "rds:RegisterDBProxyTargets"],
    },
  ],
  aws_elasticache_replication_group: [
    listed(
      "elasticache:DescribeCacheClusters",
      "elasticache:DescribeGlobalReplicationGroups",
      "elasticache:DescribeReplicationGroups",
      "elasticache:ListTagsForResource",
    ),
    CACHE_TAGS,
    {
      on: CACHES,
      manage: [
        "elasticache:CreateReplicationGroup",
        "elasticache:CreateSnapshot",
        "elasticache:DecreaseReplicaCount",
        "elasticache:DeleteReplicationGroup",
        "elasticache:IncreaseReplicaCount",
        "elasticache:ModifyReplicationGroup",
        "elasticache:ModifyReplicationGroupShardConfiguration",
      ],
    },
  ],
  aws_elasticache_cluster: [
    listed("elasticache:DescribeCacheClusters", "elasticache:ListTagsForResource"),
    CACHE_TAGS,
    {
      on: CACHES,
      manage: [
        "elasticache:CreateCacheCluster",
        "elasticache:DeleteCacheCluster",
        "elasticache:ModifyCacheCluster",
      ],
    },
  ],
  aws_elasticache_serverless_cache: [
    listed("elasticache:DescribeServerlessCaches", "elasticache:ListTagsForResource"),
    CACHE_TAGS,
    {
      on: CACHES,
      manage: [
        "elasticache:CreateServerlessCache",
        "elasticache:DeleteServerlessCache",
        "elasticache:ModifyServerlessCache",
      ],
    },
  ],
  aws_elasticache_parameter_group: [
    listed(
      "elasticache:DescribeCacheParameterGroups",
      "elasticache:DescribeCacheParameters",
      "elasticache:ListTagsForResource",
    ),
    CACHE_TAGS,
    {
      on: CACHES,
      manage: [
        "elasticache:CreateCacheParameterGroup",
        "elasticache:DeleteCacheParameterGroup",
        "elasticache:ModifyCacheParameterGroup",
        "elasticache:ResetCacheParameterGroup",
      ],
    },
  ],
  aws_elasticache_subnet_group: [
    listed("elasticache:DescribeCacheSubnetGroups", "elasticache:ListTagsForResource"),
    CACHE_TAGS,
    {
      on: CACHES,
      manage: [
        "elasticache:CreateCacheSubnetGroup",
        "elasticache:DeleteCacheSubnetGroup",
        "elasticache:ModifyCacheSubnetGroup",
      ],
    },
  ],
  aws_elasticache_user: [
    listed("elasticache:DescribeUsers", "elasticache:ListTagsForResource"),
    CACHE_TAGS,
    {
      on: CACHES,
      manage: ["elasticache:CreateUser", "elasticache:DeleteUser", "elasticache:ModifyUser"],
    },
  ],
  aws_elasticache_user_group: [
    listed("elasticache:DescribeUserGroups", "elasticache:ListTagsForResource"),
    CACHE_TAGS,
    {
      on: CACHES,
      manage: ["elasticache:CreateUserGroup", "elasticache:DeleteUserGroup", "elasticache:ModifyUserGroup"],
    },
  ],
};
