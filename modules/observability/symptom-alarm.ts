import { CloudwatchCompositeAlarm } from "@cdktf/provider-aws/lib/cloudwatch-composite-alarm";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Label } from "../internal/label";
import type { Symptom } from "./config";

/** Alarms of one rule, and characters of it: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html */
const LIMITS = { alarms: 100, characters: 10_240 };

/** A symptom and whom it is told to. */
interface SymptomAlarmConfig {
  readonly label: Label;
  readonly symptom: Symptom;
  readonly topicArn: string;
  readonly dependsOn: ITerraformDependable[];
}

/**
 * Alarm that goes off with the first of several and recovers with the last: one message of a trouble, not one from each place that measures
 * it.
 */
export class SymptomAlarm extends Construct {
  constructor(scope: Construct, id: string, { label, symptom, topicArn, dependsOn }: SymptomAlarmConfig) {
    super(scope, id);
    new CloudwatchCompositeAlarm(this, "alarm", {
      alarmName: alarmName(label, symptom),
      alarmDescription: symptom.description,
      alarmRule: ruleOf(symptom),
      alarmActions: [topicArn],
      okActions: [topicArn],
      dependsOn,
    });
  }
}

/**
 * @param index of the symptom
 * @throws Error naming the symptom and what is wrong
 */
export function checkSymptom(label: Label, symptom: Symptom, index: number): void {
  const { alarmNames } = symptom;
  const at = `symptoms[${index}] (${symptom.name}).alarmNames`;
  if (alarmNames.length < 2 || alarmNames.length > LIMITS.alarms) {
    throw new Error(`${at} must be 2 to ${LIMITS.alarms} names, got ${alarmNames.length}`);
  }
  const twice = alarmNames.find((name, position) => alarmNames.indexOf(name) !== position);
  if (twice !== undefined) throw new Error(`${at}: "${twice}" comes twice; remove one`);
  if (alarmNames.includes(alarmName(label, symptom))) {
    throw new Error(`${at}: "${alarmName(label, symptom)}" is the symptom's own; name it otherwise`);
  }
  const { length } = ruleOf(symptom);
  if (length > LIMITS.characters) {
    throw new Error(
      `${at} make a rule of ${length} characters, over CloudWatch's ${LIMITS.characters}; make two symptoms`,
    );
  }
}

function alarmName(label: Label, { name }: Symptom): string {
  return label.name(name, 255);
}

function ruleOf({ alarmNames }: Symptom): string {
  return alarmNames.map((name) => `ALARM("${name}")`).join(" OR ");
}
