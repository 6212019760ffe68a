/** The catalog without its frame. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { boundedClientConfig } from "../../../../runtime";
import { DynamoDbProductStore } from "../../../../services/catalog/dynamodb-store";
import { catalogRoutes } from "../../../../services/catalog/routes";
import { serveRoutes } from "./serve-app";

const store = new DynamoDbProductStore({
  client: new DynamoDBClient(boundedClientConfig()),
  tableName: "products",
  pause: async () => undefined,
});
serveRoutes(catalogRoutes({ store, now: Date.now }));
