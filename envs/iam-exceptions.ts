/** Why a wildcard stands in an IAM statement. One that matches nothing any more fails the test that reads this. */
export interface IamException {
  /** The action or resource with the wildcard. */
  readonly wildcard: RegExp;
  /** The statement's sid. @default any */
  readonly sid?: RegExp;
  /** Path of the construct below its stack. @default any */
  readonly place?: RegExp;
  /** What the statement's conditions, as JSON, must hold. @default nothing */
  readonly condition?: RegExp;
  /** Effect of the statement. @default "Allow" */
  readonly effect?: "Allow" | "Deny";
  readonly reason: string;
}

const PIPELINES = /^ci-access\//;
const TAGS = /aws:(Resource|Request)Tag\/environment/;

/** Every wildcard of every policy has its reason here. */
export const IAM_EXCEPTIONS: readonly IamException[] = [
  {
    wildcard: /\*/,
    effect: "Deny",
    reason: "A denial of more is stricter: it leaves nothing out.",
  },
  {
    wildcard: /^(kms:\*|\*)$/,
    sid: /^AdministeredByAccount$/,
    reason:
      "A key's policy hands the key to its account's IAM policies, or nobody could mend it. The resource of a key's policy is its key.",
  },
  {
    wildcard: /^\*$/,
    sid: /^UseBy/,
    place: /-key\/key\/key$/,
    reason: "The resource of a key's policy is its key.",
  },
  {
    wildcard: /^(s3|dynamodb):\*$|^\*$/,
    sid: /^OwnPrincipalsAndResources$/,
    condition: /aws:PrincipalAccount.*aws:ResourceAccount|aws:ResourceAccount.*aws:PrincipalAccount/,
    reason:
      "What may pass an endpoint, roles decide; it keeps out other accounts' principals and resources, whatever they do.",
  },
  {
    wildcard: /^arn:aws:s3:::prod-[a-z0-9-]+-starport-layer-bucket\/\*$/,
    sid: /^PullImageLayers$/,
    reason: "Layers of images are objects of ECR's own bucket, named by their digests.",
  },
  {
    wildcard: /\.arn\}(\/[a-z0-9-]+)*\/\*(\/AWSLogs\/\d{12}\/\*)?$/,
    sid: /^(Deliver|ReadByDistribution$|ReadDownloads$|DeleteTooLarge$|ReadIncoming$|WriteResults$)/,
    reason: "All objects of one bucket, or below one folder of it.",
  },
  {
    wildcard: /\/\$\$\{cognito-identity\.amazonaws\.com:sub\}\/\*$/,
    sid: /^UseOwnFolder$/,
    reason: "All files of one user's folder.",
  },
  {
    wildcard: /^\$\{aws_dynamodb_table\.[^}]+\.arn\}\/index\/\*$/,
    sid: /^ReadTable$/,
    reason: "All indexes of one table.",
  },
  {
    wildcard: /^\$\{aws_cloudwatch_log_group\.[^}]+\.arn\}:\*$/,
    reason: "All streams of one log group: services name them.",
  },
  {
    wildcard: /:log-group:RDSOSMetrics(:\*|:log-stream:\*)$/,
    sid: /^(MakeLogGroup|WriteReadings)$/,
    reason: "RDS writes all its readings into one log group, whose name it has chosen.",
  },
  {
    wildcard: /^(arn:aws:logs:[a-z0-9-]+:\d{12}:log-group:)?\*$/,
    sid: /^Find(LogGroup|SessionLog)$/,
    reason: "logs:DescribeLogGroups lists: AWS knows no single group for it.",
  },
  {
    wildcard: /^arn:aws:logs:[a-z0-9-]+:\d{12}:\*$/,
    sid: /^WriteApiLogs$/,
    reason:
      "API Gateway checks that its role may write any log of the account and region, and names execution logs itself.",
  },
  {
    wildcard: /^\*$/,
    sid: /^AttachToVpc$/,
    reason:
      "Lambda makes network interfaces, whose ids nobody knows before; another statement denies it to all but Lambda.",
  },
  {
    wildcard: /^\*$/,
    sid: /^WriteTraces$/,
    reason: "X-Ray's traces are no resources.",
  },
  {
    wildcard: /^\*$/,
    sid: /^(FindCluster|LogInToRegistry|OpenSessions)$/,
    reason: "ecs:DiscoverPollEndpoint, ecr:GetAuthorizationToken and ssmmessages know no resource.",
  },
  {
    wildcard: /:container-instance\/[a-z0-9-]+\/\*$/,
    sid: /^WorkForCluster$/,
    reason: "The instances of one cluster: ECS gives them ids when they come.",
  },
  {
    wildcard: /:function:[a-z0-9-]+:\*$/,
    sid: /^MoveAlias$/,
    reason: "The versions and aliases of one function.",
  },
  {
    wildcard: /^arn:aws:cloudwatch:[a-z0-9-]+:\d{12}:alarm:\*$/,
    sid: /^WatchAlarms$/,
    reason: "CodeDeploy asks for all alarms at once; it only reads their states.",
  },
  {
    wildcard: /^\*$/,
    place: PIPELINES,
    reason:
      "Actions that list, or for which AWS knows no resource: modules/ci-access/resource-types.test.ts holds that there are no others.",
  },
  {
    wildcard: /^arn:aws:[^:]+:\*?:(\d{12})?:[^{}]*acme[-_]/,
    place: PIPELINES,
    reason: "Names of one environment, in whatever region it has them.",
  },
  {
    wildcard: /\*/,
    place: PIPELINES,
    condition: TAGS,
    reason: "Ids that AWS gives: what carries the environment's tags, or is to carry them.",
  },
  {
    wildcard: /^arn:aws:kms:\*:\d{12}:key\/\*$/,
    place: PIPELINES,
    condition: /kms:EncryptionContext:(SecretARN|aws:states:stateMachineArn)/,
    reason:
      "Whichever key encrypts the secrets that are named, or the definitions of the environment's workflows.",
  },
  {
    wildcard: /^arn:aws:route53:::hostedzone\/\*$/,
    place: PIPELINES,
    sid: /^WriteRecords$/,
    condition: /ChangeResourceRecordSetsNormalizedRecordNames/,
    reason: "Zones are shared, and private ones made: the records are limited by their names.",
  },
  {
    wildcard: /^arn:aws:iam::\d{12}:role\/aws-service-role\/\*$/,
    place: PIPELINES,
    condition: /iam:AWSServiceName/,
    reason: "Services name the roles that they make for themselves; which services is listed.",
  },
  {
    wildcard: /^arn:aws:ec2:\*:\d{12}:\*$/,
    place: PIPELINES,
    condition: /ec2:CreateAction/,
    reason: "Tags along with what is made, by actions that have their own limits.",
  },
  {
    wildcard:
      /^arn:aws:(acm|apigateway|cloudfront|cognito-identity|cognito-idp|ec2|kms|route53|servicediscovery):/,
    place: PIPELINES,
    sid: /^(Read|Manage)/,
    reason:
      "Settings of what has ids instead of names, read by both roles. What only apply may do there, AWS can limit neither by name nor by tag.",
  },
  {
    wildcard: /^arn:aws:lambda:\*:\d{12}:event-source-mapping:\*$/,
    place: PIPELINES,
    sid: /^(Read|Manage)/,
    reason: "What invokes functions has ids; of what carries no tag of the environment, settings are read.",
  },
  { wildcard: /^\*$/, sid: /^DeliverLogs$/, reason: "Log deliveries of workflows know no resource." },
  {
    wildcard: /^arn:aws:cloudwatch:\*:\d{12}:alarm:\*$/,
    place: PIPELINES,
    reason: "cloudwatch:DescribeAlarms lists, whatever names it is given; it shows settings and states.",
  },
  {
    wildcard: /^arn:aws:(application-autoscaling|glue|logs|rds|wafv2):/,
    place: PIPELINES,
    sid: /^(Read|Manage)/,
    reason:
      "Targets of scaling, deliveries of logs, proxies' targets, option groups and rule groups of AWS's: ids, without tags that are looked at.",
  },
  {
    wildcard: /^arn:aws:secretsmanager:\*:\d{12}:secret:(rds!|Password)\*$/,
    place: PIPELINES,
    reason: "Secrets that RDS and CloudFormation make in the environment's name, and name themselves.",
  },
  {
    wildcard: /^arn:aws:ssm:\*::parameter\/aws\/service\/ecs\/\*$/,
    place: PIPELINES,
    reason: "Public parameters of AWS: the current image for instances of ECS.",
  },
  {
    wildcard: /^arn:aws:codedeploy:\*:\d{12}:deploymentconfig:CodeDeployDefault\.\*$/,
    place: PIPELINES,
    reason: "AWS's own ways of shifting.",
  },
  {
    wildcard: /^arn:aws:(ecs|elasticache|execute-api|logs|rds-db):/,
    place: /^ci-access\/workload-boundary$/,
    reason:
      "The bound of roles, not rights: what a role of the environment may do within it, its own policy says by name.",
  },
];
