import type { Construct } from "constructs";
import type { PolicyStatement } from "../internal/iam";
import type { Label } from "../internal/label";
import { Table } from "../internal/table";

/** The table of the products. */
export interface CatalogTableConfig {
  /** Names of the environment. */
  readonly label: Label;
  /** ARN of the KMS key for the data. */
  readonly kmsKeyArn: string;
  /** AWS refuses to delete the table, and Terraform to destroy or replace it. */
  readonly deletionProtection: boolean;
  /** Days that the table can be restored to any second of, 1 to 35. */
  readonly pointInTimeRecoveryDays: number;
  /** Read units per second that the table, and its index, serve at most: what a flood can cost. @default the account's limit */
  readonly onDemandMaximumReadUnits?: number;
  /** Write units per second that the table, and its index, serve at most. @default the account's limit */
  readonly onDemandMaximumWriteUnits?: number;
  /** SNS topic of the alarms. */
  readonly alarmTopicArn: string;
}

/** Lists the products. The name is part of the contract with services/catalog. */
const LISTING_INDEX = "byListing";

/**
 * DynamoDB table of the products: on demand, encrypted with the customer's key, restorable to any second.
 *
 * The key is `id`; the global index `byListing` holds, in one partition, the products whose `listing` is `listed`, by `id`.
 *
 * @throws Error naming the field that is out of range
 */
export class CatalogTable extends Table {
  constructor(scope: Construct, id: string, config: CatalogTableConfig) {
    super(scope, id, {
      ...config,
      name: "products",
      hashKey: "id",
      globalIndexes: [{ name: LISTING_INDEX, hashKey: "listing", rangeKey: "id" }],
      operations: ["GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem"],
    });
  }

  /** Lets its holder read products by their ids, and list them. No scan. */
  grantRead(): PolicyStatement[] {
    return [
      {
        sid: "ReadProducts",
        actions: ["dynamodb:GetItem", "dynamodb:BatchGetItem"],
        resources: [this.tableArn],
      },
      { sid: "ListProducts", actions: ["dynamodb:Query"], resources: [this.indexArn(LISTING_INDEX)] },
      this.openStatement("OpenProducts"),
    ];
  }

  /** Lets its holder read, and write products one by one. It cannot delete any: a product that is sold no more leaves the listing. */
  grantReadWrite(): PolicyStatement[] {
    return [
      ...this.grantRead(),
      {
        sid: "WriteProducts",
        actions: ["dynamodb:PutItem", "dynamodb:UpdateItem"],
        resources: [this.tableArn],
      },
    ];
  }

  /** Lets its holder change the stock of products, by transactions, without reading them. */
  stockStatements(): PolicyStatement[] {
    return [
      { sid: "ChangeStock", actions: ["dynamodb:UpdateItem"], resources: [this.tableArn] },
      this.openStatement("OpenProducts"),
    ];
  }
}
