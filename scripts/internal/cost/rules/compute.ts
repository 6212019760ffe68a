import { blocksOf, type Item, knownNumber, knownText, type Rules, UnknownValue } from "../item";
import { fixed, HOURS, usage } from "./charge";

/** GB of a task's disk that cost nothing: https://aws.amazon.com/fargate/pricing/ */
const FREE_TASK_DISK = 20;
/** GB of a function's disk that cost nothing: https://aws.amazon.com/lambda/pricing/ */
const FREE_FUNCTION_DISK = 0.5;

/** What runs. Scaled parts count with their minimum, and all of it on demand: spot capacity costs less, and its price changes daily. */
export const COMPUTE_RULES: Rules = {
  aws_autoscaling_group: [instances, disks],
  aws_ecs_service: [tasks],
  aws_lambda_function: [
    (code) => [usage("function, requests", "lambda", `requests${suffix(code)}`, code.usage("requests"))],
    (code) => [
      usage("function, duration", "lambda", `duration${suffix(code)}`, seconds(code) * memoryGigabytes(code)),
    ],
    (code) => {
      const [storage = {}] = code.blocks("ephemeral_storage");
      const size = (knownNumber(storage["size"], "ephemeral_storage.size") ?? 512) / 1024;
      if (size <= FREE_FUNCTION_DISK) return [];
      const gigabytes = size - FREE_FUNCTION_DISK;
      return [usage("function, disk", "lambda", "ephemeral-storage", seconds(code) * gigabytes)];
    },
  ],
};

function suffix(code: Item): string {
  const architectures = code.value("architectures");
  return Array.isArray(architectures) && architectures[0] === "arm64" ? "-arm64" : "";
}

function seconds(code: Item): number {
  return (code.usage("requests") * code.usage("functionMilliseconds")) / 1000;
}

function memoryGigabytes(code: Item): number {
  return (code.number("memory_size") ?? 128) / 1024;
}

/** The first type of the group is the one that it prefers. */
function instances(group: Item) {
  const [policy = {}] = group.blocks("mixed_instances_policy");
  const [launch = {}] = blocksOf(policy["launch_template"]);
  const [first = {}] = blocksOf(launch["override"]);
  const type = knownText(first["instance_type"], "instance_type") ?? templateOf(group)?.text("instance_type");
  if (type === undefined) throw new UnknownValue("its instance type is in no launch template of the stack");
  return [fixed(`${type} instances, hours`, "ec2", type, HOURS * minimum(group))];
}

function disks(group: Item) {
  const mappings = templateOf(group)?.blocks("block_device_mappings") ?? [];
  return mappings.flatMap(({ ebs }) =>
    blocksOf(ebs).map((disk) => {
      const size = knownNumber(disk["volume_size"], "volume_size");
      const type = knownText(disk["volume_type"], "volume_type") ?? "gp2";
      if (size === undefined) return { unknown: "the size of its disk is that of its image" };
      return fixed(`${type} disks of instances`, "ebs", type, size * minimum(group));
    }),
  );
}

function minimum(group: Item): number {
  return group.number("min_size") ?? 0;
}

function templateOf(group: Item): Item | undefined {
  const [policy = {}] = group.blocks("mixed_instances_policy");
  const [launch = {}] = blocksOf(policy["launch_template"]);
  const [named = group.blocks("launch_template")[0] ?? {}] = blocksOf(
    launch["launch_template_specification"],
  );
  return group.referred("aws_launch_template", named["launch_template_id"] ?? named["id"]);
}

/** Tasks on instances cost their instances. */
function tasks(service: Item) {
  if (!isFargate(service)) return [];
  const task = service.referred("aws_ecs_task_definition", service.value("task_definition"));
  if (task === undefined) throw new UnknownValue("its task definition is not in the stack");
  const count = minimumTasks(service) * HOURS;
  const [platform = {}] = task.blocks("runtime_platform");
  const architecture = platform["cpu_architecture"] === "ARM64" ? "arm64" : "x86-64";
  const cpus = (task.number("cpu") ?? 0) / 1024;
  const gigabytes = (task.number("memory") ?? 0) / 1024;
  const [storage = {}] = task.blocks("ephemeral_storage");
  const disk = Math.max(0, (knownNumber(storage["size_in_gib"], "size_in_gib") ?? 0) - FREE_TASK_DISK);
  return [
    fixed("Fargate tasks, CPU", "fargate", `cpu-${architecture}`, count * cpus),
    fixed("Fargate tasks, memory", "fargate", `memory-${architecture}`, count * gigabytes),
    fixed("Fargate tasks, disk", "fargate", "ephemeral-storage", count * disk),
  ];
}

function isFargate(service: Item): boolean {
  const providers = service
    .blocks("capacity_provider_strategy")
    .map((one) => String(one["capacity_provider"]));
  if (providers.length > 0) return providers.some((provider) => provider.startsWith("FARGATE"));
  return service.text("launch_type") === "FARGATE";
}

/** Scaling keeps at least its minimum, whatever the service was made with. */
function minimumTasks(service: Item): number {
  const target = service
    .others("aws_appautoscaling_target")
    .find((candidate) => isScaled(candidate.value("resource_id"), service));
  return target?.number("min_capacity") ?? service.number("desired_count") ?? 0;
}

/** `service/<cluster>/<name>`, its name a reference or itself. */
function isScaled(resourceId: unknown, service: Item): boolean {
  if (typeof resourceId !== "string" || !resourceId.startsWith("service/")) return false;
  const name = resourceId.slice(resourceId.lastIndexOf("/") + 1);
  return service.isMeant(name) || name === service.value("name");
}
