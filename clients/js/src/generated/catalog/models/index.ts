// @ts-nocheck
/* tslint:disable */
/* eslint-disable */
export * from './Product';
export * from './ProductInput';
export * from './ProductPage';
