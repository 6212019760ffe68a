import type { ApiRequest, ApiResponse } from "../internal";
import type { TodoReader, TodoWriter } from "./store";

/** What the operations work with. */
export interface OperationsConfig {
  readonly reader: TodoReader;
  readonly writer: TodoWriter;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Cryptographically random bytes. */
  readonly random: (bytes: number) => Uint8Array;
}

/** Answers one request. @throws Problem for every refusal */
export type Operation = (
  config: OperationsConfig,
  request: ApiRequest,
  signal: AbortSignal,
) => Promise<ApiResponse>;

/** The operations of one version of the API by route, e.g. `GET /todos/{id}`. */
export type Operations = Readonly<Record<string, Operation>>;
