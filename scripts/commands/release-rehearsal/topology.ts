import type { Origin } from "../../internal/cdn-model";
import type { Geography } from "./geographies";
import type { Plan } from "./plan";

/** CloudFront's caches as a plan has them: edge locations, then regional edge caches, Origin Shield among them. */
export interface Topology {
  /** By number. */
  readonly edges: readonly Edge[];
  /** AWS regions of the regional edge caches. Their numbers follow those of the edges. */
  readonly regions: readonly string[];
  /** How many caches there are. */
  readonly nodes: number;
  /** Groups of clients: their part of all, and the edges that they reach. */
  readonly groups: readonly { readonly share: number; readonly firstEdge: number; readonly edges: number }[];
  /**
   * The caches that a request passes on its way to an origin, the edge first. Where the regional edge cache is the one that is Origin
   * Shield, the way has it once.
   *
   * @param cached dynamic requests pass no regional edge cache but Origin Shield
   */
  wayTo(origin: Origin, edge: number, cached: boolean): Way;
}

/** A way from an edge to an origin. */
export interface Way {
  /** Numbers of its caches, the edge first. */
  readonly nodes: readonly number[];
  /** Region of Origin Shield where it is on the way. */
  readonly shieldRegion?: string;
  /** Origin Shield is a layer more than there would be without it, which is charged. */
  readonly isIncremental: boolean;
}

/** An edge location. */
export interface Edge {
  readonly geography: Geography;
  /** AWS region of the regional edge cache behind it. */
  readonly region: string;
}

/**
 * Lays out the caches of a plan.
 *
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HowCloudFrontWorks.html#CloudFrontRegionaledgecaches
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/origin-shield.html
 *
 * @param origins those that are asked
 */
export function topologyOf(plan: Pick<Plan, "viewers" | "origin">, origins: readonly Origin[]): Topology {
  const edges: Edge[] = [];
  const groups = plan.viewers.map(({ geography, share, edgeLocations, regionalCaches }) => {
    const firstEdge = edges.length;
    for (let index = 0; index < edgeLocations; index++) {
      edges.push({ geography, region: regionalCaches[index % regionalCaches.length] as string });
    }
    return { share, firstEdge, edges: edgeLocations };
  });
  const shields = origins.flatMap(({ shieldRegion }) => shieldRegion ?? []);
  const regions = [...new Set([...edges.map(({ region }) => region), ...shields])];
  const nodeOf = (region: string) => edges.length + regions.indexOf(region);
  return {
    edges,
    regions,
    nodes: edges.length + regions.length,
    groups,
    wayTo: ({ kind, shieldRegion }, edge, cached) => {
      const { region } = edges[edge] as Edge;
      if (!cached) {
        return {
          nodes: shieldRegion === undefined ? [edge] : [edge, nodeOf(shieldRegion)],
          ...(shieldRegion !== undefined && { shieldRegion }),
          isIncremental: shieldRegion !== undefined,
        };
      }
      // A bucket's region needs no other cache before it.
      const skips = kind === "s3" && shieldRegion === undefined && region === plan.origin.region;
      const isIncremental = shieldRegion !== undefined && shieldRegion !== region;
      return {
        nodes: [edge, ...(skips ? [] : [nodeOf(region)]), ...(isIncremental ? [nodeOf(shieldRegion)] : [])],
        ...(shieldRegion !== undefined && { shieldRegion }),
        isIncremental,
      };
    },
  };
}
