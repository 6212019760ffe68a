import ts from "typescript";
import { CommandError } from "../../internal/cli";

/** A value in the literal of an environment's file. */
export interface Value {
  /** Where in the specification, e.g. `network.cidr`, `todo.auth.callbackUrls.0`. */
  readonly path: string;
  /** Its text when it is one; of lists and objects nothing. */
  readonly text?: string;
  /** Where the value is in the source. */
  readonly start: number;
  readonly end: number;
  /** Where the property is that holds it, its comma included. */
  readonly property: { readonly start: number; readonly end: number };
}

/** A file under envs/ that holds a specification. */
export interface EnvironmentSource {
  /** Name of its constant: that of the environment. */
  readonly name: string;
  readonly source: string;
  /** Where the constant is declared, its comment included. */
  readonly start: number;
  /** Where its name is. */
  readonly nameStart: number;
  /** In the order of the file, a property before what is in it. */
  readonly values: readonly Value[];
}

/** Reads a file under envs/. Undefined when it holds no specification, `export const … = { … } satisfies EnvironmentInput`. */
export function readEnvironmentSource(file: string, source: string): EnvironmentSource | undefined {
  const parsed = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  for (const statement of parsed.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    const [declaration] = statement.declarationList.declarations;
    const initializer = declaration?.initializer;
    if (!declaration || !initializer || !ts.isSatisfiesExpression(initializer)) continue;
    if (initializer.type.getText() !== "EnvironmentInput") continue;
    if (!ts.isObjectLiteralExpression(initializer.expression)) {
      throw new CommandError(file, "is no plain literal", "write its values into it");
    }
    return {
      name: declaration.name.getText(),
      source,
      start: statement.getFullStart(),
      nameStart: declaration.name.getStart(),
      values: valuesIn(initializer.expression, ""),
    };
  }
  return undefined;
}

function valuesIn(node: ts.Expression, path: string): Value[] {
  if (ts.isObjectLiteralExpression(node)) {
    return node.properties.flatMap((property) => {
      if (!ts.isPropertyAssignment(property)) {
        throw new CommandError(
          node.getSourceFile().fileName,
          `${property.getText()} is no plain value`,
          "write it out",
        );
      }
      const name = ts.isStringLiteral(property.name) ? property.name.text : property.name.getText();
      return valueAt(property.initializer, property, path === "" ? name : `${path}.${name}`);
    });
  }
  if (ts.isArrayLiteralExpression(node)) {
    return node.elements.flatMap((element, index) => valueAt(element, element, `${path}.${index}`));
  }
  return [];
}

function valueAt(node: ts.Expression, property: ts.Node, path: string): Value[] {
  const { text: all } = node.getSourceFile();
  const end = property.getEnd();
  const own: Value = {
    path,
    ...(ts.isStringLiteralLike(node) && { text: node.text }),
    start: node.getStart(),
    end: node.getEnd(),
    property: { start: property.getFullStart(), end: all[end] === "," ? end + 1 : end },
  };
  return [own, ...valuesIn(node, path)];
}
