import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { copyProject } from "../../internal/project-copy";

/**
 * Copies the project into a folder, its environments replaced by so many copies of prod.
 *
 * @param root folder of the project
 * @param folder where the copy goes; what is there is removed
 * @param count number of environments, 1 to 200
 */
export function copyWithEnvironments(root: string, folder: string, count: number): void {
  copyProject(root, folder);
  writeFileSync(join(folder, "envs", "index.ts"), environmentsModule(count));
}

/** Source of an `envs/index.ts` with copies of prod that differ where they must. */
function environmentsModule(count: number): string {
  return `import { prod } from "./prod";
import type { EnvironmentInput } from "./spec";

export { loadEnvironments, RefusedChange, SpecificationError } from "./load";

export const environments: Readonly<Record<string, EnvironmentInput>> = Object.fromEntries(
  Array.from({ length: ${count} }, (_, index) => {
    const name = \`copy\${index}\`;
    const account = { ...prod.account, apiGatewayLogging: index === 0 ? "managed" : "existing" } as const;
    const network = { ...prod.network, cidr: \`10.\${index}.0.0/16\` };
    const domain = { ...prod.downloads.domain, name: \`\${name}.downloads.example.com\` };
    return [name, { ...prod, name, account, network, downloads: { ...prod.downloads, domain } }];
  }),
);
`;
}
