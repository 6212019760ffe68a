// @ts-nocheck
/* tslint:disable */
/* eslint-disable */
export * from './TodosV1Api';
