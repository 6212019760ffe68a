import {
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import { marshal } from "../../runtime";
import type { Fulfilment } from "./fulfilment";
import {
  APPROVALS,
  approvalItem,
  approvalKey,
  balanceKey,
  entryKey,
  fulfilmentItem,
  fulfilmentKey,
  fulfilmentOf,
  shipmentKey,
  tokenKey,
  waitingApprovalOf,
} from "./item";
import type { ApprovalsPage, Change, FulfilmentStore, WriteOutcome } from "./store";

/** What the store works with. */
export interface DynamoDbStoreConfig {
  readonly client: DynamoDBClient;
  /** Table of fulfilments and of the ledger. */
  readonly tableName: string;
  /** Table of the products. */
  readonly productsTableName: string;
  /** What a user may owe in one currency, in its smallest unit. */
  readonly creditLimitCents: number;
  /** Waits before a transaction is tried again. @param attempt 1 for the first wait */
  readonly pause: (attempt: number) => Promise<void>;
}

/** Approvals that are shown at once. */
const MOST_APPROVALS = 100;
/** How often a transaction is tried that others get in the way of. */
const ATTEMPTS = 8;
/** Why DynamoDB cancels a transaction that may go through a moment later. */
const PASSING = new Set([
  "TransactionConflict",
  "ThrottlingError",
  "ProvisionedThroughputExceeded",
  "InternalServerError",
]);

/** A part of a transaction, and what it means when its condition fails. */
interface Part {
  readonly write: TransactWriteItem;
  readonly refusal?: WriteOutcome;
}

/** Fulfilments in DynamoDB. A change is one transaction over all that it touches: record, products, ledger, approval, shipment. */
export class DynamoDbStore implements FulfilmentStore {
  constructor(private readonly config: DynamoDbStoreConfig) {}

  async find(orderId: string, abortSignal: AbortSignal): Promise<Fulfilment | undefined> {
    const { client, tableName: TableName } = this.config;
    const { Item } = await client.send(
      new GetItemCommand({ TableName, Key: fulfilmentKey(orderId), ConsistentRead: true }),
      { abortSignal },
    );
    return Item && fulfilmentOf(Item);
  }

  async approvalToken(orderId: string, abortSignal: AbortSignal): Promise<string | undefined> {
    const { client, tableName: TableName } = this.config;
    const { Item } = await client.send(
      new GetItemCommand({ TableName, Key: tokenKey(orderId), ConsistentRead: true }),
      { abortSignal },
    );
    return Item?.["token"]?.S;
  }

  async waitingApprovals(abortSignal: AbortSignal, from?: string): Promise<ApprovalsPage> {
    const { Items = [], LastEvaluatedKey } = await this.config.client.send(
      new QueryCommand({
        TableName: this.config.tableName,
        KeyConditionExpression: "#pk = :approvals",
        ExpressionAttributeNames: { "#pk": "pk" },
        ExpressionAttributeValues: marshal({ ":approvals": APPROVALS }),
        ConsistentRead: true,
        Limit: MOST_APPROVALS,
        ...(from !== undefined && { ExclusiveStartKey: marshal({ pk: APPROVALS, sk: from }) }),
      }),
      { abortSignal },
    );
    const next = LastEvaluatedKey?.["sk"]?.S;
    return { approvals: Items.map(waitingApprovalOf), ...(next !== undefined && { next }) };
  }

  async write(change: Change, abortSignal: AbortSignal): Promise<WriteOutcome> {
    // Who never owed anything has no balance to compare with.
    if (change.ledger === "charge" && change.fulfilment.totalCents > this.config.creditLimitCents) {
      return "creditExceeded";
    }
    const parts = this.partsOf(change);
    for (let attempt = 1; ; attempt++) {
      try {
        await this.config.client.send(
          new TransactWriteItemsCommand({ TransactItems: parts.map(({ write }) => write) }),
          { abortSignal },
        );
        return "written";
      } catch (error) {
        if (!(error instanceof TransactionCanceledException)) throw error;
        const codes = (error.CancellationReasons ?? []).map(({ Code }) => Code ?? "None");
        const refusals = parts.filter((_, index) => codes[index] === "ConditionalCheckFailed");
        // The record comes first: what it says now is more than that the stock has changed by the same order.
        const [first] = refusals;
        if (first?.refusal) return first.refusal;
        if (first || attempt === ATTEMPTS || !codes.some((code) => PASSING.has(code))) throw error;
        await this.config.pause(attempt);
      }
    }
  }

  private partsOf(change: Change): Part[] {
    return [
      this.recordPart(change.fulfilment),
      ...this.stockParts(change),
      ...this.ledgerParts(change),
      ...this.approvalParts(change),
      ...this.shipmentParts(change),
    ];
  }

  private recordPart(fulfilment: Fulfilment): Part {
    const before = fulfilment.revision - 1;
    const condition =
      before === 0
        ? { ConditionExpression: "attribute_not_exists(pk)" }
        : {
            ConditionExpression: "#revision = :before",
            ExpressionAttributeNames: { "#revision": "revision" },
            ExpressionAttributeValues: marshal({ ":before": before }),
          };
    const Item = fulfilmentItem(fulfilment);
    return {
      write: { Put: { TableName: this.config.tableName, Item, ...condition } },
      refusal: "changedMeanwhile",
    };
  }

  /** As any change of a product: its version and time change too, so that who read it before, or imports what is older, notices. */
  private stockParts({ stock, at, fulfilment }: Change): Part[] {
    if (!stock) return [];
    return fulfilment.items.map(({ productId, quantity }) => ({
      write: {
        Update: {
          TableName: this.config.productsTableName,
          Key: marshal({ id: productId }),
          UpdateExpression:
            "SET #available = #available + :change, #version = #version + :one, #updatedAt = :at",
          ConditionExpression: stock === "take" ? "#available >= :quantity" : "attribute_exists(#available)",
          ExpressionAttributeNames: {
            ...{ "#available": "available", "#version": "version", "#updatedAt": "updatedAt" },
          },
          ExpressionAttributeValues: marshal({
            ":change": stock === "take" ? -quantity : quantity,
            ":one": 1,
            ":at": at,
            ...(stock === "take" && { ":quantity": quantity }),
          }),
        },
      },
      ...(stock === "take" && { refusal: "outOfStock" as const }),
    }));
  }

  private ledgerParts({ ledger, at, fulfilment }: Change): Part[] {
    if (!ledger) return [];
    const { tableName: TableName, creditLimitCents } = this.config;
    const { totalCents } = fulfilment;
    const Item = {
      ...entryKey(fulfilment, ledger),
      ...marshal({ amountCents: ledger === "charge" ? totalCents : -totalCents, at }),
    };
    const Key = balanceKey(fulfilment);
    const balance =
      ledger === "charge"
        ? {
            UpdateExpression: "SET owedCents = if_not_exists(owedCents, :zero) + :amount",
            ConditionExpression: "attribute_not_exists(owedCents) OR owedCents <= :room",
            ExpressionAttributeValues: marshal({
              ...{ ":zero": 0, ":amount": totalCents, ":room": creditLimitCents - totalCents },
            }),
          }
        : {
            // Whatever is owed by now: who has paid meanwhile has a credit then. What was charged must go back in any case.
            UpdateExpression: "SET owedCents = if_not_exists(owedCents, :zero) - :amount",
            ExpressionAttributeValues: marshal({ ":zero": 0, ":amount": totalCents }),
          };
    return [
      {
        write: { Update: { TableName, Key, ...balance } },
        ...(ledger === "charge" && { refusal: "creditExceeded" as const }),
      },
      { write: { Put: { TableName, Item, ConditionExpression: "attribute_not_exists(pk)" } } },
    ];
  }

  private approvalParts({ waits, approvalToken: token, fulfilment }: Change): Part[] {
    const { tableName: TableName } = this.config;
    const Key = tokenKey(fulfilment.orderId);
    const parts: TransactWriteItem[] = [];
    if (waits) parts.push({ Put: { TableName, Item: approvalItem(fulfilment) } });
    if (waits === false) parts.push({ Delete: { TableName, Key: approvalKey(fulfilment) } });
    if (token === null) parts.push({ Delete: { TableName, Key } });
    else if (token !== undefined) parts.push({ Put: { TableName, Item: { ...Key, ...marshal({ token }) } } });
    return parts.map((write) => ({ write }));
  }

  private shipmentParts({ shipment, at, fulfilment }: Change): Part[] {
    if (!shipment) return [];
    const { orderId, principal, shipmentId = "", items } = fulfilment;
    const fields = marshal({ shipmentId, principal, items: JSON.stringify(items), at });
    const Item = { ...shipmentKey(orderId), ...fields };
    const ConditionExpression = "attribute_not_exists(pk)";
    return [{ write: { Put: { TableName: this.config.tableName, Item, ConditionExpression } } }];
  }
}
