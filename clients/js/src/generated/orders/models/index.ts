// @ts-nocheck
/* tslint:disable */
/* eslint-disable */
export * from './ItemInput';
export * from './Order';
export * from './OrderInput';
export * from './OrderItem';
export * from './OrderPage';
export * from './OrderStatus';
