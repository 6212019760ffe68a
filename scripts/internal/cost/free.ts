/** Why a type costs nothing, and where that is written. */
export interface FreeType {
  readonly why: string;
  /** A page of AWS's, or of the provider's. */
  readonly source: string;
}

const VPC = "https://aws.amazon.com/vpc/pricing/";

/** Types that AWS does not charge for. */
export const FREE_TYPES: Readonly<Record<string, FreeType>> = {
  aws_vpc: { why: "a VPC costs nothing", source: VPC },
};
