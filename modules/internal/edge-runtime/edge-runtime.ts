import { createContext, runInContext } from "node:vm";

/** What later editions of the language brought, and CloudFront's runtime does not document. */
const WITHOUT_LATER_BUILT_INS = `
  for (const name of ["Atomics", "FinalizationRegistry", "Intl", "Iterator", "Proxy", "Reflect", "WeakRef", "WebAssembly"]) {
    delete globalThis[name];
  }
  for (const name of ["fromEntries", "groupBy", "hasOwn"]) delete Object[name];
  for (const name of ["at", "findLast", "flat", "flatMap", "toReversed", "toSorted", "with"]) delete Array.prototype[name];
  for (const name of ["at", "matchAll", "replaceAll"]) delete String.prototype[name];
`;

/** Milliseconds that the code may take until its handler is defined. */
const LOAD_MILLISECONDS = 1000;

/** A function's code does not load, throws, or answers with what is no object. CloudFront answers 503 then. */
export class EdgeFunctionError extends Error {
  override readonly name = "EdgeFunctionError";
}

/**
 * One function, loaded once and run as often as wanted: the language alone, no timers, network, files, `require`, or code made of text.
 *
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-javascript-runtime-20.html
 */
export class EdgeFunction {
  private readonly invoke: (event: string) => string | undefined;

  /**
   * @param code as deployed, with a function `handler`; synchronous
   * @throws EdgeFunctionError when the code does not load
   */
  constructor(code: string) {
    const context = createContext(Object.create(null), { codeGeneration: { strings: false, wasm: false } });
    runInContext(WITHOUT_LATER_BUILT_INS, context);
    try {
      runInContext(`"use strict";\n${code}`, context, { timeout: LOAD_MILLISECONDS });
      // What goes in and comes out is text, so that nothing of this side can be reached.
      this.invoke = runInContext("(event) => JSON.stringify(handler(JSON.parse(event)))", context);
    } catch (error) {
      throw new EdgeFunctionError(`the function does not load: ${messageOf(error)}`);
    }
  }

  /**
   * Calls the handler. Nothing ends one that does not return; CloudFront does, after a millisecond.
   *
   * @param event in the form of https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html
   * @returns what the handler returned, an object
   * @throws EdgeFunctionError
   */
  run(event: object): object {
    let text: string | undefined;
    try {
      text = this.invoke(JSON.stringify(event));
    } catch (error) {
      throw new EdgeFunctionError(`the function threw: ${messageOf(error)}`);
    }
    const answer: unknown = text === undefined ? undefined : JSON.parse(text);
    if (typeof answer === "object" && answer !== null && !Array.isArray(answer)) return answer;
    throw new EdgeFunctionError(`the function must return an object, got ${text}`);
  }
}

/** What was thrown may come from the other side, where Error is another one. */
function messageOf(error: unknown): string {
  const message = (error as { readonly message?: unknown } | null | undefined)?.message;
  return typeof message === "string" ? message : String(error);
}
