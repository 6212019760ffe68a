import { RetryBudget } from "./retry-budget";

test("allows as many at once as it holds", () => {
  const budget = new RetryBudget({ capacity: 2 });
  expect([budget.spend(), budget.spend(), budget.spend()]).toEqual([true, true, false]);
});

test("calls earn retries, never more than it holds", () => {
  const budget = new RetryBudget({ capacity: 1, perCall: 0.5 });
  budget.spend();
  budget.earn();
  expect(budget.spend()).toBe(false);
  budget.earn();
  expect(budget.spend()).toBe(true);
  for (let call = 0; call < 10; call++) budget.earn();
  expect([budget.spend(), budget.spend()]).toEqual([true, false]);
});
