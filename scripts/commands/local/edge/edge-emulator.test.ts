/**
 * The edge in front of the real emulator: the distribution's function, policies and origins there, an application behind a load
 * balancer, and a bucket behind origin access control.
 */
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, get, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import {
  CloudFrontClient,
  CreateCachePolicyCommand,
  CreateDistributionCommand,
  CreateFunctionCommand,
  CreateInvalidationCommand,
  CreateOriginAccessControlCommand,
  CreateResponseHeadersPolicyCommand,
  PublishFunctionCommand,
} from "@aws-sdk/client-cloudfront";
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateRuleCommand,
  CreateTargetGroupCommand,
  ElasticLoadBalancingV2Client,
  RegisterTargetsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { CreateBucketCommand, PutBucketPolicyCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { readDistributions } from "../../../internal/cdn-model";
import { behaviourOf, distributionOf, originOf, policyOf } from "../../../internal/cdn-model/fixture";
import { startTemporaryEmulator, type TemporaryEmulator } from "../../../internal/temporary-emulator";
import { type Edge, startEdge } from "./edge";
import { EmulatedDistribution } from "./emulated-distribution";

const ROOT = resolve(__dirname, "../../../..");
const SECRET = "known to CloudFront alone";
const BUCKET = "release-files";
const WWW = "https://www.example.com";
const FILE = randomBytes(3_000_000);
let emulator: TemporaryEmulator;

const clients: { destroy(): void }[] = [];
let application: Server;
let asked: string[] = [];
let albName: string;
let distributionId: string;
let cloudfront: CloudFrontClient;
let emulated: EmulatedDistribution;
let edge: Edge;

jest.setTimeout(120_000);

beforeAll(async () => {
  emulator = await startTemporaryEmulator("edge-emulator");
  const settings = {
    endpoint: emulator.endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  };
  cloudfront = new CloudFrontClient(settings);
  const s3 = new S3Client({ ...settings, forcePathStyle: true });
  const elb = new ElasticLoadBalancingV2Client(settings);
  clients.push(cloudfront, s3, elb);
  await startApplication();
  albName = await makeLoadBalancer(elb);
  await makeBucket(s3);
  const code = normaliser();
  distributionId = await makeDistribution(code);
  await allowDistribution(s3);
  emulated = new EmulatedDistribution(settings.endpoint, distributionId);
  edge = await startEdge({
    distribution: modelWith(code),
    distributionId,
    domainName: await emulated.domainName(),
    endpoint: settings.endpoint,
    folder: join(emulator.directory.path, "edge"),
    invalidations: emulated,
  });
}, 300_000);

afterAll(async () => {
  await edge?.close();
  emulated?.close();
  application?.close();
  await emulator?.stop();
  // Last: there are none after a start that failed.
  for (const client of clients) client.destroy();
});

beforeEach(() => {
  asked = [];
});

/** Stands for the application that serves downloads today. */
async function startApplication(): Promise<void> {
  application = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    if (!request.url?.startsWith("/updates/")) {
      response.writeHead(404).end("no such file");
      return;
    }
    const etag = '"v1"';
    if (request.headers["if-none-match"] === etag) {
      response.writeHead(304, { etag }).end();
      return;
    }
    response
      .writeHead(200, { etag, "content-length": FILE.length, "x-frame-options": "SAMEORIGIN" })
      .end(FILE);
  }).listen(0, "127.0.0.1");
  await once(application, "listening");
}

