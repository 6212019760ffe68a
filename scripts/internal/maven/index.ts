/**
 * Jars of Maven Central, pinned by their hashes.
 *
 * @module
 */
export { type MavenConfig, type MavenFile, mavenJar, repositoryUrl } from "./maven";
