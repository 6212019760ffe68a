/**
 * One way to name everything: `<project>-<environment>-<thing>`, cut to the service's limit with a hash so that two long
 * names never become one.
 *
 * @module
 */
export { Label, type LabelConfig } from "./label";
