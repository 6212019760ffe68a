/**
 * Stands for what the services call and this machine does not have: DynamoDB, which always has the product; the sessions API, where
 * every token is of user-1; and the catalog before the orders service, so that this is measured alone.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { PRODUCT } from "./product";

const { listed: _, ...fields } = PRODUCT;
const ITEM = Object.fromEntries(
  Object.entries({ ...fields, listing: "listed" }).map(([name, value]) => [
    name,
    typeof value === "number" ? { N: String(value) } : { S: value },
  ]),
);
const ANSWERS = {
  dynamodb: JSON.stringify({ Item: ITEM }),
  catalog: JSON.stringify({ items: [PRODUCT] }),
  sessions: JSON.stringify({ principal: "user-1", expiresAt: "2099-01-01T00:00:00.000Z" }),
};

const server = createServer((request, response) => {
  request.resume().on("end", () => {
    const byPath = request.url === "/session-checks" ? "sessions" : "catalog";
    const which = request.headers["x-amz-target"] === undefined ? byPath : "dynamodb";
    response.writeHead(200, { "Content-Type": "application/json" }).end(ANSWERS[which]);
  });
});
server.listen(0, "127.0.0.1", () => {
  console.log(JSON.stringify({ message: "listening", port: (server.address() as AddressInfo).port }));
});
