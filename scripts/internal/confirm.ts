/**
 * Asks a person before what cannot be taken back.
 *
 * @module
 */
import { createInterface } from "node:readline/promises";
import { CommandError } from "./cli";

/**
 * Goes on only when the name is typed.
 *
 * @param name e.g. `envs/prod`
 * @param question what is about to be done, e.g. `This replaces the state of envs/prod.`
 * @throws CommandError when another text is typed, or nobody is there to type
 */
export async function confirmByName(name: string, question: string): Promise<void> {
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  // Without an answer the question would be open for ever: the end of the input is one, too.
  const ended = new Promise<string>((done) => asking.once("close", () => done("")));
  const answer = await Promise.race([asking.question(`${question} Type ${name} to go on: `), ended]);
  asking.close();
  if (answer.trim() === name) return;
  throw new CommandError(
    name,
    "was not confirmed, and nothing was changed",
    "type its name, or add --auto-approve",
  );
}
