// Rewrites a bundled component so that its last statement is `export default { … }`.
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

/** The object behind `defineX(object)`, brackets and casts. */
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

/** Every use of an identifier, its declaration included. */
function uses(file, name) {
  const found = [];
  const visit = (node) => {
    if (ts.isIdentifier(node) && node.text === name) found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** Applies replacements of [start, end, text], which do not overlap. */
function edit(text, edits) {
  return [...edits]
    .sort((a, b) => b[0] - a[0])
    .reduce((result, [start, end, with_]) => result.slice(0, start) + with_ + result.slice(end), text);
}

const parse = (text, name) => ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);

/** Takes the define calls of apps away, then the functions themselves once nothing calls them. */
function withoutDefineCalls(text, name) {
  let file = parse(text, name);
  const edits = [];
  const visit = (node) => {
    if (isDefineCall(node) && node.arguments[0])
      edits.push([node.getStart(), node.arguments[0].getStart(), ""], [node.arguments[0].end, node.end, ""]);
    ts.forEachChild(node, visit);
  };
  visit(file);
  const unwrapped = edit(text, edits);
  file = parse(unwrapped, name);
  const unused = file.statements.filter(
    (node) =>
      ts.isFunctionDeclaration(node) &&
      DEFINE.test(node.name.text) &&
      uses(file, node.name.text).length === 1,
  );
  return edit(
    unwrapped,
    unused.map((node) => [node.getFullStart(), node.end, ""]),
  );
}

/** Edits that turn the properties the registry reads into plain string literals. Throws when one has to be computed. */
function literalEdits(object, name) {
  return object.properties.flatMap((property) => {
    if (!ts.isPropertyAssignment(property) || !LITERALS.includes(property.name.text)) return [];
    if (ts.isStringLiteral(property.initializer)) return [];
    const text = literalText(property.initializer);
    if (text === undefined)
      throw new Error(
        `${name}: "${property.name.text}" must be a string literal, because the registry reads it without running the file.`,
      );
    return [[property.initializer.getStart(), property.initializer.end, JSON.stringify(text)]];
  });
}

/**
 * The component as text that ends with `export default { … }`.
 * Throws when the default export is not an object handed straight to defineApp, defineAction or defineSource, or is used elsewhere in the file.
 */
export function flatten(bundled, name) {
  const text = withoutDefineCalls(bundled, name);
  const file = parse(text, name);
  const exported = defaultExport(file);
  const declared = exported && variable(file, exported.name);
  const object = declared && unwrap(declared.value);
  if (!object || !ts.isObjectLiteralExpression(object))
    throw new Error(
      `${name}: a component file must end with "export default defineAction({ … })" (or defineSource, defineApp) around a plain object.`,
    );
  if (uses(file, exported.name).length > 2)
    throw new Error(
      `${name}: the component uses its own default export, which cannot stay a plain object then.`,
    );
  const literal = edit(
    object.getText(),
    literalEdits(object, name).map(([start, end, with_]) => [
      start - object.getStart(),
      end - object.getStart(),
      with_,
    ]),
  );
  const rest = edit(text, [
    [declared.statement.getStart(), declared.statement.end, ""],
    [exported.statement.getStart(), exported.statement.end, ""],
  ]);
  return `${rest.trim()}\n\nexport default ${literal};\n`;
}
