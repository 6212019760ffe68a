import type { EdgeFunction } from "../../../modules/internal/edge-runtime";
import {
  type EventResponse,
  eventHeadersOf,
  eventRequestOf,
  headersOfEvent,
  setCookiesOfEvent,
} from "./function-event";
import type { Headers, ViewerRequest } from "./request";
import { EVENT_CONTEXT_EXAMPLE, type EventContext } from "./viewer-request";

/** An answer to a viewer without its body. */
export interface ViewerResponse {
  readonly status: number;
  readonly headers: Headers;
}

/**
 * Runs a function on the answer to a viewer, from the cache or not. It is not run for errors of the origin.
 *
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-functions-restrictions.html#function-restrictions-status-codes
 *
 * @throws EdgeFunctionError
 */
export function finish(
  viewerResponse: EdgeFunction,
  request: ViewerRequest,
  { status, headers }: ViewerResponse,
  context: EventContext = EVENT_CONTEXT_EXAMPLE,
): ViewerResponse {
  if (status >= 400) return { status, headers };
  const { "set-cookie": setCookie = [], ...others } = headers;
  const returned = viewerResponse.run({
    version: "1.0",
    context: { ...context, eventType: "viewer-response", requestId: "EXAMPLE" },
    viewer: { ip: request.viewerAddress ?? "127.0.0.1" },
    request: eventRequestOf(request),
    response: {
      statusCode: status,
      statusDescription: "",
      headers: eventHeadersOf(others),
      cookies: eventCookiesOf([setCookie].flat()),
    },
  }) as EventResponse;
  return answerOf(returned, status);
}

/** The answer that a function made. */
export function answerOf(response: EventResponse, status = 200): ViewerResponse {
  const cookies = setCookiesOfEvent(response.cookies);
  return {
    status: response.statusCode ?? status,
    headers: { ...headersOfEvent(response.headers), ...(cookies.length > 0 && { "set-cookie": cookies }) },
  };
}

function eventCookiesOf(lines: readonly string[]): NonNullable<EventResponse["cookies"]> {
  const cookies: Record<string, { value: string; attributes?: string; multiValue?: { value: string }[] }> =
    {};
  for (const line of lines) {
    const [, name = "", value = "", attributes = ""] = /^\s*([^=;]*)=([^;]*);?\s*(.*)$/s.exec(line) ?? [];
    const cookie = { value, ...(attributes !== "" && { attributes }) };
    const known = cookies[name];
    cookies[name] =
      known === undefined ? cookie : { ...known, multiValue: [...(known.multiValue ?? [known]), cookie] };
  }
  return cookies;
}
