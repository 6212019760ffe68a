import { GlueCatalogDatabase } from "@cdktf/provider-aws/lib/glue-catalog-database";
import { GlueCatalogTable } from "@cdktf/provider-aws/lib/glue-catalog-table";
import { Construct } from "constructs";
import type { Label } from "../internal/label";

/** First year of the partitions, and the last: Athena computes them and asks S3 for none that no query needs. */
const YEARS = "2025,2099";

/** Table of the access logs. */
export interface LogTableConfig {
  /** Names of the environment. */
  readonly label: Label;
  /** Id of the distribution. */
  readonly distributionId: string;
  /** Where the logs are, `s3://<bucket>/<folder>`. */
  readonly location: string;
  /** Names of the logged fields, as CloudFront's. */
  readonly fields: readonly string[];
}

/**
 * Table by which Athena queries the access logs, in the environment's region. A query should name `distributionid`, `year` and `month`,
 * so that it reads, and is billed for, those files alone.
 *
 * Source: https://docs.aws.amazon.com/athena/latest/ug/create-cloudfront-table-partition-parquet.html
 */
export class LogTable extends Construct {
  /** Name of the table, with its database's: `<database>.<table>`. */
  readonly name: string;

  constructor(scope: Construct, id: string, { label, distributionId, location, fields }: LogTableConfig) {
    super(scope, id);
    const database = new GlueCatalogDatabase(this, "database", {
      name: sqlName(label.name("downloads", 255)),
      description: "Access logs of the release downloads.",
    });
    const table = new GlueCatalogTable(this, "table", {
      name: "access_logs",
      databaseName: database.name,
      description: "One row for each request that CloudFront answered.",
      tableType: "EXTERNAL_TABLE",
      partitionKeys: [
        { name: "distributionid", type: "string" },
        ...["year", "month", "day", "hour"].map((name) => ({ name, type: "int" })),
      ],
      parameters: {
        EXTERNAL: "TRUE",
        "projection.enabled": "true",
        "projection.distributionid.type": "enum",
        "projection.distributionid.values": distributionId,
        "projection.year.type": "integer",
        "projection.year.range": YEARS,
        ...twoDigits("month", "1,12"),
        ...twoDigits("day", "1,31"),
        ...twoDigits("hour", "0,23"),
        // Athena's own variables, which are not Terraform's.
        "storage.location.template": `${location}/DistributionId=$\${distributionid}/year=$\${year}/month=$\${month}/day=$\${day}/hour=$\${hour}`,
      },
      storageDescriptor: {
        location: `${location}/`,
        inputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
        outputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
        serDeInfo: {
          name: "parquet",
          serializationLibrary: "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
        },
        columns: fields.map((field) => ({ name: sqlName(field), type: "string" })),
      },
    });
    this.name = `${database.name}.${table.name}`;
  }
}

function twoDigits(key: string, range: string): Record<string, string> {
  return {
    [`projection.${key}.type`]: "integer",
    [`projection.${key}.range`]: range,
    [`projection.${key}.digits`]: "2",
  };
}

/** `cs(User-Agent)` is the column `cs_user_agent`. */
function sqlName(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/_$/, "");
}
