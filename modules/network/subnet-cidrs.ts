import { Fn } from "cdktf";

/** The ranges of a VPC's subnets, one per availability zone and tier. */
export interface SubnetCidrs {
  /** Ranges of the public subnets, in the order of the zones. */
  readonly public: readonly string[];
  /** Ranges of the private subnets. */
  readonly private: readonly string[];
  /** Ranges of the isolated subnets. */
  readonly isolated: readonly string[];
}

/** Bits that an IPv6 subnet's prefix is longer than the VPC's, as AWS gives a VPC a /56 and a subnet a /64: the first four choose the tier. */
const IPV6_BITS = 8;
const IPV6_ZONES = 16;

/** Bits that a subnet's prefix is longer than the VPC's: two choose the tier, two the zone. */
const TIER_BITS = 2;
const ZONE_BITS = 2;

/** AWS makes no VPC larger than /16, and no subnet smaller than /28. */
const LARGEST_PREFIX = 16;
const SMALLEST_PREFIX = 24;

/**
 * Divides a VPC's range: a quarter for each tier and one to spare, in each quarter a place for four zones. A range depends
 * on its tier and zone alone, so that a further zone, or tier, moves no subnet that exists.
 *
 * @param cidr range of the VPC, `10.0.0.0/16` to `10.0.0.0/24`
 * @param zones number of availability zones, 2 or 3
 * @throws Error naming the argument, what it must be and what it is
 */
export function subnetCidrs(cidr: string, zones: number): SubnetCidrs {
  if (!Number.isInteger(zones) || zones < 2 || zones > 3) {
    throw new Error(`availabilityZones must hold 2 or 3 zones, got ${zones}`);
  }
  const { address, prefix } = parse(cidr);
  const subnetPrefix = prefix + TIER_BITS + ZONE_BITS;
  const size = 2 ** (32 - subnetPrefix);
  const tier = (position: number) =>
    Array.from({ length: zones }, (_, zone) => {
      const start = address + (position * 2 ** ZONE_BITS + zone) * size;
      return `${format(start)}/${subnetPrefix}`;
    });
  return { public: tier(0), private: tier(1), isolated: tier(2) };
}

/**
 * Divides a VPC's IPv6 range as {@link subnetCidrs} does its IPv4 range: the last hexadecimal digits of a subnet's network are its tier's and
 * its zone's.
 *
 * @param cidr range of the VPC, a /56 that AWS gives it: a reference, so that the results are Terraform expressions
 * @param zones number of availability zones
 */
export function subnetIpv6Cidrs(cidr: string, zones: number): SubnetCidrs {
  const tier = (position: number) =>
    Array.from({ length: zones }, (_, zone) => Fn.cidrsubnet(cidr, IPV6_BITS, position * IPV6_ZONES + zone));
  return { public: tier(0), private: tier(1), isolated: tier(2) };
}

function parse(cidr: string): { address: number; prefix: number } {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(cidr);
  const octets = match?.slice(1, 5).map(Number) ?? [];
  if (!match || octets.some((octet) => octet > 255)) {
    throw new Error(`cidr must be an IPv4 range such as 10.0.0.0/16, got "${cidr}"`);
  }
  const prefix = Number(match[5]);
  if (prefix < LARGEST_PREFIX || prefix > SMALLEST_PREFIX) {
    throw new Error(`cidr must be from /${LARGEST_PREFIX} to /${SMALLEST_PREFIX}, got "${cidr}"`);
  }
  const address = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  const size = 2 ** (32 - prefix);
  const start = address - (address % size);
  if (start !== address) {
    throw new Error(
      `cidr must begin at the first address of its range, ${format(start)}/${prefix}, got "${cidr}"`,
    );
  }
  return { address, prefix };
}

function format(address: number): string {
  return [24, 16, 8, 0].map((bits) => Math.floor(address / 2 ** bits) % 256).join(".");
}
