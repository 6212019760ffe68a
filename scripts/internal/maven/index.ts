/**
 * Jars of Maven Central, pinned by their hashes.
 *
 * @module
 */
export { type MavenFile, mavenJar } from "./maven";
