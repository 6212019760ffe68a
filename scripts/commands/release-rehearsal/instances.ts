/**
 * Mbit/s that instances of a type have at all times; for a while they may have more.
 *
 * From AWS's tables of instance types, as Karpenter keeps them:
 * https://github.com/aws/karpenter-provider-aws/blob/01a436f0bbbc75a1252aba1a3a48ca115b7e6cc0/pkg/providers/instancetype/zz_generated.bandwidth.go
 */
const MEGABITS_PER_SECOND: Readonly<Record<string, number>> = {
  "c6g.large": 750,
  "c6g.xlarge": 1250,
  "c7g.large": 937,
  "c7g.xlarge": 1876,
  "c7g.2xlarge": 3750,
  "m5.large": 750,
  "m5.xlarge": 1250,
  "m6g.large": 750,
  "m6g.xlarge": 1250,
  "m7g.large": 937,
  "m7g.xlarge": 1876,
  "m7g.2xlarge": 3750,
};

/** Mbit/s of an instance type; undefined when its figure is not here. */
export function megabitsPerSecondOf(instanceType: string): number | undefined {
  return MEGABITS_PER_SECOND[instanceType];
}
