import type { ClientApi } from "./contracts";

/** How a language's client is generated, and where of that what goes. */
export interface Language {
  /** Folder below clients/. */
  readonly name: string;
  /** Generator of openapi-generator, e.g. `kotlin`. */
  readonly generator: string;
  /** Where its files go, from the project's root. All that is there is generated. */
  readonly folder: string;
  /** What the generator is told, besides document and folder. */
  readonly settings: (api: ClientApi) => Readonly<Record<string, unknown>>;
  /**
   * @param path of a file that the generator wrote, from its folder
   * @returns the same from `folder`; undefined for what is not kept: examples of build files, and documents
   */
  readonly place: (path: string, api: ClientApi) => string | undefined;
  /** Changes what was written. @default nothing is changed */
  readonly edit?: (text: string, place: string) => string;
}

/** Name of the Swift module, and what the Kotlin package ends with. */
const MODULE = "PlatformClient";
const KOTLIN_PACKAGE = "platform.client";

/** The languages that there is a client for. */
export const LANGUAGES: readonly Language[] = [
  {
    name: "js",
    generator: "typescript-fetch",
    folder: "clients/js/src/generated",
    settings: () => ({ additionalProperties: { supportsES6: true, dateLibrary: "string" } }),
    place: (path, { name }) => (path.endsWith(".ts") ? placeOfTypeScript(path, kebab(name)) : undefined),
    // It is written for laxer compilers than ours. Its types hold all the same.
    edit: (text, place) => `// @ts-nocheck\n${place.includes("/") ? oneRuntime(text, place) : text}`,
  },
  {
    name: "kotlin",
    generator: "kotlin",
    folder: "clients/kotlin/src/generated/kotlin",
    settings: ({ name }) => ({
      packageName: KOTLIN_PACKAGE,
      apiPackage: `${KOTLIN_PACKAGE}.${name.toLowerCase()}`,
      modelPackage: `${KOTLIN_PACKAGE}.${name.toLowerCase()}`,
      library: "jvm-okhttp4",
      additionalProperties: {
        serializationLibrary: "kotlinx_serialization",
        enumPropertyNaming: "UPPERCASE",
        sortParamsByRequiredFlag: true,
      },
    }),
    place: (path) => /^src\/main\/kotlin\/(.+\.kt)$/.exec(path)?.[1],
  },
  {
    name: "swift",
    generator: "swift6",
    folder: `clients/swift/Sources/${MODULE}/Generated`,
    settings: ({ name }) => ({
      library: "urlsession",
      // All are in one module, so that all share one ground: names say which API they are of.
      modelNamePrefix: name.replace(/^./, (letter) => letter.toUpperCase()),
      additionalProperties: {
        projectName: MODULE,
        responseAs: "AsyncAwait",
        apiStaticMethod: false,
        validatable: false,
        enumUnknownDefaultCase: true,
      },
    }),
    place: (path) => new RegExp(`^Sources/${MODULE}/(.+\\.swift)$`).exec(path)?.[1],
  },
];

/** All APIs have one runtime. */
function placeOfTypeScript(path: string, folder: string): string {
  return path === "runtime.ts" ? path : `${folder}/${path}`;
}

function oneRuntime(text: string, place: string): string {
  const up = "../".repeat(place.split("/").length - 1);
  return text.replace(/(from|export \*) (['"])(?:\.\.|\.)\/runtime\2/g, `$1 $2${up}runtime$2`).replace(
    // The index has it as `export * from './runtime';`: the runtime is no part of one API.
    /^export \* from .*runtime['"];\n/m,
    "",
  );
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
