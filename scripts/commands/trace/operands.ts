import { CommandError, EXIT } from "../../internal/cli";
import { readId } from "./id";

/** The id is what one has at hand, so it may come before the environment. @returns the same arguments, the id behind all others */
export function idLast(args: readonly string[]): string[] {
  const id = args.find((arg) => readId(arg));
  return [...args.filter((arg) => arg !== id), ...(id === undefined ? [] : [id])];
}

/**
 * Where one alone is given, says which is missing.
 *
 * @param operands arguments that are no options
 * @throws CommandError with the call as it should be
 */
export function checkOperands(operands: readonly string[]): void {
  const [given = ""] = operands;
  if (operands.length !== 1) return;
  const environment = process.env["AWS_ENDPOINT_URL"] ? "envs/local" : "envs/prod";
  const [missing, call] = readId(given)
    ? ["the environment", `${environment} ${given}`]
    : ["the id of a trace or request", `${given} <id>`];
  throw new CommandError("scripts/trace", `${missing} is missing`, `call scripts/trace ${call}`, EXIT.usage);
}
