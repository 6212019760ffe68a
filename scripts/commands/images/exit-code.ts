import { EXIT } from "../../internal/cli";

/** Exit codes of scripts/images: those of every command, and its own. */
export const EXIT_CODE = {
  ...EXIT,
  /** Credentials are missing, have expired, or do not allow it. */
  credentials: 4,
} as const;
