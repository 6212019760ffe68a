import type { Distribution } from "../../internal/cdn-model";

/**
 * Parts of the world by which CloudFront's prices and price classes go, as the prices of scripts/internal/prices name them.
 *
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/PriceClass.html
 */
export const GEOGRAPHIES = [
  "north-america",
  "europe",
  "africa-and-middle-east",
  "south-america",
  "japan",
  "australia-and-new-zealand",
  "asia-pacific",
  "india",
] as const;

/** One of them. Mexico is in `north-america`, Israel and Türkiye in `europe`, Hong Kong and Singapore in `asia-pacific`. */
export type Geography = (typeof GEOGRAPHIES)[number];

const IN_CLASS_100: readonly Geography[] = ["north-america", "europe"];
const NOT_IN_CLASS_200: readonly Geography[] = ["south-america", "australia-and-new-zealand"];

/** Geographies whose edge locations serve a distribution. */
export function servedFrom({ priceClass }: Pick<Distribution, "priceClass">): readonly Geography[] {
  switch (priceClass) {
    case "PriceClass_100":
      return IN_CLASS_100;
    case "PriceClass_200":
      return GEOGRAPHIES.filter((geography) => !NOT_IN_CLASS_200.includes(geography));
    default:
      return GEOGRAPHIES;
  }
}
