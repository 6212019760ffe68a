import {
  isValues,
  JsonText,
  type PlannedChange,
  plain,
  type References,
  type Value,
  type Values,
} from "../plan";
import { accessChanges, type Permission } from "./access";
import { code } from "./code";
import type { AccessChange } from "./report";

/** Which attribute of a resource is a policy, and whose. */
interface PolicyPlace {
  readonly attribute: string;
  /** Attribute that names who has the policy. @default the policy's own principals */
  readonly holder?: string;
  /** What it is about, where its statements do not say it, or say `*` and mean itself. @default they say it */
  readonly about?: "itself";
}

/** Resources whose policies say who may do what. */
const POLICIES: Readonly<Record<string, readonly PolicyPlace[]>> = {
  aws_iam_role_policy: [{ attribute: "policy", holder: "role" }],
  aws_iam_user_policy: [{ attribute: "policy", holder: "user" }],
  aws_iam_group_policy: [{ attribute: "policy", holder: "group" }],
  aws_iam_policy: [{ attribute: "policy", holder: "name" }],
  aws_iam_role: [{ attribute: "assume_role_policy", about: "itself" }],
  aws_kms_key: [{ attribute: "policy", about: "itself" }],
  aws_kms_key_policy: [{ attribute: "policy", about: "itself" }],
  aws_s3_bucket_policy: [{ attribute: "policy" }],
  aws_sqs_queue_policy: [{ attribute: "policy" }],
  aws_sqs_queue: [{ attribute: "policy" }],
  aws_sns_topic_policy: [{ attribute: "policy" }],
  aws_sns_topic: [{ attribute: "policy" }],
  aws_ecr_repository_policy: [{ attribute: "policy", about: "itself" }],
  aws_secretsmanager_secret_policy: [{ attribute: "policy", about: "itself" }],
  aws_cloudwatch_log_resource_policy: [{ attribute: "policy_document" }],
  aws_cloudwatch_event_bus_policy: [{ attribute: "policy" }],
  aws_vpc_endpoint: [{ attribute: "policy" }],
  aws_api_gateway_rest_api: [{ attribute: "policy" }],
  aws_api_gateway_rest_api_policy: [{ attribute: "policy" }],
  aws_dynamodb_resource_policy: [{ attribute: "policy" }],
  aws_kinesis_resource_policy: [{ attribute: "policy" }],
  aws_efs_file_system_policy: [{ attribute: "policy" }],
  aws_backup_vault_policy: [{ attribute: "policy" }],
};

/** Attachments of policies that are named only, each with who gets it. */
const ATTACHMENTS: Readonly<Record<string, string>> = {
  aws_iam_role_policy_attachment: "role",
  aws_iam_user_policy_attachment: "user",
  aws_iam_group_policy_attachment: "group",
};

/** Conditions that say who calls, or from where: with one of them, not everybody does. */
const WHO =
  /^(?:aws:(?:Source|Principal|Called)|kms:(?:CallerAccount|ViaService)|s3:DataAccessPoint|sts:ExternalId)|:(?:aud|sub|amr)$/i;

/** Who may do more, or less, once a plan is applied: policies of roles and of resources compared statement by statement. */
export function iamChanges(changes: readonly PlannedChange[], references: References): AccessChange[] {
  const of = (state: "before" | "after") =>
    changes.flatMap((change) => permissionsOf(change, change[state], state, references));
  return accessChanges(of("before"), of("after"), {
    may: "may now",
    mayNot: "may no longer",
    denied: "is now denied",
    notDenied: "is no longer denied",
    on: "on",
  });
}

