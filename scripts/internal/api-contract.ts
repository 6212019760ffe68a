import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import Ajv, { type ValidateFunction } from "ajv";
import { parse } from "yaml";
import { formats } from "../../runtime/formats";

const ROOT = resolve(__dirname, "..", "..");

interface Response {
  readonly $ref?: string;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly content?: Readonly<Record<string, unknown>>;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly responses: Readonly<Record<string, Response>> };
}

interface Operation {
  readonly operationId?: string;
  readonly responses: Readonly<Record<string, Response>>;
}

/** An answer as it came. */
export interface ContractAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Headers that every answer of one status has by the contract; the others depend on where it comes from. */
const REQUIRED_HEADERS = [
  "ETag",
  "Location",
  "Cache-Control",
  "Cache-Status",
  "Retry-After",
  "WWW-Authenticate",
];

/** For tests: an OpenAPI document, to hold answers against. */
export class ApiContract {
  private readonly document: Document;
  private readonly ajv = new Ajv({ strict: false, allErrors: true, formats: { ...formats, int64: true } });
  private readonly validators = new Map<string, ValidateFunction>();

  /** @param file from the project's folder, e.g. `api/todos/v1.yaml` */
  constructor(file: string) {
    this.document = parse(readFileSync(join(ROOT, file), "utf8")) as Document;
    this.ajv.addSchema(this.document, "contract");
  }

  /** Every status that the document has, as `<operationId> <status>`. */
  documented(): string[] {
    return Object.values(this.document.paths)
      .flatMap((item) => Object.values(item))
      .flatMap(({ operationId, responses }) =>
        operationId === undefined ? [] : Object.keys(responses).map((status) => `${operationId} ${status}`),
      );
  }

  /**
   * {@link ApiContract.violations} by the path that was asked for, e.g. `/todos/1?x=y`. Of what the document does not have nothing can
   * be wrong: neither of a path, nor that a method is not found.
   */
  violationsAt(method: string, path: string, answer: ContractAnswer): string[] {
    const [given = ""] = path.split("?", 1);
    const templates = Object.keys(this.document.paths);
    const template =
      templates.find((each) => each === given) ??
      templates.find((each) => new RegExp(`^${each.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(given));
    if (template === undefined) return [];
    const known = this.document.paths[template]?.[method.toLowerCase()];
    return !known && answer.status === 404 ? [] : this.violations(method, template, answer);
  }

  /**
   * What is wrong with an answer: a status, type, header or body that the document does not have.
   *
   * @param path as the document writes it, e.g. `/todos/{id}`
   * @returns one sentence each
   */
  violations(method: string, path: string, { status, headers, text }: ContractAnswer): string[] {
    const operation = this.document.paths[path]?.[method.toLowerCase()];
    if (!operation) return [`${method} ${path} is not documented`];
    const given = operation.responses[status];
    if (!given) return [`${operation.operationId} ${status} is not documented: ${text}`];
    const pointer = given.$ref ?? `#/paths/${pointerStep(path)}/${method.toLowerCase()}/responses/${status}`;
    const response = given.$ref ? this.resolve(given.$ref) : given;
    const place = `${operation.operationId} ${status}`;
    const missing = REQUIRED_HEADERS.filter((name) => response.headers?.[name] && !headers.has(name)).map(
      (name) => `${place} lacks the header ${name}`,
    );
    if (!response.content) return [...missing, ...(text === "" ? [] : [`${place} has a body: ${text}`])];
    const type = headers.get("content-type")?.split(";", 1)[0] ?? "none";
    if (!(type in response.content)) return [...missing, `${place} is of type ${type}`];
    const validate = this.validator(`${pointer}/content/${pointerStep(type)}/schema`);
    const wrong = validate(JSON.parse(text))
      ? []
      : [`${place}: ${this.ajv.errorsText(validate.errors)}: ${text}`];
    return [...missing, ...wrong];
  }

  private resolve(reference: string): Response {
    const name = reference.split("/").at(-1) ?? "";
    const response = this.document.components.responses[name];
    if (!response) throw new Error(`the contract refers to ${reference}, which is not there`);
    return response;
  }

  private validator(pointer: string): ValidateFunction {
    const known = this.validators.get(pointer);
    if (known) return known;
    const validate = this.ajv.compile({ $ref: `contract${pointer}` });
    this.validators.set(pointer, validate);
    return validate;
  }
}

/** One step of a JSON pointer in a URI. */
function pointerStep(step: string): string {
  return encodeURIComponent(step.replaceAll("~", "~0").replaceAll("/", "~1"));
}
