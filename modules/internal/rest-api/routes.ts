import { ApiGatewayIntegration } from "@cdktf/provider-aws/lib/api-gateway-integration";
import { ApiGatewayIntegrationResponse } from "@cdktf/provider-aws/lib/api-gateway-integration-response";
import { ApiGatewayMethod } from "@cdktf/provider-aws/lib/api-gateway-method";
import { ApiGatewayMethodResponse } from "@cdktf/provider-aws/lib/api-gateway-method-response";
import { ApiGatewayModel } from "@cdktf/provider-aws/lib/api-gateway-model";
import { ApiGatewayRequestValidator } from "@cdktf/provider-aws/lib/api-gateway-request-validator";
import { ApiGatewayResource } from "@cdktf/provider-aws/lib/api-gateway-resource";
import type { TerraformResource } from "cdktf";
import { Construct } from "constructs";
import type { LambdaFunction } from "../lambda-function";
import type { Contract, Operation } from "./contract";
import { gatewayModel } from "./gateway-model";

/** The header that names the user; part of every cache key. */
const AUTHORIZATION = "method.request.header.Authorization";

/**
 * Never part of a cache key: `max-age=0` is to refresh the entry that requests without it are answered from.
 *
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-caching.html
 */
const CACHE_CONTROL = "method.request.header.Cache-Control";

/** Milliseconds that the gateway waits for a function: the longest there is, as the function's own time-out is shorter. */
const INTEGRATION_TIMEOUT = 29_000;

/**
 * Construct id of every path parameter, whatever its name: there is one at most below a resource, and a literal part has no braces.
 * So a parameter renamed in the contract is a resource changed in place. As another resource, it could not be made before the old one
 * is gone, and Terraform has no reason to wait.
 */
const PARAMETER = "{parameter}";

/** What the routes of an API need. */
export interface RoutesConfig {
  readonly restApiId: string;
  readonly rootResourceId: string;
  readonly authorizerId: string;
  readonly contract: Contract;
  readonly functions: Readonly<Record<string, LambdaFunction>>;
  /** @default no preflight routes */
  readonly corsOrigin?: string;
  /** Headers that answers to preflights have besides their own. @default none */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Adds resources, methods, models and integrations for every operation of the contract.
 *
 * @returns all that was added, which the deployment copies
 */
export function addRoutes(scope: Construct, config: RoutesConfig): TerraformResource[] {
  const validator = new ApiGatewayRequestValidator(scope, "validator", {
    restApiId: config.restApiId,
    name: "parameters-and-body",
    validateRequestParameters: true,
    validateRequestBody: true,
  });
  const resources = new ResourceTree(scope, config);
  const added: TerraformResource[] = [validator];
  for (const operation of config.contract.operations) {
    const place = resources.at(operation.path);
    added.push(...addOperation(place.scope, operation, { ...config, ...place, validatorId: validator.id }));
  }
  if (config.corsOrigin !== undefined) {
    // No page signs requests.
    const ofUsers = config.contract.operations.filter(({ authorization }) => authorization === "userPool");
    for (const [path, operations] of operationsByPath(ofUsers)) {
      const place = resources.at(path);
      added.push(...addPreflight(place.scope, operations, config.corsOrigin, { ...config, ...place }));
    }
  }
  return [...resources.added, ...added];
}

interface Place {
  readonly scope: Construct;
  readonly resourceId: string;
}

/** Resources by path, each made once: `/todos/{id}` is `{id}` below `todos`. */
class ResourceTree {
  readonly added: ApiGatewayResource[] = [];
  private readonly places = new Map<string, Place>();

  constructor(
    scope: Construct,
    private readonly config: RoutesConfig,
  ) {
    this.places.set("", { scope, resourceId: config.rootResourceId });
  }

