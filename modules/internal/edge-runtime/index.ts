/**
 * Runs CloudFront Functions outside CloudFront, with what its runtime documents and no more: tests of their sources do, and the
 * model of a distribution in scripts/internal/cdn-model.
 *
 * @module
 */
export { EdgeFunction, EdgeFunctionError } from "./edge-runtime";
