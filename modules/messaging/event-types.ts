import { checkAll } from "../internal/check";

/** SNS takes at most 150 values of a filter, and EventBridge patterns of 2048 characters. */
const MOST_TYPES = 150;

/**
 * Checks types of events that a filter names.
 *
 * @param field where they are, for the error
 * @throws Error with one line for each that has not the form of `shop.order.placed.v1` or comes twice, or when there are none
 */
export function checkTypes(field: string, types: readonly string[]): void {
  if (types.length === 0 || types.length > MOST_TYPES) {
    throw new Error(`${field} must be 1 to ${MOST_TYPES} types of events, got ${types.length}`);
  }
  checkAll(
    types.map((type, index) => () => {
      if (!/^[a-z][a-zA-Z0-9]*(\.[a-z][a-zA-Z0-9]*)+$/.test(type)) {
        throw new Error(
          `${field}[${index}] must be words joined by dots, as shop.order.placed.v1, got "${type}"`,
        );
      }
      if (types.indexOf(type) !== index)
        throw new Error(`${field}[${index}]: "${type}" comes twice; remove one`);
    }),
  );
}