  at(path: string): Place {
    const normal = path.replace(/\/+$/, "");
    const known = this.places.get(normal);
    if (known) return known;
    const slash = normal.lastIndexOf("/");
    const parent = this.at(normal.slice(0, slash));
    const pathPart = normal.slice(slash + 1);
    const scope = new Construct(parent.scope, pathPart.startsWith("{") ? PARAMETER : pathPart);
    const resource = new ApiGatewayResource(scope, "resource", {
      restApiId: this.config.restApiId,
      parentId: parent.resourceId,
      pathPart,
    });
    this.added.push(resource);
    const place = { scope, resourceId: resource.id };
    this.places.set(normal, place);
    return place;
  }
}

interface OperationConfig extends RoutesConfig, Place {
  readonly validatorId: string;
}

function addOperation(scope: Construct, operation: Operation, config: OperationConfig): TerraformResource[] {
  const { restApiId, resourceId } = config;
  const { bodyMediaType = "application/json" } = operation;
  const here = new Construct(scope, operation.method);
  const model =
    operation.bodySchema &&
    new ApiGatewayModel(here, "model", {
      restApiId,
      name: modelName(operation),
      contentType: bodyMediaType,
      schema: JSON.stringify(gatewayModel(operation.bodySchema, modelName(operation))),
    });
  const method = new ApiGatewayMethod(here, "method", {
    restApiId,
    resourceId,
    httpMethod: operation.method,
    operationName: operation.id,
    ...(operation.authorization === "iam"
      ? { authorization: "AWS_IAM" }
      : { authorization: "COGNITO_USER_POOLS", authorizerId: config.authorizerId }),
    requestValidatorId: config.validatorId,
    requestParameters: {
      ...operation.parameters,
      // A cache key may only hold parameters that the method declares.
      ...(operation.cacheable && { [AUTHORIZATION]: true }),
    },
    ...(model && { requestModels: { [bodyMediaType]: model.name } }),
  });
  const lambda = config.functions[operation.functionName] as LambdaFunction;
  const integration = new ApiGatewayIntegration(here, "integration", {
    restApiId,
    resourceId,
    httpMethod: method.httpMethod,
    type: "AWS_PROXY",
    integrationHttpMethod: "POST",
    uri: lambda.aliasInvokeArn,
    timeoutMilliseconds: INTEGRATION_TIMEOUT,
    ...(operation.cacheable && { cacheKeyParameters: cacheKey(operation) }),
  });
  return model ? [model, method, integration] : [method, integration];
}

/** Whatever an operation's parameters are, the user is part of the key: no answer is ever shared between users. */
function cacheKey({ parameters }: Operation): string[] {
  const names = new Set([AUTHORIZATION, ...Object.keys(parameters)]);
  return [...names].filter((name) => name.toLowerCase() !== CACHE_CONTROL.toLowerCase()).sort();
}

/** Letters and digits only: https://docs.aws.amazon.com/apigateway/latest/api/API_CreateModel.html */
function modelName({ id }: Operation): string {
  return `${id.charAt(0).toUpperCase()}${id.slice(1)}Request`.replace(/[^A-Za-z0-9]/g, "");
}

function operationsByPath(operations: readonly Operation[]): Map<string, Operation[]> {
  const paths = new Map<string, Operation[]>();
  for (const operation of operations) {
    paths.set(operation.path, [...(paths.get(operation.path) ?? []), operation]);
  }
  return paths;
}

/** Headers that a page may send: the contract's, and those that every request may carry. */
function allowedHeaders(operations: readonly Operation[]): string {
  const prefix = "method.request.header.";
  const declared = operations
    .flatMap(({ parameters }) => Object.keys(parameters))
    .filter((name) => name.startsWith(prefix))
    .map((name) => name.slice(prefix.length));
  return [...new Set(["Authorization", "Content-Type", "X-Amzn-Trace-Id", ...declared])].sort().join(",");
}

/** Answers a browser's preflight. It carries no credentials, so it is the one method without an authorizer. */
function addPreflight(
  scope: Construct,
  operations: readonly Operation[],
  corsOrigin: string,
  { restApiId, resourceId, headers: always = {} }: RoutesConfig & Place,
): TerraformResource[] {
  const here = new Construct(scope, "OPTIONS");
  const at = { restApiId, resourceId, httpMethod: "OPTIONS", statusCode: "204" };
  const method = new ApiGatewayMethod(here, "method", {
    restApiId,
    resourceId,
    httpMethod: "OPTIONS",
    authorization: "NONE",
  });
  const integration = new ApiGatewayIntegration(here, "integration", {
    restApiId,
    resourceId,
    httpMethod: method.httpMethod,
    type: "MOCK",
    requestTemplates: { "application/json": '{"statusCode":204}' },
  });
  const headers = {
    "Access-Control-Allow-Origin": corsOrigin,
    "Access-Control-Allow-Methods": operations.map(({ method }) => method).join(","),
    "Access-Control-Allow-Headers": allowedHeaders(operations),
    "Access-Control-Max-Age": "7200",
    Vary: "Origin",
    ...always,
  };
  const names = Object.entries(headers).map(
    ([name, value]) => [`method.response.header.${name}`, value] as const,
  );
  const methodResponse = new ApiGatewayMethodResponse(here, "method-response", {
    ...at,
    responseParameters: Object.fromEntries(names.map(([name]) => [name, true])),
    dependsOn: [method],
  });
  const integrationResponse = new ApiGatewayIntegrationResponse(here, "integration-response", {
    ...at,
    responseParameters: Object.fromEntries(names.map(([name, value]) => [name, `'${value}'`])),
    dependsOn: [integration, methodResponse],
  });
  return [method, integration, methodResponse, integrationResponse];
}
