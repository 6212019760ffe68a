import { Token } from "cdktf";

/** CPU units, and for each the least and most memory in GiB with the step between: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html */
const SIZES: Readonly<Record<number, { least: number; most: number; step: number }>> = {
  512: { least: 1, most: 4, step: 1 },
  1024: { least: 2, most: 8, step: 1 },
  2048: { least: 4, most: 16, step: 1 },
  4096: { least: 8, most: 30, step: 1 },
  8192: { least: 16, most: 60, step: 4 },
  16384: { least: 32, most: 120, step: 8 },
};

/** The smallest task may have half a GiB, 1 or 2. */
const SMALLEST = { cpu: 256, megabytes: [512, 1024, 2048] };

/** @throws Error naming the sizes that Fargate has beside the one that it has not */
export function checkFargateSize(cpu: number, memoryMegabytes: number): void {
  if (Token.isUnresolved(cpu) || Token.isUnresolved(memoryMegabytes)) return;
  if (cpu === SMALLEST.cpu) {
    if (SMALLEST.megabytes.includes(memoryMegabytes)) return;
    throw new Error(
      `memoryMegabytes must be one of ${SMALLEST.megabytes.join(", ")} with cpu ${cpu} on Fargate, got ${memoryMegabytes}`,
    );
  }
  const size = SIZES[cpu];
  if (size === undefined) {
    const cpus = [SMALLEST.cpu, ...Object.keys(SIZES)].join(", ");
    throw new Error(`cpu must be one of ${cpus} on Fargate, got ${cpu}`);
  }
  const { least, most, step } = size;
  const steps = (memoryMegabytes / 1024 - least) / step;
  if (Number.isInteger(steps) && steps >= 0 && memoryMegabytes <= most * 1024) return;
  throw new Error(
    `memoryMegabytes must be from ${least * 1024} to ${most * 1024} in steps of ${step * 1024} with cpu ${cpu} on Fargate, ` +
      `got ${memoryMegabytes}`,
  );
}
