import { dynamoDbProblem, Problem } from "../../runtime";

/**
 * To-dos of one owner and their index are together at most 10 GB:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LSI.html#LSI.ItemCollections.SizeLimit
 */
const FULL = "ItemCollectionSizeLimitExceeded";

interface ClientError {
  readonly name?: string;
  readonly CancellationReasons?: readonly { readonly Code?: string }[];
}

/**
 * What an error of the DynamoDB client, after its last attempt, means to the API's client.
 *
 * @returns 503 when trying again later helps, 504 when there was no answer, 409 when the owner's space is used up; nothing for what is this function's own fault
 */
export function dependencyProblem(error: unknown): Problem | undefined {
  const { name, CancellationReasons = [] } = Object(error) as ClientError;
  if (name === `${FULL}Exception` || CancellationReasons.some(({ Code }) => Code === FULL)) {
    return new Problem(
      409,
      "The user's to-dos take up all the space there is. Delete some, or make them smaller.",
    );
  }
  return dynamoDbProblem(error);
}
