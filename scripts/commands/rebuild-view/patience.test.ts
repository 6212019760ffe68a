import { timeoutSeconds } from "../../../functions/order-history/function.json";
import { GENERATIONS_MILLISECONDS } from "../../../runtime";
import { ACCOUNT } from "../local/settings";
import { patienceOf } from "./run";

test("on AWS, rows are let end once no invocation is left that was told of their generation", () => {
  expect(patienceOf("123456789012").forgetMilliseconds).toBeGreaterThan(
    GENERATIONS_MILLISECONDS + timeoutSeconds * 1000,
  );
});

test("before a replay begins, every process knows that a generation is built", () => {
  for (const account of ["123456789012", ACCOUNT.id]) {
    expect(patienceOf(account).settleMilliseconds).toBeGreaterThan(GENERATIONS_MILLISECONDS);
  }
});