/** A load balancer that forwards only what has the secret. @returns its domain name */
async function makeLoadBalancer(elb: ElasticLoadBalancingV2Client): Promise<string> {
  const { LoadBalancers } = await elb.send(
    new CreateLoadBalancerCommand({
      Name: "releases",
      Subnets: ["subnet-1", "subnet-2"],
      SecurityGroups: [],
    }),
  );
  const balancer = LoadBalancers?.[0];
  const { TargetGroups } = await elb.send(
    new CreateTargetGroupCommand({
      Name: "releases",
      Port: 80,
      Protocol: "HTTP",
      TargetType: "ip",
      VpcId: "vpc-1",
    }),
  );
  const group = TargetGroups?.[0]?.TargetGroupArn;
  const { port: targetPort } = application.address() as AddressInfo;
  await elb.send(
    new RegisterTargetsCommand({ TargetGroupArn: group, Targets: [{ Id: "127.0.0.1", Port: targetPort }] }),
  );
  const { Listeners } = await elb.send(
    new CreateListenerCommand({
      LoadBalancerArn: balancer?.LoadBalancerArn,
      Port: 80,
      Protocol: "HTTP",
      DefaultActions: [{ Type: "fixed-response", FixedResponseConfig: { StatusCode: "403" } }],
    }),
  );
  await elb.send(
    new CreateRuleCommand({
      ListenerArn: Listeners?.[0]?.ListenerArn,
      Priority: 1,
      Conditions: [
        { Field: "http-header", HttpHeaderConfig: { HttpHeaderName: "x-origin-verify", Values: [SECRET] } },
      ],
      Actions: [{ Type: "forward", TargetGroupArn: group }],
    }),
  );
  return balancer?.DNSName ?? "";
}

async function makeBucket(s3: S3Client): Promise<void> {
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  for (const [key, text] of Object.entries({ "downloads/moved.txt": "moved to S3" })) {
    await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: text }));
  }
}

async function allowDistribution(s3: S3Client): Promise<void> {
  const byDistribution = {
    Effect: "Allow",
    Principal: { Service: "cloudfront.amazonaws.com" },
    Condition: {
      StringEquals: { "aws:SourceArn": `arn:aws:cloudfront::000000000000:distribution/${distributionId}` },
    },
  };
  const Statement = [
    { ...byDistribution, Action: "s3:GetObject", Resource: `arn:aws:s3:::${BUCKET}/*` },
    { ...byDistribution, Action: "s3:ListBucket", Resource: `arn:aws:s3:::${BUCKET}` },
  ];
  await s3.send(
    new PutBucketPolicyCommand({
      Bucket: BUCKET,
      Policy: JSON.stringify({ Version: "2012-10-17", Statement }),
    }),
  );
}

/** The project's own function on viewer requests, which keeps one parameter. */
function normaliser(): string {
  const text = readFileSync(join(ROOT, "envs", "testdata", "envs-prod.json"), "utf8");
  const code = readDistributions(JSON.parse(text))[0]?.behaviours[0]?.viewerRequest?.code ?? "";
  return code.replace(/"parameters":\[[^\]]*\]/, '"parameters":["channel"]');
}

