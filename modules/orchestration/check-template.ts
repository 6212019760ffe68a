import type { Template, TemplateValue } from "./definition";
import { referenceProblem } from "./json-path";

/** The token that whoever ends a callback needs. */
export const TASK_TOKEN = "$$.Task.Token";

/** What is wrong in a template, each with its place in it. */
export function templateProblems(place: string, template: Template): string[] {
  return Object.entries(template).flatMap(([key, value]) => {
    const here = `${place}["${key}"]`;
    if (key.endsWith(".$")) {
      if (typeof value !== "string")
        return [`${here} must be a path or an intrinsic function, as its key ends in .$`];
      const problem = referenceProblem(value);
      return problem === undefined ? [] : [`${here} ${problem}`];
    }
    return valueProblems(here, value);
  });
}

function valueProblems(place: string, value: TemplateValue): string[] {
  if (typeof value === "string") {
    // It would be handed on as it is written, which no one means.
    return /^(\$\$?[.[]|States\.\w+\()/.test(value)
      ? [`${place} is text, not a reference, as its key does not end in .$; got "${value}"`]
      : [];
  }
  if (isList(value)) return value.flatMap((item, index) => valueProblems(`${place}[${index}]`, item));
  return typeof value === "object" && value !== null ? templateProblems(place, value) : [];
}

/** Whether a reference is somewhere in a template. */
export function refersTo(value: TemplateValue, reference: string): boolean {
  if (typeof value === "string") return value.includes(reference);
  if (isList(value)) return value.some((item) => refersTo(item, reference));
  return (
    typeof value === "object" &&
    value !== null &&
    Object.values(value).some((part) => refersTo(part, reference))
  );
}

function isList(value: TemplateValue): value is readonly TemplateValue[] {
  return Array.isArray(value);
}
