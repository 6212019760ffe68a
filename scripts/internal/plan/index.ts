/**
 * A plan of Terraform's, read for people: what happens to which resource of which module, attribute by attribute, with nothing in
 * it that is secret.
 *
 * ```ts
 * const shown = JSON.parse(execFileSync("terraform", ["show", "-json", "plan"]));
 * const plan = readPlan("envs/prod", shown, readJson("cdk.tf.json"));
 * plan.changes.filter(({ stateful, action }) => stateful && action === "replace");
 * ```
 *
 * Hidden are the values that the provider calls sensitive, those whose name or form is a secret's, and every text that holds one of
 * them, wherever it is.
 *
 * @module
 */
export type { AttributeChange } from "./attributes";
export type { Action, OutputChange, Plan, PlannedChange } from "./plan";
export { readPlan, statefulTypes } from "./read";
export type { References } from "./references";
export { withoutSecrets } from "./secrets";
export type { ResourceBlock, SynthesisedStack } from "./stack";
export { findShown, type TerraformPlan } from "./terraform-plan";
export { isValues, JsonText, plain, type Value, type Values } from "./values";