async function makeDistribution(code: string): Promise<string> {
  const { ETag, FunctionSummary } = await cloudfront.send(
    new CreateFunctionCommand({
      Name: "normalise",
      FunctionConfig: { Comment: "", Runtime: "cloudfront-js-2.0" },
      FunctionCode: Buffer.from(code),
    }),
  );
  await cloudfront.send(new PublishFunctionCommand({ Name: "normalise", IfMatch: ETag }));
  const { CachePolicy } = await cloudfront.send(
    new CreateCachePolicyCommand({
      CachePolicyConfig: {
        Name: "by-channel",
        MinTTL: 0,
        DefaultTTL: 3600,
        MaxTTL: 86_400,
        ParametersInCacheKeyAndForwardedToOrigin: {
          EnableAcceptEncodingGzip: false,
          HeadersConfig: { HeaderBehavior: "none" },
          CookiesConfig: { CookieBehavior: "none" },
          QueryStringsConfig: {
            QueryStringBehavior: "whitelist",
            QueryStrings: { Quantity: 1, Items: ["channel"] },
          },
        },
      },
    }),
  );
  const { ResponseHeadersPolicy } = await cloudfront.send(
    new CreateResponseHeadersPolicyCommand({
      ResponseHeadersPolicyConfig: {
        Name: "protect",
        SecurityHeadersConfig: { FrameOptions: { FrameOption: "DENY", Override: true } },
        CorsConfig: {
          AccessControlAllowCredentials: false,
          AccessControlAllowHeaders: { Quantity: 1, Items: ["*"] },
          AccessControlAllowMethods: { Quantity: 1, Items: ["GET"] },
          AccessControlAllowOrigins: { Quantity: 1, Items: [WWW] },
          OriginOverride: true,
        },
      },
    }),
  );
  const { OriginAccessControl } = await cloudfront.send(
    new CreateOriginAccessControlCommand({
      OriginAccessControlConfig: {
        Name: "files",
        OriginAccessControlOriginType: "s3",
        SigningBehavior: "always",
        SigningProtocol: "sigv4",
      },
    }),
  );
  const { Distribution } = await cloudfront.send(
    new CreateDistributionCommand({
      DistributionConfig: {
        CallerReference: "downloads",
        Comment: "",
        Enabled: true,
        Origins: {
          Quantity: 2,
          Items: [
            {
              Id: "alb",
              DomainName: albName,
              CustomHeaders: {
                Quantity: 1,
                Items: [{ HeaderName: "x-origin-verify", HeaderValue: SECRET }],
              },
              CustomOriginConfig: { HTTPPort: 80, HTTPSPort: 443, OriginProtocolPolicy: "http-only" },
            },
            {
              Id: "s3",
              DomainName: `${BUCKET}.s3.us-east-1.amazonaws.com`,
              OriginAccessControlId: OriginAccessControl?.Id,
              S3OriginConfig: { OriginAccessIdentity: "" },
            },
          ],
        },
        OriginGroups: {
          Quantity: 1,
          Items: [
            {
              Id: "first-then-second",
              FailoverCriteria: { StatusCodes: { Quantity: 2, Items: [404, 503] } },
              Members: { Quantity: 2, Items: [{ OriginId: "alb" }, { OriginId: "s3" }] },
            },
          ],
        },
        DefaultCacheBehavior: {
          TargetOriginId: "first-then-second",
          ViewerProtocolPolicy: "redirect-to-https",
          CachePolicyId: CachePolicy?.Id,
          ResponseHeadersPolicyId: ResponseHeadersPolicy?.Id,
          FunctionAssociations: {
            Quantity: 1,
            Items: [
              { EventType: "viewer-request", FunctionARN: FunctionSummary?.FunctionMetadata?.FunctionARN },
            ],
          },
        },
      },
    }),
  );
  return Distribution?.Id ?? "";
}

/** The same distribution in the model. */
function modelWith(code: string) {
  const behaviour = behaviourOf({
    targetId: "first-then-second",
    cachePolicy: policyOf({
      defaultTtlSeconds: 3600,
      maximumTtlSeconds: 86_400,
      queryStrings: { kind: "whitelist", names: ["channel"] },
    }),
    viewerRequest: { name: "normalise", code },
    responseHeadersPolicy: {
      name: "protect",
      added: [{ name: "x-frame-options", value: "DENY", override: true }],
      removed: [],
      cors: {
        allowCredentials: false,
        allowHeaders: ["*"],
        allowMethods: ["GET"],
        allowOrigins: [WWW],
        exposeHeaders: [],
        override: true,
      },
    },
  });
  return distributionOf([behaviour], {
    origins: { alb: originOf(), s3: originOf({ id: "s3", kind: "s3" }) },
    originGroups: {
      "first-then-second": {
        id: "first-then-second",
        members: ["alb", "s3"],
        failoverStatuses: [404, 503],
      },
    },
    errorResponses: { 404: { minimumTtlSeconds: 5 } },
  });
}

async function download(path: string, headers: Record<string, string> = {}, at = edge.url) {
  const [response] = (await once(get(at + path, { headers }), "response")) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  return {
    status: response.statusCode,
    result: response.headers["x-cache"],
    headers: response.headers,
    body,
    hash: createHash("sha256").update(body).digest("hex"),
  };
}

const HIT = "Hit from cloudfront";
const MISS = "Miss from cloudfront";

