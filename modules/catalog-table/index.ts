/**
 * The DynamoDB table of the catalog's products: a partition for each product, and one index that lists them in the order of
 * their ids without a scan.
 *
 * The index is sparse, and one partition: it holds the products whose attribute `listing` is `listed`. A partition takes 1,000
 * write units and 3,000 read units a second, so with products of up to 1 KB a thousand changes, and, as an index is read without
 * consistency at half the price, 24 MB of listings. What is asked for by its id goes to the table itself, whose partitions are as many as
 * the products. A catalog beyond that needs another value of `listing` for each share of its products, and a query for each.
 *
 * Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html
 *
 * @module
 */
export { CatalogTable, type CatalogTableConfig } from "./catalog-table";
