import { ElasticacheUser } from "@cdktf/provider-aws/lib/elasticache-user";
import { ElasticacheUserGroup } from "@cdktf/provider-aws/lib/elasticache-user-group";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Settings } from "./config";
import { PasswordUser } from "./password-user";

/** Longest id of a user. */
const MAXIMUM_LENGTH = 40;

/** The user that clients sign in as, in the group that a cache lets in. */
export class Users extends Construct {
  /** Id of the group. */
  readonly groupId: string;
  /** Name, and id, of the user. */
  readonly userName: string;
  /** ARN of the user. */
  readonly userArn: string;
  /** ARN of the secret with the user's password. Undefined with IAM. */
  readonly secretArn?: string;

  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id);
    const { engine, label, name } = settings;
    // A user who signs in by IAM has one name for both.
    this.userName = label.name(name, MAXIMUM_LENGTH);
    this.userArn = `arn:aws:elasticache:${label.region}:${label.accountId}:user:${this.userName}`;
    const dependsOn: ITerraformDependable[] = [];
    if (settings.authentication === "password") {
      const user = new PasswordUser(this, "password", { settings, userName: this.userName });
      dependsOn.push(user.stack);
      this.secretArn = user.secretArn;
    } else {
      dependsOn.push(
        new ElasticacheUser(this, "user", {
          userId: this.userName,
          userName: this.userName,
          engine,
          accessString: settings.accessString,
          authenticationMode: { type: "iam" },
        }),
      );
    }
    const everyone = engine === "redis" ? [this.addDefaultUser(settings)] : [];
    this.groupId = new ElasticacheUserGroup(this, "group", {
      userGroupId: this.userName,
      engine,
      userIds: [this.userName, ...everyone],
      dependsOn,
    }).userGroupId;
  }

  /** Redis wants a user called `default`, as whom clients without a name sign in: this one cannot. Valkey does without. */
  private addDefaultUser({ engine, label, name }: Settings): string {
    return new ElasticacheUser(this, "default", {
      userId: label.name(`${name}-default`, MAXIMUM_LENGTH),
      userName: "default",
      engine,
      accessString: "off ~* -@all",
      noPasswordRequired: true,
    }).userId;
  }
}
