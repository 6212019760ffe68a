import type { MavenFile } from "../../internal/maven";

/** What generates the clients. */
export const GENERATOR: MavenFile = {
  coordinates: "org.openapitools:openapi-generator-cli:7.25.0",
  sha256: "41ce4f6b07f196676439d710759fa1ced7a08066d06ff1bf314681470289efae",
};
