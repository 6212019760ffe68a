import { CloudfrontFunction } from "@cdktf/provider-aws/lib/cloudfront-function";
import type { Construct } from "constructs";
import type { CdnDownloadsConfig } from "./config";
import type { EdgeFunctions } from "./edge-sources";
import type { PathClass } from "./path-classes";

/** What `normalise-request.js` is told. */
interface NormaliserSettings {
  /** Query parameters that are kept, in their order. */
  readonly parameters: readonly string[];
  /** Extensions that are lower-cased. */
  readonly extensions: readonly string[];
  /** Whose preflight requests are answered. Without any, preflights go to the origin. */
  readonly corsOrigins: readonly string[];
}

/** CloudFront's limit: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html */
const MAXIMUM_BYTES = 10_240;

/** What a signed URL carries in its query: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-signed-urls.html */
const SIGNATURE_PARAMETERS = ["Expires", "Key-Pair-Id", "Policy", "Signature"];

/**
 * Code of the function that normalises the requests of one class.
 *
 * @throws Error naming the class whose settings make the code larger than CloudFront takes
 */
export function normaliserCode(
  { normaliseRequest }: EdgeFunctions,
  pathClass: PathClass,
  lowerCasedExtensions: readonly string[],
  corsOrigins: readonly string[],
): string {
  const settings: NormaliserSettings = {
    parameters: [
      ...(pathClass.cacheKeyQueryStrings ?? []),
      ...(pathClass.signed ? SIGNATURE_PARAMETERS : []),
    ].sort(),
    // A signature is of the URL as it was given out.
    extensions: pathClass.signed ? [] : [...lowerCasedExtensions].sort(),
    corsOrigins,
  };
  const code = `const SETTINGS = ${JSON.stringify(settings)};\n\n${normaliseRequest}`;
  const bytes = Buffer.byteLength(code);
  if (bytes > MAXIMUM_BYTES) {
    throw new Error(
      `path class "${pathClass.name}": its function must be of ${MAXIMUM_BYTES} bytes or fewer, got ${bytes}; ` +
        "name fewer cacheKeyQueryStrings, lowerCasedExtensions or corsOrigins",
    );
  }
  return code;
}

/** Adds the function of one class. @returns its ARN */
export function addNormaliser(scope: Construct, config: CdnDownloadsConfig, pathClass: PathClass): string {
  return addFunction(
    scope,
    config,
    `normalise-${pathClass.name}`,
    `Requests for ${pathClass.pathPattern}: one form for what means the same.`,
    normaliserCode(
      config.edgeFunctions,
      pathClass,
      config.lowerCasedExtensions ?? [],
      config.corsOrigins ?? [],
    ),
  );
}

/** Adds the function that answers what is not served. @returns its ARN */
export function addRefusal(scope: Construct, config: CdnDownloadsConfig): string {
  return addFunction(
    scope,
    config,
    "refuse",
    "Answers 404 to what is not served.",
    config.edgeFunctions.refuseRequest,
  );
}

function addFunction(
  scope: Construct,
  { label }: CdnDownloadsConfig,
  name: string,
  comment: string,
  code: string,
): string {
  return new CloudfrontFunction(scope, name, {
    name: label.name(`downloads-${name}`),
    comment,
    runtime: "cloudfront-js-2.0",
    // Terraform would otherwise take `${` for a reference of its own.
    code: code.replaceAll("${", () => "$${"),
    publish: true,
    // CloudFront removes no function that a behaviour still names.
    lifecycle: { createBeforeDestroy: true },
  }).arn;
}
