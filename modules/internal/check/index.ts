/**
 * Checks of a configuration's values, with the errors in one form.
 *
 * @module
 */
export { checkWholeNumber } from "./check";
export { checkAll } from "./check-all";
