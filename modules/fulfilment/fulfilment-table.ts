import type { Construct } from "constructs";
import type { PolicyStatement } from "../internal/iam";
import { Table, type TableConfig } from "../internal/table";

/** DynamoDB table of fulfilments and of the ledger (`fulfilment`). */
export class FulfilmentTable extends Table {
  constructor(
    scope: Construct,
    id: string,
    config: Omit<TableConfig, "name" | "hashKey" | "rangeKey" | "operations">,
  ) {
    super(scope, id, {
      ...config,
      name: "fulfilment",
      hashKey: "pk",
      rangeKey: "sk",
      operations: ["GetItem", "Query", "TransactWriteItems"],
    });
  }

  /**
   * What the steps need: to read single items, and to write by transactions, which ask for the right of each of their parts. Only what waits for
   * approval, and its tokens, are deleted. No query, no scan.
   */
  stepStatements(): PolicyStatement[] {
    return [
      { sid: "ReadFulfilments", actions: ["dynamodb:GetItem"], resources: [this.tableArn] },
      {
        sid: "WriteFulfilments",
        actions: ["dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
        resources: [this.tableArn],
      },
      this.openStatement("OpenFulfilments"),
    ];
  }

  /** What it takes to show the orders that wait for approval, and to write down what is decided. Nothing of the ledger. */
  approvalStatements(): PolicyStatement[] {
    const on = (sid: string, actions: string[], partitions: string): PolicyStatement => ({
      ...{ sid, actions, resources: [this.tableArn] },
      // Transactions are evaluated part by part, each by its own partition.
      conditions: { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": partitions } },
    });
    return [
      on("DecideOnOrders", ["dynamodb:GetItem", "dynamodb:PutItem"], "order#*"),
      on("ListApprovals", ["dynamodb:DeleteItem", "dynamodb:Query"], "approvals"),
      this.openStatement("OpenFulfilments"),
    ];
  }
}
