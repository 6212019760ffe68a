// Generated from api/todos/v2.yaml by scripts/generate. Do not edit.
import type { Validate } from "../../../../runtime";

export declare const listTodos: Validate;
export declare const createTodo: Validate;
export declare const getTodo: Validate;
export declare const changeTodo: Validate;
export declare const deleteTodo: Validate;
