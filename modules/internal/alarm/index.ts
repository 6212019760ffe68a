/**
 * CloudWatch alarms on one metric, with the field's defaults in one place.
 *
 * @module
 */
export { Alarm, type AlarmConfig } from "./alarm";
