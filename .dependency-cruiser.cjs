/** The directions of docs/architecture.md: main → envs → modules → modules/internal; functions and services → runtime; the rest apart. */
module.exports = {
  forbidden: [
    {
      name: "no-circular",
      severity: "error",
      comment: "Two files that need each other are one thing, or hide a third.",
      from: {},
      to: { circular: true },
    },
    {
      name: "modules-know-no-environment",
      severity: "error",
      comment: "A module knows its config alone. Tests that need the emulator start it.",
      from: { path: "^modules/", pathNot: "/emulator\\.test\\.ts$" },
      to: { path: "^(main\\.ts|envs|functions|services|runtime|clients|scripts|e2e)(/|$)" },
    },
    {
      name: "modules-know-no-sibling",
      severity: "error",
      comment: "envs/stack.ts passes the outputs of one module into the next.",
      from: { path: "^modules/(?!internal/)([^/]+)/" },
      to: { path: "^modules/(?!internal/)", pathNot: "^modules/$1/" },
    },
    {
      name: "internal-knows-no-module",
      severity: "error",
      from: { path: "^modules/internal/" },
      to: { path: "^modules/(?!internal/)" },
    },
    {
      name: "packages-by-their-index",
      severity: "error",
      comment: "A package is what its index.ts exports; the rest of it may change.",
      from: { path: "^(?:modules/internal|modules|functions)/([^/]+)/|^(?:envs|main\\.ts)" },
      to: {
        path: "^(?:modules/internal|modules)/(?!internal/)([^/]+)/(?!index\\.[tj]s$)",
        pathNot: "^(?:modules/internal|modules)/$1/",
      },
    },
    {
      name: "code-that-runs-knows-no-infrastructure",
      severity: "error",
      comment: "What both sides must agree on is data: api/, function.json, service.json.",
      from: {
        path: "^(functions|services|runtime)/",
        pathNot: "(\\.test|/fixture|/test-client|/sessions-client)\\.ts$",
      },
      to: { path: "^(main\\.ts|envs|modules|scripts|e2e)(/|$)|node_modules/(cdktf|constructs|@cdktf)/" },
    },
    {
      name: "functions-know-no-sibling",
      severity: "error",
      from: { path: "^functions/(?!internal/)([^/]+)/" },
      to: { path: "^functions/(?!internal/)", pathNot: "^functions/$1/" },
    },
    {
      name: "services-know-no-sibling",
      severity: "error",
      comment: "They call one another over HTTP.",
      from: { path: "^services/(?!internal/)([^/]+)/" },
      to: { path: "^services/(?!internal/)", pathNot: "^services/$1/" },
    },
    {
      name: "functions-and-services-share-runtime",
      severity: "error",
      comment: "What both need is in runtime/, which knows neither.",
      from: { path: "^(functions|services|runtime)/" },
      to: { path: "^(functions|services)/", pathNot: "^$1/" },
    },
    {
      name: "internal-serves-its-packages",
      severity: "error",
      from: { path: "^(functions|services)/internal/" },
      to: { path: "^(functions|services)/(?!internal/)" },
    },
    {
      name: "clients-know-contracts-alone",
      severity: "error",
      comment: "They are handed to who has nothing else of this repository.",
      from: { path: "^clients/", pathNot: "\\.test\\.ts$" },
      to: { path: "^(?!clients/|node_modules/esbuild/|node:)", dependencyTypesNot: ["core"] },
    },
    {
      name: "specifications-are-data",
      severity: "error",
      comment: "So that moving away from cdktf leaves them as they are.",
      from: {
        path: "^envs/(?!(app|fixture|stack|stacks|auth|todo|containers|load-balancers|microservices|shop-events|shop-fulfilment|fulfilment-workflow|downloads|bootstrap|platform-stack|project|foundation|internet|resources|moved-blocks|observability|observed-parts|protection|symptoms)\\.ts|.*\\.test\\.ts)",
      },
      to: { path: "^modules/|node_modules/(cdktf|constructs|@cdktf)/" },
    },
    {
      name: "scripts-know-no-cdktf",
      severity: "error",
      from: { path: "^(scripts|e2e)/" },
      to: { path: "node_modules/(cdktf|constructs|@cdktf)/" },
    },
    {
      name: "deep-provider-imports",
      severity: "error",
      comment: "The provider's root index costs seconds and half a gigabyte: import lib/<resource>.",
      from: {},
      to: { path: "node_modules/@cdktf/provider-aws/lib/index\\." },
    },
    {
      name: "no-test-in-production-code",
      severity: "error",
      from: { pathNot: "(\\.test|/fixture)\\.ts$|^e2e/|^modules/internal/synth-test/" },
      to: { path: "(\\.test|/fixture)\\.ts$|^modules/internal/synth-test/" },
    },
    {
      name: "no-unresolvable",
      severity: "error",
      from: {},
      // aws-lambda is types alone, from @types/aws-lambda.
      to: { couldNotResolve: true, pathNot: "^aws-lambda$" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(cdktf\\.out|\\.build|\\.local)/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default"],
      extensions: [".ts", ".js", ".mjs", ".cjs", ".json"],
    },
  },
};
