/** Stands for DynamoDB, in a process of its own: runtime's stub, which takes all that is written and has nothing. */
import { startDynamoDbStub } from "../../../runtime/dynamodb-stub";

async function main(): Promise<void> {
  const stub = await startDynamoDbStub(() => {
    // It keeps what it was asked: here that would be all.
    stub.calls.length = 0;
    return { status: 200, body: {} };
  });
  process.send?.(stub.endpoint);
}

void main();
