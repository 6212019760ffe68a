// @ts-nocheck
/* tslint:disable */
/* eslint-disable */
export * from './Todo';
export * from './TodoInput';
export * from './TodoPage';
export * from './TodoPatch';
export * from './TodoPriority';
export * from './TodoStatus';
