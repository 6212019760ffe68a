import { hasCurrent, versionTag } from "../../runtime";
import type { ApiRequest, ApiResponse } from "../internal";

/** A to-do as a version of the API shows it. */
interface ShownTodo {
  readonly id: string;
  readonly version: number;
}

/** 201 with the to-do and where it is. */
export function createdAnswer({ path }: ApiRequest, todo: ShownTodo): ApiResponse {
  // Relative to the request's URL, which alone is right everywhere: an absolute path would leave out what a proxy or the local
  // emulator has before the stage. The gateway takes /todos/ for /todos, and what is relative to it is not the same.
  const location = path.endsWith("/") ? todo.id : `todos/${todo.id}`;
  return {
    status: 201,
    headers: { ETag: versionTag(todo.version), Location: location },
    body: JSON.stringify(todo),
  };
}

/** 200 with the to-do as it has become. */
export function changedAnswer(todo: ShownTodo): ApiResponse {
  return { status: 200, headers: { ETag: versionTag(todo.version) }, body: JSON.stringify(todo) };
}

/** 200 with a body, or 304 when the client has it. */
export function conditionalAnswer(ifNoneMatch: string | undefined, tag: string, body: string): ApiResponse {
  if (hasCurrent(ifNoneMatch, tag)) return { status: 304, headers: { ETag: tag } };
  return { status: 200, headers: { ETag: tag }, body };
}