test("a release comes through function, behaviour and load balancer identical, and is asked of the application once", async () => {
  const hash = createHash("sha256").update(FILE).digest("hex");
  expect(await download("/updates/v1.zip?utm=mail")).toMatchObject({ status: 200, result: MISS, hash });
  expect(await download("/updates/v1.zip?other=1")).toMatchObject({ status: 200, result: HIT, hash });
  expect(asked).toEqual(["GET /updates/v1.zip"]);
});

test("the load balancer refuses who is not CloudFront", async () => {
  const answer = await download("/updates/v1.zip", { host: albName }, emulator.endpoint);
  expect(answer.status).toBe(403);
  expect(asked).toEqual([]);
});

test("50 who ask for the same at once are one request to the application", async () => {
  const answers = await Promise.all(Array.from({ length: 50 }, () => download("/updates/v2.zip")));
  expect(answers.every(({ body }) => body.equals(FILE))).toBe(true);
  expect(asked).toEqual(["GET /updates/v2.zip"]);
});

test("ranges and conditions are answered from the cache", async () => {
  await download("/updates/v3.zip");
  asked = [];
  const part = await download("/updates/v3.zip", { range: "bytes=1000000-1999999" });
  expect(part).toMatchObject({ status: 206, result: HIT });
  expect(part.body.equals(FILE.subarray(1_000_000, 2_000_000))).toBe(true);
  expect(await download("/updates/v3.zip", { "if-none-match": '"v1"' })).toMatchObject({ status: 304 });
  expect(asked).toEqual([]);
});

test("the key holds the parameter that counts, and the application gets it as it came", async () => {
  await download("/updates/latest.json?channel=a%2Bb&x=1");
  await download("/updates/latest.json?channel=stable");
  expect(await download("/updates/latest.json?x=2&channel=a%2Bb")).toMatchObject({ result: HIT });
  expect(asked).toEqual([
    "GET /updates/latest.json?channel=a%2Bb",
    "GET /updates/latest.json?channel=stable",
  ]);
});

test("each viewer gets the headers of the policy, CORS only for the page that may read", async () => {
  for (const result of [MISS, HIT]) {
    const { headers } = await download("/updates/cors.json", { origin: WWW });
    expect(headers).toMatchObject({
      "x-cache": result,
      "x-frame-options": "DENY",
      "access-control-allow-origin": WWW,
    });
  }
  expect((await download("/updates/cors.json")).headers["access-control-allow-origin"]).toBeUndefined();
});

test("a file that the application does not have comes from the bucket, and is cached like any other", async () => {
  expect(await download("/downloads/moved.txt")).toMatchObject({
    status: 200,
    result: MISS,
    body: Buffer.from("moved to S3"),
  });
  expect(await download("/downloads/moved.txt")).toMatchObject({ result: HIT });
  expect(asked).toEqual(["GET /downloads/moved.txt"]);
  expect(await download("/downloads/nowhere.txt")).toMatchObject({
    status: 404,
    result: "Error from cloudfront",
  });
});

test("an invalidation of the distribution takes effect", async () => {
  await download("/updates/v4.zip");
  expect(await download("/updates/v4.zip")).toMatchObject({ result: HIT });
  await download("/updates/v3.zip");
  expect(await download("/updates/v3.zip")).toMatchObject({ result: HIT });
  await cloudfront.send(
    new CreateInvalidationCommand({
      DistributionId: distributionId,
      InvalidationBatch: { CallerReference: "1", Paths: { Quantity: 1, Items: ["/updates/v4*"] } },
    }),
  );
  await new Promise((done) => setTimeout(done, 300));
  expect(await download("/updates/v4.zip")).toMatchObject({ result: MISS });
  expect(await download("/updates/v3.zip")).toMatchObject({ result: HIT });
});

test("what is cached is served while the application is down", async () => {
  await download("/updates/v5.zip");
  const closed = once(application, "close");
  application.close();
  application.closeAllConnections();
  await closed;
  const answer = await download("/updates/v5.zip");
  expect(answer).toMatchObject({ status: 200, result: HIT });
  expect(answer.body.equals(FILE)).toBe(true);
});
