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
   * What the steps need: to read single items and the partition of approvals, and to write by transactions, which ask for the right of each of
   * their parts. Only requests for approval are deleted. No scan.
   */
  stepStatements(): PolicyStatement[] {
    return [
      {
        sid: "ReadFulfilments",
        actions: ["dynamodb:GetItem", "dynamodb:Query"],
        resources: [this.tableArn],
      },
      {
        sid: "WriteFulfilments",
        actions: ["dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
        resources: [this.tableArn],
      },
      this.openStatement("OpenFulfilments"),
    ];
  }
}
