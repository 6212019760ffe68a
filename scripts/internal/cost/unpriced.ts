/** Types that cost something, and are not worked out: the reason. */
export const UNPRICED_TYPES: Readonly<Record<string, string>> = {};
