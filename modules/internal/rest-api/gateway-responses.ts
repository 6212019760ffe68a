import { ApiGatewayGatewayResponse } from "@cdktf/provider-aws/lib/api-gateway-gateway-response";
import type { Construct } from "constructs";

interface Problem {
  readonly status: number;
  readonly title: string;
  /** Fixed text; without it, API Gateway's own message. */
  readonly detail?: string;
}

/** Every answer that the gateway gives by itself, as the problem it becomes. */
const PROBLEMS: Readonly<Record<string, Problem>> = {
  ACCESS_DENIED: { status: 403, title: "Forbidden" },
  AUTHORIZER_FAILURE: { status: 500, title: "Internal Server Error" },
  BAD_REQUEST_BODY: {
    status: 400,
    title: "Bad Request",
    detail: "The body is not JSON, or a field is of another type than the contract says.",
  },
  BAD_REQUEST_PARAMETERS: { status: 400, title: "Bad Request" },
  EXPIRED_TOKEN: { status: 401, title: "Unauthorized" },
  INTEGRATION_FAILURE: { status: 502, title: "Bad Gateway" },
  INTEGRATION_TIMEOUT: { status: 504, title: "Gateway Timeout" },
  // API Gateway's name for a path or method that does not exist.
  MISSING_AUTHENTICATION_TOKEN: { status: 404, title: "Not Found", detail: "No such route." },
  REQUEST_TOO_LARGE: { status: 413, title: "Content Too Large" },
  RESOURCE_NOT_FOUND: { status: 404, title: "Not Found", detail: "No such route." },
  THROTTLED: { status: 429, title: "Too Many Requests" },
  UNAUTHORIZED: {
    status: 401,
    title: "Unauthorized",
    detail: "The ID token is missing, expired or not of this user pool.",
  },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, title: "Unsupported Media Type" },
  WAF_FILTERED: { status: 403, title: "Forbidden", detail: "Refused by the firewall." },
  // The gateway's own message can quote the Authorization header, as it does for an unknown route.
  DEFAULT_4XX: { status: 400, title: "Bad Request", detail: "The gateway refused the request." },
  DEFAULT_5XX: { status: 500, title: "Internal Server Error" },
};

/** The same where IAM authorises operations. */
const IAM_PROBLEMS: typeof PROBLEMS = {
  ...PROBLEMS,
  // The gateway's own message holds the request's headers, as they should have been signed.
  INVALID_SIGNATURE: { status: 403, title: "Forbidden", detail: "The signature is wrong." },
  // Without a signature the gateway looks no further.
  MISSING_AUTHENTICATION_TOKEN: {
    status: 404,
    title: "Not Found",
    detail: "No such route, or one that asks for a signature.",
  },
};

/**
 * Gives the gateway's own errors the shape of the API's: problem details, RFC 9457.
 *
 * @param iam some operations are authorised by IAM
 * @param corsOrigin value of Access-Control-Allow-Origin, so that a browser may read the error. @default no header
 * @param always headers that every answer of the API has, and that a browser may read. @default none
 * @returns the responses, which the deployment must follow
 */
export function addGatewayResponses(
  scope: Construct,
  restApiId: string,
  iam: boolean,
  corsOrigin?: string,
  always: Readonly<Record<string, string>> = {},
): ApiGatewayGatewayResponse[] {
  return Object.entries(iam ? IAM_PROBLEMS : PROBLEMS).map(
    ([responseType, problem]) =>
      new ApiGatewayGatewayResponse(scope, responseType.toLowerCase().replaceAll("_", "-"), {
        restApiId,
        responseType,
        statusCode: String(problem.status),
        responseTemplates: { "application/json": template(problem) },
        responseParameters: responseHeaders(problem, corsOrigin, always),
      }),
  );
}

function responseHeaders(
  problem: Problem,
  corsOrigin: string | undefined,
  always: Readonly<Record<string, string>>,
): Record<string, string> {
  const readable = Object.keys(always);
  const headers: Record<string, string> = {
    "Content-Type": "application/problem+json",
    "Cache-Control": "no-store",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    ...(problem.status === 429 && { "Retry-After": "1" }),
    ...(problem.status === 401 && { "WWW-Authenticate": "Bearer" }),
    ...(corsOrigin !== undefined && { "Access-Control-Allow-Origin": corsOrigin, Vary: "Origin" }),
    ...(corsOrigin !== undefined &&
      readable.length > 0 && { "Access-Control-Expose-Headers": readable.join(",") }),
    ...always,
  };
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [`gatewayresponse.header.${name}`, `'${value}'`]),
  );
}

/** Only simple variables work in a gateway response; `messageString` comes with its quotes. */
function template({ status, title, detail }: Problem): string {
  const text = detail === undefined ? "$context.error.messageString" : JSON.stringify(detail);
  return (
    `{"type":"about:blank","title":${JSON.stringify(title)},"status":${status},` +
    `"detail":${text},"requestId":"$context.requestId"}`
  );
}
