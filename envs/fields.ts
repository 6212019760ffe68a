import ipaddr from "ipaddr.js";
import * as z from "zod";

/**
 * Lower-case letters and digits, starting with a letter. Without hyphens, which join the parts of a name: project `a-b` in
 * environment `c` and project `a` in environment `b-c` would name their resources alike.
 */
export function word(maxLength: number) {
  return z
    .string()
    .regex(new RegExp(`^[a-z][a-z0-9]{0,${maxLength - 1}}$`), {
      error: `must be 1 to ${maxLength} lower-case letters and digits, starting with a letter`,
    })
    .refine((text) => !/aws|amazon|cognito/.test(text), {
      error: "must not hold aws, amazon or cognito, which Cognito refuses in the name of a sign-in page",
      abort: true,
    });
}

/** Lower-case letters, digits and single hyphens, starting with a letter. */
export function slug(maxLength: number) {
  return z.string().regex(new RegExp(`^(?=.{1,${maxLength}}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$`), {
    error: `must be 1 to ${maxLength} lower-case letters, digits and single hyphens, starting with a letter`,
  });
}

/** Short name of an AWS service in an endpoint's name: `secretsmanager`, `ecr.api`. */
export const serviceName = z.string().regex(/^[a-z0-9-]+(\.[a-z0-9-]+)*$/, {
  error: "must be a service's short name, like secretsmanager or ecr.api",
});

/** Whole number within bounds, both included. */
export function wholeNumber(minimum: number, maximum: number) {
  const error = `must be a whole number from ${minimum} to ${maximum}`;
  return z.int({ error }).min(minimum, { error }).max(maximum, { error });
}

/** Twelve-digit account id, as text: a leading zero counts. */
export const accountId = z.string().regex(/^\d{12}$/, { error: "must be an account id of 12 digits" });

/** Region of the standard AWS partition. */
export const region = z
  .string()
  .regex(/^(af|ap|ca|eu|il|me|mx|sa|us)(-[a-z]+)+-\d$/, { error: "must be an AWS region, like eu-west-1" });

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
export const logRetentionDays = z.literal([
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
]);

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html, without dots: they break TLS */
export const bucketName = z.string().regex(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/, {
  error: "must be a bucket name: 3 to 63 lower-case letters, digits and hyphens",
});

/** Route 53 zone. */
export const hostedZoneId = z
  .string()
  .regex(/^Z[A-Z0-9]{5,31}$/, { error: "must be a hosted zone id, like Z0123456789ABC" });

/** Fully qualified domain name, no dot at its end. */
export const domainName = z
  .string()
  .regex(/^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/, {
    error: "must be a domain name in lower case, like api.example.com",
  });

/** ACM certificate. */
export const certificateArn = z.string().regex(/^arn:aws:acm:[a-z0-9-]+:\d{12}:certificate\/[a-zA-Z0-9-]+$/, {
  error: "must be the ARN of an ACM certificate",
});

/** Secrets Manager secret, by reference. */
export const secretArn = z.string().regex(/^arn:aws:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+$/, {
  error: "must be the ARN of a Secrets Manager secret",
});

/** Address that starts with https. */
export const httpsUrl = z.url({ protocol: /^https$/, error: "must be an https URL" });

/** Scheme and host without a path, as browsers send it in `Origin`. */
export const origin = z.string().regex(/^(https:\/\/[a-z0-9.-]+|http:\/\/localhost)(:\d{1,5})?$/, {
  error: "must be one origin without a path, like https://app.example.com",
});

/** Where Cognito may send a signed-in user: https, an app's own scheme, or http on localhost. */
export const redirectUrl = z.string().refine(isRedirectUrl, {
  error: "must be an https URL, http://localhost, or an app's own scheme like acme://signed-in",
});

function isRedirectUrl(text: string): boolean {
  if (!URL.canParse(text) || text.includes("#")) return false;
  const { protocol, hostname } = new URL(text);
  if (protocol === "http:") return hostname === "localhost";
  return !["javascript:", "data:", "file:"].includes(protocol);
}

/** Private IPv4 range of a VPC; its host bits are zero. */
export const cidr = z.string().superRefine((text, context) => {
  const problem = cidrProblem(text);
  if (problem !== undefined) context.addIssue({ code: "custom", message: problem, input: text });
});

function cidrProblem(text: string): string | undefined {
  if (!ipaddr.IPv4.isValidCIDR(text)) return "must be an IPv4 range, like 10.10.0.0/16";
  const [address, bits] = ipaddr.IPv4.parseCIDR(text);
  if (address.range() !== "private") return "must lie in 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16";
  if (bits < 16 || bits > 24)
    return "must be a /16 to a /24: AWS allows no larger VPC, and subnets need room";
  const network = ipaddr.IPv4.networkAddressFromCIDR(text).toString();
  if (address.toString() !== network) return `must start at its network address, ${network}/${bits}`;
  return undefined;
}

/** Whether two valid IPv4 ranges share an address. */
export function cidrsOverlap(a: string, b: string): boolean {
  const [first, second] = [ipaddr.IPv4.parseCIDR(a), ipaddr.IPv4.parseCIDR(b)];
  const bits = Math.min(first[1], second[1]);
  return first[0].match(second[0], bits);
}
