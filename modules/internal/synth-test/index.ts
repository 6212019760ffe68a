/**
 * Synthesises a module alone and reads the result, for the tests beside each module.
 *
 * @module
 */
export { type Resource, type Synthesised, synthesise, testLabel } from "./synth-test";
export { testArtifact } from "./test-artifact";
