// @ts-nocheck
/* tslint:disable */
/* eslint-disable */
export * from './IssuedSession';
export * from './Session';
