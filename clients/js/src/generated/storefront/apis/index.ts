// @ts-nocheck
/* tslint:disable */
/* eslint-disable */
export * from './StorefrontApi';
