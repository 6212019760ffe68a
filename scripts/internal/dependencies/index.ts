/**
 * What the project depends on, as it is pinned: npm's lock file, and the requirements of the Python tools.
 *
 * @module
 */
export { type Dependency, npmDependencies, pythonDependencies } from "./dependencies";
