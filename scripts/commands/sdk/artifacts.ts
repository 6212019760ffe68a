import type { MavenFile } from "../../internal/maven";

/** What generates the clients. */
export const GENERATOR: MavenFile = {
  coordinates: "org.openapitools:openapi-generator-cli:7.25.0",
  sha256: "41ce4f6b07f196676439d710759fa1ced7a08066d06ff1bf314681470289efae",
};

/** What compiles the Kotlin client: the compiler, and what it runs with. */
export const KOTLIN_COMPILER: readonly MavenFile[] = [
  {
    coordinates: "org.jetbrains.kotlin:kotlin-compiler-embeddable:2.4.0",
    sha256: "c2b25e8c1c93ec416ba4327f5e31eaec0f0c8847241b9353e294b8db9dce564f",
  },
  {
    coordinates: "org.jetbrains.kotlin:kotlin-script-runtime:2.4.0",
    sha256: "196e8ecbf63daf477e34e67c2f871ee232ae7bf8b377432d876d1bbf9d273de3",
  },
  {
    coordinates: "org.jetbrains.kotlin:kotlin-reflect:1.6.10",
    sha256: "3277ac102ae17aad10a55abec75ff5696c8d109790396434b496e75087854203",
  },
  {
    coordinates: "org.jetbrains.kotlin:kotlin-daemon-embeddable:2.4.0",
    sha256: "383093af5e078435b60043d19bfa83eb6191be0f4d13a28fb1c8a0f3ab24fe66",
  },
  {
    coordinates: "org.jetbrains.kotlinx:kotlinx-coroutines-core-jvm:1.8.0",
    sha256: "9860906a1937490bf5f3b06d2f0e10ef451e65b95b269f22daf68a3d1f5065c5",
  },
  {
    coordinates: "org.jetbrains.kotlin:kotlin-stdlib:2.4.0",
    sha256: "ccb14ff83fabcb11458b798dbc9824748ccdffeec79c9aba789e6ed1cda86b1c",
  },
  {
    coordinates: "org.jetbrains:annotations:13.0",
    sha256: "ace2a10dc8e2d5fd34925ecac03e4988b2c0f851650c94b8cef49ba1bd111478",
  },
];

/** What the Kotlin client is compiled against, and runs with; clients/kotlin/build.gradle.kts has the same. */
export const KOTLIN_LIBRARIES: readonly MavenFile[] = [
  {
    coordinates: "org.jetbrains.kotlin:kotlin-stdlib:2.4.0",
    sha256: "ccb14ff83fabcb11458b798dbc9824748ccdffeec79c9aba789e6ed1cda86b1c",
  },
  {
    coordinates: "org.jetbrains.kotlinx:kotlinx-serialization-core-jvm:1.11.0",
    sha256: "f4a801c647d4351327cd9e1ac4113e2be9ea37a64ab0abae269c25a52e28f35d",
  },
  {
    coordinates: "org.jetbrains.kotlinx:kotlinx-serialization-json-jvm:1.11.0",
    sha256: "563a25b4eb5c9128ae9c2479f3d1a5c44dcd176112b91cf03682e906eba5c935",
  },
  {
    coordinates: "com.squareup.okhttp3:okhttp-jvm:5.4.0",
    sha256: "b15e605ca0a4b12c62ea7f657dad413c236c947e875854767349cdbe20df473c",
  },
  {
    coordinates: "com.squareup.okio:okio-jvm:3.17.0",
    sha256: "3b13dcc3e1573047c2d507fc4f7fcb0bb0cbcd9d395da21d20e09406e2cd6a73",
  },
];

/** The plugin of that compiler for classes that are written as JSON. */
export const KOTLIN_SERIALIZATION: MavenFile = {
  coordinates: "org.jetbrains.kotlin:kotlin-serialization-compiler-plugin-embeddable:2.4.0",
  sha256: "272d419cb12e9a8aba4e6fa7a76bfc486f97dc0f79a32ef1397b1f175bc35c50",
};
