import ts from 'typescript';
import type { Parameter } from '../postgres/catalogue.ts';
import type { Statement } from '../postgres/describe-statement.ts';
import { allAlternatives, type Choose } from './alternatives.ts';
import type { Calls } from './calls.ts';
import { functionOf, returnsOf, type Fragmenting } from './functions.ts';
import { parameterOf } from './parameter-of.ts';

/** Stand for a value in a text until all of it is there. */
const MARKS: Readonly<Record<Parameter, string>> = {
  nullable: '\uE001',
  present: '\uE002',
  list: '\uE003',
};
const PARAMETERS = Object.keys(MARKS) as Parameter[];

export interface Sources {
  readonly checker: ts.TypeChecker;
  readonly calls: Calls;
  /** By file, the exports of modules that make fragments by code. */
  readonly modules: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
}

/** What the parameters of the functions stand for through which a fragment was reached, and by which calls that was. */
interface Arguments {
  readonly bound: ReadonlyMap<ts.Symbol, Bound>;
  readonly path: string;
}

const NO_ARGUMENTS: Arguments = { bound: new Map(), path: '' };

interface Bound {
  readonly expression: ts.Expression | undefined;
  readonly with: Arguments;
}

/** Every text that the statement may have, by the conditions and callers that its fragments depend on. */
export function statementForms(
  sources: Sources,
  statement: ts.Expression,
  values: readonly ts.Expression[],
): Statement[] {
  const given = values.map((value) => parameterOf(sources.checker, value));
  const texts = allAlternatives((choose) =>
    new Composition(sources, choose).textOf(statement, NO_ARGUMENTS),
  );
  return [...new Set(texts)].map((text) => {
    const parameters = [...given];
    const numbered = text.replaceAll(/[\uE001-\uE003]/g, (mark) => {
      const parameter = PARAMETERS.find((name) => MARKS[name] === mark) ?? 'nullable';
      return `$${parameters.push(parameter)}`;
    });
    return { text: numbered, parameters };
  });
}

/** Puts a statement together from its source code, as the template tag does when it runs. */
class Composition {
  readonly #sources: Sources;
  readonly #choose: Choose;

  constructor(sources: Sources, choose: Choose) {
    this.#sources = sources;
    this.#choose = choose;
  }

