/**
 * CloudWatch alarms on one metric, or on the share one has of another, with the field's defaults in one place.
 *
 * @module
 */
export { Alarm, type AlarmConfig } from "./alarm";
export { ShareAlarm, type ShareAlarmConfig } from "./share-alarm";
