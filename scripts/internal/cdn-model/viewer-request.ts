import type { EdgeFunction } from "../../../modules/internal/edge-runtime";
import { type EventRequest, type EventResponse, eventRequestOf, requestOfEvent } from "./function-event";
import type { ViewerRequest } from "./request";

/** What a function on viewer requests does: change the request, or answer it. */
export type Normalised =
  | { readonly request: ViewerRequest; readonly response?: never }
  | { readonly response: EventResponse; readonly request?: never };

/** What identifies the distribution to its functions. The model knows neither before it is deployed. */
export interface EventContext {
  readonly distributionId: string;
  readonly distributionDomainName: string;
}

/** Stands for the distribution before it is deployed. */
export const EVENT_CONTEXT_EXAMPLE: EventContext = {
  distributionId: "EXAMPLE",
  distributionDomainName: "d111111abcdef8.cloudfront.net",
};

/**
 * Runs a function on a viewer's request, before the cache is looked into. What it returns with a status is the answer.
 *
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html
 *
 * @throws EdgeFunctionError
 */
export function normalise(
  viewerRequest: EdgeFunction,
  request: ViewerRequest,
  context: EventContext = EVENT_CONTEXT_EXAMPLE,
): Normalised {
  const returned = viewerRequest.run({
    version: "1.0",
    context: { ...context, eventType: "viewer-request", requestId: "EXAMPLE" },
    viewer: { ip: request.viewerAddress ?? "127.0.0.1" },
    request: eventRequestOf(request),
  });
  if ("statusCode" in returned) return { response: returned as EventResponse };
  return { request: requestOfEvent(request, returned as EventRequest) };
}
