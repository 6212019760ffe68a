import { EXIT } from "../../internal/cli";

/** Exit codes of scripts/invalidate: those of every command, and its own. */
export const EXIT_CODE = {
  ...EXIT,
  /** Credentials are missing, have expired, or do not allow it. */
  credentials: 4,
  /** The time was up before the end; the same command goes on. */
  unfinished: 5,
} as const;
