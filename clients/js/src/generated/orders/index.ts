// @ts-nocheck
/* tslint:disable */
/* eslint-disable */
export * from './apis/index';
export * from './models/index';
