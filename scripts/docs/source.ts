import { readFileSync } from "node:fs";
import ts from "typescript";

/** A declaration and the doc comment above it, on one line; "" where there is none. */
export interface Documented {
  readonly name: string;
  readonly comment: string;
}

/** The exported constants of a module, in the order of the file. */
export function exportedConstants(path: string): readonly Documented[] {
  return statementsOf(path)
    .filter(ts.isVariableStatement)
    .filter(isExported)
    .flatMap((statement) => {
      const comment = commentOf(statement);
      return statement.declarationList.declarations.map(({ name }) => ({ name: name.getText(), comment }));
    });
}

/** The entries of an exported object literal, in the order of the file. */
export function entriesOf(path: string, constant: string): readonly Documented[] {
  const declarations = statementsOf(path)
    .filter(ts.isVariableStatement)
    .flatMap((statement) => statement.declarationList.declarations);
  const table = declarations.find(({ name }) => name.getText() === constant)?.initializer;
  const literal = table !== undefined && ts.isAsExpression(table) ? table.expression : table;
  if (literal === undefined || !ts.isObjectLiteralExpression(literal)) {
    throw new Error(`${path} has no table ${constant}.`);
  }
  return literal.properties.map((property) => ({
    name: property.name?.getText() ?? "",
    comment: commentOf(property),
  }));
}

/** Names of everything that a module exports under its own name. */
export function exportedNames(path: string): readonly string[] {
  return statementsOf(path)
    .filter(isExported)
    .flatMap((statement) => {
      if (ts.isVariableStatement(statement)) {
        return statement.declarationList.declarations.map(({ name }) => name.getText());
      }
      const { name } = statement as { readonly name?: ts.Node };
      return name === undefined ? [] : [name.getText()];
    });
}

/** Modules are parsed once: three pages and several tests ask for the same ones. */
const PARSED = new Map<string, readonly ts.Statement[]>();

function statementsOf(path: string): readonly ts.Statement[] {
  const known = PARSED.get(path);
  if (known !== undefined) return known;
  const { statements } = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.ES2023, true);
  PARSED.set(path, statements);
  return statements;
}

function isExported(statement: ts.Statement): boolean {
  const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined;
  return modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true;
}

function commentOf(node: ts.Node): string {
  const text = node.getSourceFile().text;
  const last = ts.getLeadingCommentRanges(text, node.getFullStart())?.at(-1);
  const comment = last === undefined ? "" : text.slice(last.pos, last.end);
  if (!comment.startsWith("/**")) return "";
  const lines = comment.slice(3, -2).split("\n");
  return lines
    .map((line) => line.replace(/^\s*\*? ?/, "").trim())
    .join(" ")
    .replaceAll(/\{@link (\w+)\}/g, "$1")
    .trim();
}
