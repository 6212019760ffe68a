/** Hours of a month, as AWS's pages count them. */
export const HOURS = 730;
