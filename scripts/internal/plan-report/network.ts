import { isValues, type PlannedChange, plain, type References, type Value, type Values } from "../plan";
import { accessChanges, type Permission } from "./access";
import { code } from "./code";
import type { AccessChange } from "./report";

/** Whether connections come in or go out. */
type Direction = "in" | "out";

/** Ranges of everybody. */
const EVERYWHERE: ReadonlySet<string> = new Set(["0.0.0.0/0", "::/0"]);

/** What may reach what, more or less than before: rules of security groups, on whatever resource they are. */
export function networkChanges(changes: readonly PlannedChange[], references: References): AccessChange[] {
  const of = (state: "before" | "after") =>
    changes.flatMap((change) => rulesOf(change, change[state], references));
  return accessChanges(of("before"), of("after"), {
    may: "may now",
    mayNot: "may no longer",
    denied: "is now denied",
    notDenied: "is no longer denied",
    on: "on",
  });
}

function rulesOf(change: PlannedChange, values: Values | null, references: References): Permission[] {
  if (values === null || change.action === "read" || change.action === "forget") return [];
  const { path, type } = change;
  /** Group or list behind an attribute, by the path of its resource where one has it. */
  const groupOf = (value: Value | undefined, attribute: string) =>
    typeof value === "string"
      ? references.pathOfId(value)
      : (references.nameOf(change.address, attribute)?.replace(/^\{(.*)\.id\}$/, "$1") ??
        String(plain(value ?? null)));
  const rule = (direction: Direction, group: string, peers: readonly string[], from: Values): Permission[] =>
    peers.map((peer) => ({
      path,
      effect: "Allow",
      subject: code(group),
      action: `${direction === "in" ? "be reached from" : "reach"} ${EVERYWHERE.has(peer) ? `everywhere (${code(peer)})` : code(peer)}`,
      object: portsOf(from),
      condition: "",
      everybody: direction === "in" && EVERYWHERE.has(peer),
    }));

  if (type === "aws_vpc_security_group_ingress_rule" || type === "aws_vpc_security_group_egress_rule") {
    const direction = type.includes("ingress") ? "in" : "out";
    const peers = [
      ...textsOf(values["cidr_ipv4"]),
      ...textsOf(values["cidr_ipv6"]),
      ...["prefix_list_id", "referenced_security_group_id"].flatMap((name) =>
        isSet(values[name]) ? [groupOf(values[name], name)] : [],
      ),
    ];
    return rule(direction, groupOf(values["security_group_id"], "security_group_id"), peers, values);
  }
  if (type === "aws_security_group_rule") {
    const group = groupOf(values["security_group_id"], "security_group_id");
    const source = "source_security_group_id";
    const peers = [
      ...rangesOf(values, group, references),
      ...(isSet(values[source]) ? [groupOf(values[source], source)] : []),
    ];
    return rule(values["type"] === "ingress" ? "in" : "out", group, peers, values);
  }
  if (type !== "aws_security_group" && type !== "aws_default_security_group") return [];
  return (["ingress", "egress"] as const).flatMap((name) => {
    const rules = values[name];
    return (Array.isArray(rules) ? rules : []).flatMap((each) =>
      isValues(each)
        ? rule(name === "ingress" ? "in" : "out", path, rangesOf(each, path, references), each)
        : [],
    );
  });
}

/** Peers of a rule that may have several. */
function rangesOf(rule: Values, group: string, references: References): string[] {
  return [
    ...textsOf(rule["cidr_blocks"]),
    ...textsOf(rule["ipv6_cidr_blocks"]),
    ...textsOf(rule["prefix_list_ids"]),
    ...textsOf(rule["security_groups"]).map((id) => references.pathOfId(id)),
    ...(rule["self"] === true ? [group] : []),
  ];
}

/** e.g. `tcp 443`, `udp 1024–2048`, `every port and protocol`. */
function portsOf(rule: Values): string {
  const protocol = String(plain(rule["ip_protocol"] ?? rule["protocol"] ?? "-1"));
  if (protocol === "-1" || protocol === "all") return "every port and protocol";
  const [from, to] = [rule["from_port"], rule["to_port"]].map((port) => plain(port ?? null));
  if (protocol.startsWith("icmp") || from === null) return protocol;
  if (from === 0 && to === 65_535) return `every ${protocol} port`;
  return from === to ? `${protocol} ${from}` : `${protocol} ${from}–${to}`;
}

function isSet(value: Value | undefined): boolean {
  return value !== undefined && value !== null && value !== "";
}

function textsOf(value: Value | undefined): string[] {
  if (!isSet(value)) return [];
  return (Array.isArray(value) ? value : [value as Value]).map((part) => String(plain(part)));
}
