/**
 * Checks of a configuration's values, with the errors in one form.
 *
 * @module
 */
export { checkKnown, checkWholeNumber } from "./check";
export { checkAll } from "./check-all";
