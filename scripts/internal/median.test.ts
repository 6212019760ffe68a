import { median } from "./median";

test.each([
  { of: [3, 1, 2], is: 2 },
  { of: [4, 1, 2, 10], is: 3 },
  { of: [], is: Number.NaN },
])("the median of $of is $is", ({ of, is }) => {
  expect(median(of)).toBe(is);
});