function permissionsOf(
  change: PlannedChange,
  values: Values | null,
  state: "before" | "after",
  references: References,
): Permission[] {
  if (values === null || change.action === "read" || change.action === "forget") return [];
  const { path, type } = change;
  const named = (attribute: string) => nameOf(change, values, attribute, references);
  const single = (subject: string, action: string, object: string, condition = ""): Permission => ({
    path,
    effect: "Allow",
    subject,
    action,
    object,
    condition,
    everybody: subject === EVERYBODY && condition === "",
  });
  const holder = own(ATTACHMENTS, type);
  if (holder !== undefined) {
    return [single(code(named(holder)), `do what ${code(named("policy_arn"))} allows`, "")];
  }
  if (type === "aws_lambda_permission") {
    const conditions = [...textsOf(values["source_arn"]), ...textsOf(values["source_account"])];
    const subject = principal(named("principal"));
    const from = conditions.length > 0 ? `it acts for ${conditions.map(code).join(", ")}` : "";
    return [single(subject, code(named("action")), code(named("function_name")), from)];
  }
  return (own(POLICIES, type) ?? []).flatMap((place) => {
    const document = values[place.attribute];
    const subject = place.holder === undefined ? undefined : code(named(place.holder));
    if (document instanceof JsonText) return ofDocument(document, path, subject, place.about && path);
    // Not even the stack says it.
    const unknown =
      state === "after" && change.attributes.some((each) => each.path === place.attribute && each.unknown);
    const unchanged = change.before !== null && document !== undefined;
    return unknown && !unchanged
      ? [single(subject ?? "somebody", "do what is known only when the plan is applied", "")]
      : [];
  });
}

function ofDocument(
  { content }: JsonText,
  path: string,
  holder: string | undefined,
  itself: string | undefined,
): Permission[] {
  if (!isValues(content)) return [];
  const statements = content["Statement"];
  return listOf(statements).flatMap((statement) => {
    if (!isValues(statement)) return [];
    const effect = statement["Effect"] === "Deny" ? "Deny" : "Allow";
    const [subjects, actions, objects] = [
      holder === undefined ? principalsOf(statement) : [holder],
      choices(statement, "Action", "do everything"),
      choices(statement, "Resource", "everything"),
    ];
    const meant =
      itself === undefined
        ? objects
        : objects.map((object) => (object === "everything" ? code(itself) : object));
    const about = meant.length > 0 ? meant : [itself === undefined ? "" : code(itself)];
    const conditions = conditionsOf(statement["Condition"]);
    return subjects.flatMap((subject) =>
      actions.flatMap((action) =>
        about.map(
          (object): Permission => ({
            path,
            effect,
            subject,
            action,
            object,
            condition: conditions.map(({ text }) => text).join(" and "),
            everybody:
              effect === "Allow" && subject === EVERYBODY && !conditions.some(({ key }) => WHO.test(key)),
          }),
        ),
      ),
    );
  });
}

const EVERYBODY = "everybody";

function principalsOf(statement: Values): string[] {
  const except = statement["NotPrincipal"];
  if (except !== undefined) {
    return [`everybody but ${principalsOf({ Principal: except }).join(", ")}`];
  }
  const given = statement["Principal"];
  if (!isValues(given)) return textsOf(given).map(principal);
  return Object.values(given).flatMap((part) => textsOf(part).map(principal));
}

function principal(name: string): string {
  return name === "*" ? EVERYBODY : code(name);
}

/** Actions or resources of a statement: each by itself, or all but some. */
function choices(statement: Values, name: "Action" | "Resource", every: string): string[] {
  const except = textsOf(statement[`Not${name}`]);
  if (except.length > 0) return [`${every} but ${except.map(code).join(", ")}`];
  return textsOf(statement[name]).map((text) => (text === "*" ? every : code(text)));
}

function conditionsOf(conditions: Value | undefined): { readonly key: string; readonly text: string }[] {
  if (!isValues(conditions ?? null)) return [];
  return Object.entries(conditions as Values).flatMap(([operator, keys]) =>
    isValues(keys)
      ? Object.entries(keys).map(([key, value]) => ({
          key,
          text: `${code(key)} ${operator} ${textsOf(value).map(code).join(" or ")}`,
        }))
      : [],
  );
}

/** What an attribute says, or what it is taken from where that is not known yet. */
function nameOf(change: PlannedChange, values: Values, attribute: string, references: References): string {
  const value = values[attribute];
  if (typeof value === "string") return value;
  const from = change.attributes.find(({ path }) => path === attribute)?.from;
  return from ?? references.nameOf(change.address, attribute) ?? String(plain(value ?? null));
}

function textsOf(value: Value | undefined): string[] {
  return listOf(value).flatMap((part) => (part === null ? [] : [String(plain(part))]));
}

function listOf(value: Value | undefined): readonly Value[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
