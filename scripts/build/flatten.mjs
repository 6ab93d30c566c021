// Takes a bundled component apart, so that the file can be written with a last statement `export default { … }`.
import ts from "typescript";

const DEFINE = /^define(App|Action|Source)\d*$/;
/** What the registry reads from the text of a component. */
const LITERALS = ["key", "name", "description", "version", "type", "dedupe", "ai", "app"];

/** The one name under which the module exports its default, with the statement that does it. */
function defaultExport(file) {
  for (const statement of file.statements) {
    if (!ts.isExportDeclaration(statement) || !statement.exportClause) continue;
    if (!ts.isNamedExports(statement.exportClause)) continue;
    const found = statement.exportClause.elements.find((element) => element.name.text === "default");
    if (found) return { name: (found.propertyName ?? found.name).text, statement };
  }
  return undefined;
}

/** The statement `var NAME = …;` and its initial value. */
function variable(file, name) {
  for (const statement of file.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    const [declaration, second] = statement.declarationList.declarations;
    if (second === undefined && declaration?.name.text === name && declaration.initializer)
      return { statement, value: declaration.initializer };
  }
  return undefined;
}

const isDefineCall = (node) =>
  ts.isCallExpression(node) && ts.isIdentifier(node.expression) && DEFINE.test(node.expression.text);

/** The object behind `defineX(object)` and brackets. */
function unwrap(node) {
  if (isDefineCall(node) && node.arguments[0]) return unwrap(node.arguments[0]);
  return ts.isParenthesizedExpression(node) ? unwrap(node.expression) : node;
}

/** The text of string literals put together with `+`; undefined when anything else takes part. */
function literalText(node) {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
  if (ts.isParenthesizedExpression(node)) return literalText(node.expression);
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.PlusToken) return undefined;
  const [left, right] = [literalText(node.left), literalText(node.right)];
  return left === undefined || right === undefined ? undefined : left + right;
}

/** Applies replacements of [start, end, text], which do not overlap. */
function edit(text, edits) {
  return [...edits]
    .sort((a, b) => b[0] - a[0])
    .reduce((result, [start, end, with_]) => result.slice(0, start) + with_ + result.slice(end), text);
}

/** The other apps in the bundle lose their define call; the define functions go, since nothing calls them then. */
function unwrapOthers(file, own) {
  return file.statements.flatMap((statement) => {
    if (ts.isFunctionDeclaration(statement) && statement.name && DEFINE.test(statement.name.text))
      return [[statement.getFullStart(), statement.end, ""]];
    if (!ts.isVariableStatement(statement) || statement === own) return [];
    return statement.declarationList.declarations.flatMap(({ initializer }) => {
      if (!initializer || !isDefineCall(initializer)) return [];
      const [object] = initializer.arguments;
      return [
        [initializer.getStart(file), object.getStart(file), ""],
        [object.end, initializer.end, ""],
      ];
    });
  });
}

/** Edits that turn the properties the registry reads into plain string literals. Throws when one has to be computed. */
function literalEdits(file, object, name) {
  return object.properties.flatMap((property) => {
    if (!ts.isPropertyAssignment(property) || !LITERALS.includes(property.name.text)) return [];
    if (ts.isStringLiteral(property.initializer)) return [];
    const text = literalText(property.initializer);
    if (text === undefined)
      throw new Error(
        `${name}: "${property.name.text}" must be a string literal, because the registry reads it without running the file.`,
      );
    return [[property.initializer.getStart(file), property.initializer.end, JSON.stringify(text)]];
  });
}

/**
 * A component taken apart: the code that it needs, and the object that is to be `export default { … }`.
 * Throws when the default export is not an object handed straight to defineApp, defineAction or defineSource, or is used elsewhere in the file.
 */
export function flatten(text, name) {
  const file = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, false, ts.ScriptKind.JS);
  const exported = defaultExport(file);
  const declared = exported && variable(file, exported.name);
  const object = declared && unwrap(declared.value);
  if (!object || !ts.isObjectLiteralExpression(object))
    throw new Error(
      `${name}: a component file must end with "export default defineAction({ … })" (or defineSource, defineApp) around a plain object.`,
    );
  const start = object.getStart(file);
  const literal = edit(
    text.slice(start, object.end),
    literalEdits(file, object, name).map(([from, to, with_]) => [from - start, to - start, with_]),
  );
  const code = edit(text, [
    ...unwrapOthers(file, declared.statement),
    [declared.statement.getStart(file), declared.statement.end, ""],
    [exported.statement.getStart(file), exported.statement.end, ""],
  ]).trim();
  if (new RegExp(`\\b${exported.name}\\b`).test(`${code}\n${literal}`))
    throw new Error(
      `${name}: the component uses its own default export, which cannot stay a plain object then.`,
    );
  return { code, object: literal };
}
