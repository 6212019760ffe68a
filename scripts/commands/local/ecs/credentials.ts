import { randomBytes, timingSafeEqual } from "node:crypto";
import type { RoleCredentials } from "./clients";

/** Credentials are renewed this long before they end, as ECS does. */
const RENEWAL_MILLISECONDS = 5 * 60_000;

/** Gives a role's credentials for a session. */
export type Assume = (roleArn: string, session: string) => Promise<RoleCredentials>;

/** The credentials of tasks: each task has a path and a token of its own, as ECS's endpoint has. */
export class TaskCredentials {
  private readonly tasks = new Map<string, { token: string; roleArn: string; known?: RoleCredentials }>();

  constructor(
    private readonly assume: Assume,
    private readonly now: () => number = Date.now,
  ) {}

  /** Opens the endpoint of a task. @returns its path and the token that it asks for */
  add(taskId: string, roleArn: string): { readonly path: string; readonly token: string } {
    const token = randomBytes(24).toString("base64url");
    this.tasks.set(taskId, { token, roleArn });
    return { path: `/credentials/${taskId}`, token };
  }

  /** Closes it. */
  remove(taskId: string): void {
    this.tasks.delete(taskId);
  }

  /**
   * Answers a task.
   *
   * @param token value of the header Authorization
   * @returns status and JSON body in the form that AWS's SDKs read
   * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
   */
  async answer(
    taskId: string,
    token: string | undefined,
  ): Promise<{ readonly status: number; readonly body: object }> {
    const task = this.tasks.get(taskId);
    if (!task || !isEqual(task.token, token)) return { status: 403, body: { message: "Forbidden" } };
    if (!task.known || task.known.expiration.getTime() - this.now() < RENEWAL_MILLISECONDS) {
      task.known = await this.assume(task.roleArn, taskId);
    }
    const { accessKeyId, secretAccessKey, sessionToken, expiration } = task.known;
    return {
      status: 200,
      body: {
        RoleArn: task.roleArn,
        AccessKeyId: accessKeyId,
        SecretAccessKey: secretAccessKey,
        Token: sessionToken,
        Expiration: expiration.toISOString(),
      },
    };
  }
}

function isEqual(expected: string, given: string | undefined): boolean {
  const [left, right] = [Buffer.from(expected), Buffer.from(given ?? "")];
  return left.length === right.length && timingSafeEqual(left, right);
}
