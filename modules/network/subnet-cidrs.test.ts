import { subnetCidrs } from ".";

test.each([
  {
    name: "the largest VPC, three zones",
    cidr: "10.0.0.0/16",
    zones: 3,
    cidrs: {
      public: ["10.0.0.0/20", "10.0.16.0/20", "10.0.32.0/20"],
      private: ["10.0.64.0/20", "10.0.80.0/20", "10.0.96.0/20"],
      isolated: ["10.0.128.0/20", "10.0.144.0/20", "10.0.160.0/20"],
    },
  },
  {
    name: "the smallest VPC, two zones",
    cidr: "192.168.255.0/24",
    zones: 2,
    cidrs: {
      public: ["192.168.255.0/28", "192.168.255.16/28"],
      private: ["192.168.255.64/28", "192.168.255.80/28"],
      isolated: ["192.168.255.128/28", "192.168.255.144/28"],
    },
  },
  {
    name: "a range whose subnets do not end at an octet",
    cidr: "172.31.128.0/18",
    zones: 2,
    cidrs: {
      public: ["172.31.128.0/22", "172.31.132.0/22"],
      private: ["172.31.144.0/22", "172.31.148.0/22"],
      isolated: ["172.31.160.0/22", "172.31.164.0/22"],
    },
  },
])("$name", ({ cidr, zones, cidrs }) => {
  expect(subnetCidrs(cidr, zones)).toEqual(cidrs);
});

test("a third zone moves no subnet of the first two", () => {
  const two = subnetCidrs("10.0.0.0/16", 2);
  const three = subnetCidrs("10.0.0.0/16", 3);
  for (const tier of ["public", "private", "isolated"] as const) {
    expect(three[tier].slice(0, 2)).toEqual(two[tier]);
  }
});

test.each(Array.from({ length: 9 }, (_, index) => 16 + index))(
  "the subnets of a /%s lie within it and never overlap",
  (prefix) => {
    const { public: open, private: closed, isolated } = subnetCidrs(`10.0.0.0/${prefix}`, 3);
    const ranges = [...open, ...closed, ...isolated].map(range).sort((a, b) => a.start - b.start);
    const vpc = range(`10.0.0.0/${prefix}`);
    ranges.forEach(({ start, end }, index) => {
      expect(start).toBeGreaterThanOrEqual(ranges[index - 1]?.end ?? vpc.start);
      expect(end).toBeLessThanOrEqual(vpc.end);
    });
  },
);

test.each([
  { cidr: "10.0.0.0/15", zones: 2, message: 'cidr must be from /16 to /24, got "10.0.0.0/15"' },
  { cidr: "10.0.0.0/25", zones: 2, message: 'cidr must be from /16 to /24, got "10.0.0.0/25"' },
  { cidr: "10.0.0.0", zones: 2, message: 'cidr must be an IPv4 range such as 10.0.0.0/16, got "10.0.0.0"' },
  {
    cidr: "10.0.256.0/16",
    zones: 2,
    message: 'cidr must be an IPv4 range such as 10.0.0.0/16, got "10.0.256.0/16"',
  },
  { cidr: "fd00::/56", zones: 2, message: 'cidr must be an IPv4 range such as 10.0.0.0/16, got "fd00::/56"' },
  {
    cidr: "10.0.1.0/16",
    zones: 2,
    message: 'cidr must begin at the first address of its range, 10.0.0.0/16, got "10.0.1.0/16"',
  },
  { cidr: "10.0.0.0/16", zones: 1, message: "availabilityZones must hold 2 or 3 zones, got 1" },
  { cidr: "10.0.0.0/16", zones: 4, message: "availabilityZones must hold 2 or 3 zones, got 4" },
])("$cidr over $zones zones is refused", ({ cidr, zones, message }) => {
  expect(() => subnetCidrs(cidr, zones)).toThrow(new Error(message));
});

/** First address of a range, and the one after its last. */
function range(cidr: string): { start: number; end: number } {
  const [address = "", prefix] = cidr.split("/");
  const start = address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
  return { start, end: start + 2 ** (32 - Number(prefix)) };
}