  textOf(expression: ts.Expression, args: Arguments): string {
    const node = bare(expression);
    if (ts.isStringLiteralLike(node)) return node.text;
    if (ts.isTaggedTemplateExpression(node)) return this.#textOfTemplate(node.template, args);
    if (ts.isConditionalExpression(node)) return this.textOf(this.#branchOf(node, args), args);
    if (ts.isCallExpression(node)) return this.#textOfCall(node, args);
    if (ts.isPropertyAccessExpression(node) && node.getText() === 'Prisma.empty') return '';
    const found = this.#resolve(node, args);
    if (found) return this.textOf(found.expression, found.with);
    throw unclear(node);
  }

  #textOfTemplate(template: ts.TemplateLiteral, args: Arguments): string {
    if (ts.isNoSubstitutionTemplateLiteral(template)) return template.text;
    const spans = template.templateSpans.map(({ expression, literal }) => {
      const type = this.#sources.checker.getTypeAtLocation(expression);
      return (
        (isFragment(type)
          ? this.textOf(expression, args)
          : MARKS[parameterOf(this.#sources.checker, expression)]) + literal.text
      );
    });
    return template.head.text + spans.join('');
  }

  #textOfCall(call: ts.CallExpression, args: Arguments): string {
    const callee = call.expression.getText();
    const [first, separator] = call.arguments;
    if (callee === 'Prisma.raw' && first) return this.#rawText(first, args);
    if (callee === 'Prisma.join' && first) {
      return this.#list(first, args).join(separator ? this.textOf(separator, args) : ',');
    }
    const { declaration, inner } = this.#enter(call, args);
    return this.textOf(this.#resultOf(declaration, inner), inner);
  }

  #list(expression: ts.Expression, args: Arguments): string[] {
    const node = bare(expression);
    if (ts.isArrayLiteralExpression(node)) {
      return node.elements.flatMap((element) =>
        ts.isSpreadElement(element)
          ? this.#list(element.expression, args)
          : [this.textOf(element, args)],
      );
    }
    if (ts.isConditionalExpression(node)) return this.#list(this.#branchOf(node, args), args);
    if (ts.isCallExpression(node)) {
      const [each] = node.arguments;
      // However many there are, one stands for all.
      if (each && ts.isArrowFunction(each) && /\.map$/.test(node.expression.getText())) {
        return [this.textOf(this.#resultOf(each, args), args)];
      }
      const { declaration, inner } = this.#enter(node, args);
      return this.#list(this.#resultOf(declaration, inner), inner);
    }
    const found = this.#resolve(node, args);
    if (found) return this.#list(found.expression, found.with);
    throw unclear(node);
  }

  /** Of a text that is not known before it runs, it is one of those that its type allows. */
  #rawText(expression: ts.Expression, args: Arguments): string {
    const node = bare(expression);
    if (ts.isStringLiteralLike(node)) return node.text;
    if (ts.isElementAccessExpression(node)) {
      const key = this.#rawText(node.argumentExpression, args);
      const property = this.#sources.checker.getTypeAtLocation(node.expression).getProperty(key);
      const type = property && this.#sources.checker.getTypeOfSymbol(property);
      if (type?.isStringLiteral()) return type.value;
    }
    const type = this.#sources.checker.getTypeAtLocation(node);
    const options = type.isUnion() ? type.types : [type];
    const texts = options.flatMap((option) => (option.isStringLiteral() ? [option.value] : []));
    const chosen =
      texts[this.#choose(this.#sources.checker.getSymbolAtLocation(node) ?? node, options.length)];
    if (texts.length !== options.length || chosen === undefined) throw unclear(node);
    return chosen;
  }

  /** A condition that a function asks twice has one answer. */
  #branchOf(node: ts.ConditionalExpression, { path }: Arguments): ts.Expression {
    const place = ts.findAncestor(node, ts.isFunctionLike)?.pos ?? 0;
    const subject = `${node.getSourceFile().fileName} ${place} ${path} ${node.condition.getText()}`;
    return this.#choose(subject, 2) === 0 ? node.whenTrue : node.whenFalse;
  }

  #resultOf(declaration: Fragmenting, { path }: Arguments): ts.Expression {
    const results = returnsOf(declaration);
    const result =
      results[
        this.#choose(
          `${declaration.getSourceFile().fileName} ${declaration.pos} ${path}`,
          results.length,
        )
      ];
    if (!result) throw unclear(declaration);
    return result;
  }

  #enter(call: ts.CallExpression, args: Arguments) {
    const declaration = functionOf(this.#symbolOf(call.expression));
    if (!declaration) throw unclear(call);
    const bound = new Map(args.bound);
    declaration.parameters.forEach((parameter, i) => {
      const symbol = this.#sources.checker.getSymbolAtLocation(parameter.name);
      if (symbol)
        bound.set(symbol, { expression: call.arguments[i] ?? parameter.initializer, with: args });
    });
    const inner: Arguments = { bound, path: `${args.path}>${call.pos}` };
    return { declaration, inner };
  }

  /** What a name stands for. */
  #resolve(
    node: ts.Expression,
    args: Arguments,
  ): { expression: ts.Expression; with: Arguments } | null {
    const symbol = this.#symbolOf(node);
    const declaration = symbol?.valueDeclaration;
    if (!symbol || !declaration) return null;
    const bound = args.bound.get(symbol);
    if (bound?.expression) return { expression: bound.expression, with: bound.with };
    if (ts.isParameter(declaration)) return this.#argumentOf(declaration);
    if (ts.isVariableDeclaration(declaration)) return this.#initialOf(declaration, args);
    if (ts.isPropertyAssignment(declaration))
      return { expression: declaration.initializer, with: args };
    return null;
  }

  #initialOf(declaration: ts.VariableDeclaration, args: Arguments) {
    const { initializer, parent } = declaration;
    if (!initializer || !(parent.flags & ts.NodeFlags.Const)) return null;
    const made = this.#sources.modules.get(declaration.getSourceFile().fileName)?.[
      declaration.name.getText()
    ];
    if (!isPlainFragment(made)) return { expression: initializer, with: args };
    return { expression: ts.factory.createStringLiteral(made.sql), with: args };
  }

  /** No call led here, so any of them may have. */
  #argumentOf(parameter: ts.ParameterDeclaration) {
    const callers = this.#sources.calls.of(parameter.parent);
    const caller = callers[this.#choose(parameter.parent, callers.length)];
    const expression =
      caller?.arguments[parameter.parent.parameters.indexOf(parameter)] ?? parameter.initializer;
    return expression ? { expression, with: NO_ARGUMENTS } : null;
  }

  #symbolOf(node: ts.Node): ts.Symbol | undefined {
    const { checker } = this.#sources;
    const symbol = checker.getSymbolAtLocation(node);
    return symbol && symbol.flags & ts.SymbolFlags.Alias
      ? checker.getAliasedSymbol(symbol)
      : symbol;
  }
}

/** Without brackets and casts. */
function bare(expression: ts.Expression): ts.Expression {
  const isAround =
    ts.isParenthesizedExpression(expression) ||
    ts.isAsExpression(expression) ||
    ts.isSatisfiesExpression(expression);
  return isAround ? bare(expression.expression) : expression;
}

const unclear = (node: ts.Node) =>
  new Error(`what \`${node.getText()}\` makes of the statement is not clear from the code`);

/** What may be a fragment or not is taken for one, and then not understood. */
function isFragment(type: ts.Type): boolean {
  return (type.isUnion() ? type.types : [type]).some(
    (member) => member.flags & ts.TypeFlags.Any || member.symbol?.name === 'Sql',
  );
}

function isPlainFragment(made: unknown): made is { readonly sql: string } {
  const { sql, values } = Object(made) as { sql?: unknown; values?: unknown };
  return typeof sql === 'string' && Array.isArray(values) && values.length === 0;
}
