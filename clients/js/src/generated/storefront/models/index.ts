// @ts-nocheck
/* tslint:disable */
/* eslint-disable */
export * from './Fulfilment';
export * from './HistoryItem';
export * from './HistoryOrder';
export * from './HistoryPage';
export * from './ItemInput';
export * from './ListedItem';
export * from './ListedOrder';
export * from './Order';
export * from './OrderInput';
export * from './OrderItem';
export * from './OrderPage';
export * from './OrderStatus';
export * from './Product';
export * from './ProductPage';
