/** @file Runs a Jinja template within limits, so that no template can hang the program or fill its memory. */
import { Environment, Interpreter, parse, tokenize } from "@huggingface/jinja";
import { DataError } from "../errors.js";
import { pythonStr, type PythonValue } from "./python-literal.js";
import { pythonText } from "./python-text.js";
import { grownSize, LARGEST_LIST, LARGEST_TEXT, type RuntimeValue, writtenSize } from "./template-growth.js";
import { parseWithLines, statementLines } from "./template-lines.js";

// The package's declarations of these import without file extensions, which the compiler does not follow under Node's
// module rules; the part in use is declared here.
interface Scope {
  set(name: string, value: unknown): unknown;
}
interface Statement {
  readonly type: string;
  readonly value?: unknown;
  readonly property?: Statement;
  readonly computed?: boolean;
  readonly callee?: Statement;
}
interface BinaryExpression extends Statement {
  readonly operator: { readonly value: string };
  readonly left: Statement;
  readonly right: Statement;
}
interface Filter extends Statement {
  readonly args?: readonly Statement[];
}
/** A value that is known, in place of an expression. */
interface Constant extends Statement {
  readonly type: "Constant";
  readonly result: RuntimeValue;
}
type Arguments = [positional: RuntimeValue[], named: Map<string, RuntimeValue>];
type TemplateFunction = (positional: RuntimeValue[], scope: Scope) => RuntimeValue;
interface InterpreterApi {
  evaluateBlock(statements: readonly Statement[], scope: Scope): RuntimeValue;
  evaluate(statement: Statement | undefined, scope: Scope): RuntimeValue;
  evaluateArguments(nodes: readonly Statement[], scope: Scope): Arguments;
  evaluateBinaryExpression(node: BinaryExpression, scope: Scope): RuntimeValue;
  applyFilter(operand: RuntimeValue, filter: Filter, scope: Scope): RuntimeValue;
  run(program: Statement): RuntimeValue;
}
const JinjaEnvironment: new () => Scope = Environment;
const JinjaInterpreter: new (globals: Scope) => InterpreterApi = Interpreter;

/** Evaluated expressions, plus one for every 64 characters or 8 items of their values. (1,000 messages need 200,000.) */
const WORK_LIMIT = 1_500_000;
const TIME_LIMIT_MILLISECONDS = 5000;
const RANGE_LIMIT = 10_000;
const SOURCE_LIMIT = 1 << 20;
/** The template lexer needs quadratic time for a run of white space. */
const WHITE_SPACE_LIMIT = /\s{4096}/;

const MONTHS = "January February March April May June July August September October November December".split(
  " ",
);
const DAYS = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split(" ");

/** What all renderings of one conversation share: their time, and the time of day that they see. */
export class RenderLimits {
  readonly now = new Date();
  readonly deadline = performance.now() + TIME_LIMIT_MILLISECONDS;
}

/** A template that has been parsed. */
export interface CompiledTemplate {
  /**
   * The text for these variables.
   * @throws {DataError} `CHAT_TEMPLATE_FAILED` where the template refuses them or fails, `CHAT_TEMPLATE_LIMIT` where it
   * takes too much time or memory; both with the line of the template, where it is known
   */
  run(variables: Readonly<Record<string, unknown>>, limits: RenderLimits): string;
}

/** What a template is for, which decides its settings and what errors advise. */
export interface TemplateKind {
  /** What codes of errors begin with. */
  readonly code: "CHAT_TEMPLATE" | "TASK_TEMPLATE";
  /** As Transformers sets Jinja for chat templates: no white space around blocks, no line end at the end. */
  readonly trims: boolean;
  /** As lm-evaluation-harness sets Jinja: what is undefined cannot be printed; other values are printed as Python does. */
  readonly isStrict: boolean;
  /** What one text of it is made of. */
  readonly subject: string;
  readonly advice: Readonly<Record<"invalid" | "tooMuchWork" | "tooLarge", string>>;
}

const CHAT_TEMPLATE: TemplateKind = {
  code: "CHAT_TEMPLATE",
  trims: true,
  isStrict: false,
  subject: "conversation",
  advice: {
    invalid: "so no conversation can be rendered; mend it, or give another one as chat_template_path",
    tooMuchWork: "shorten the conversation, or use a simpler template (chat_template_path)",
    tooLarge: "shorten the conversation, or use another template (chat_template_path)",
  },
};

/**
 * Parses a template with the settings and globals that Transformers gives chat templates (`trim_blocks`,
 * `lstrip_blocks`, `raise_exception`, `strftime_now`), or with those of another kind.
 * @param name What errors call it: "the chat template FILE".
 * @throws {DataError} `CHAT_TEMPLATE_INVALID`
 */
export function compileTemplate(
  written: string,
  name: string,
  kind: TemplateKind = CHAT_TEMPLATE,
): CompiledTemplate {
  // As Jinja reads it. The lexer leaves out a line end at the end.
  const end = kind.trims || !/[\r\n]$/.test(written) ? "" : "\n";
  const source = written.replaceAll(/\r\n?/g, "\n") + end;
  if (source.length > SOURCE_LIMIT || WHITE_SPACE_LIMIT.test(source)) {
    throw new DataError(
      `${kind.code}_INVALID`,
      `${name} has ${source.length} characters or a very long run of white space; ` +
        `templates may have up to ${SOURCE_LIMIT} characters and 4,095 of white space in a row`,
    );
  }
  const tokens = (text: string) => tokenize(text, { lstrip_blocks: kind.trims, trim_blocks: kind.trims });
  const parsed = parseWithLines<Statement>(source, tokens, parse);
  if ("problem" in parsed) {
    throw new DataError(
      `${kind.code}_INVALID`,
      `${name} cannot be parsed: ${parsed.problem}, ${kind.advice.invalid}`,
      { cause: parsed.error },
    );
  }
  const lines = statementLines(source, parsed.program);
  return {
    run(variables, limits) {
      const environment = new JinjaEnvironment();
      const interpreter = new LimitedInterpreter(environment, { name, kind, lines, limits });
      return interpreter.render(parsed.program, { ...globals(limits.now), ...variables }, environment);
    },
  };
}

interface RenderContext {
  /** What errors call the template. */
  readonly name: string;
  readonly kind: TemplateKind;
  /** The line that a statement begins in. */
  readonly lines: WeakMap<object, number>;
  readonly limits: RenderLimits;
}

class LimitedInterpreter extends JinjaInterpreter {
  readonly #context: RenderContext;
  readonly #sizes = new WeakMap<RuntimeValue, number>();
  #work = 0;
  /** The line that the statement under way begins in. */
  #line: number | null = null;
  /** The value that was evaluated last. */
  #last: RuntimeValue | null = null;
  /** The filter whose arguments come next. */
  #filter: { readonly name: string; readonly operand: RuntimeValue } | null = null;

  constructor(environment: Scope, context: RenderContext) {
    super(environment);
    this.#context = context;
  }

  render(program: Statement, variables: Readonly<Record<string, unknown>>, environment: Scope): string {
    try {
      for (const [name, value] of Object.entries(variables)) environment.set(name, value);
      return String(this.run(program).value);
    } catch (error) {
      if (error instanceof DataError) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      const message = `${this.#context.name} stops with: ${reason}${this.#place()}`;
      throw new DataError(`${this.#context.kind.code}_FAILED`, message, { cause: error });
    }
  }

  override evaluateBlock(statements: readonly Statement[], scope: Scope): RuntimeValue {
    if (!this.#context.kind.isStrict) return super.evaluateBlock(statements, scope);
    const text = statements.map((statement) => {
      const value = this.evaluate(statement, scope);
      return STATEMENTS.has(statement.type) ? String(value.value ?? "") : printed(value);
    });
    const StringValue = super.evaluateBlock([], scope).constructor as new (text: string) => RuntimeValue;
    return new StringValue(text.join(""));
  }

  override evaluate(statement: Statement | Constant | undefined, scope: Scope): RuntimeValue {
    if (statement !== undefined && "result" in statement) return statement.result;
    if (statement !== undefined) this.#line = this.#context.lines.get(statement) ?? this.#line;
    const result = super.evaluate(statement, scope);
    const { value } = result;
    if (typeof value === "string") {
      this.#work += 1 + value.length / 64;
      if (value.length > LARGEST_TEXT) throw this.#tooMuch("makes a text", value.length, LARGEST_TEXT);
    } else {
      this.#work += 1 + (Array.isArray(value) ? value.length / 8 : 0);
      if (typeof value === "object" && value !== null) this.#checkSize(result);
    }
    if (this.#work > WORK_LIMIT || performance.now() > this.#context.limits.deadline) {
      const { name, kind } = this.#context;
      throw new DataError(
        `${kind.code}_LIMIT`,
        `${name} does too much work for one ${kind.subject}${this.#place()}; ${kind.advice.tooMuchWork}`,
      );
    }
    const guarded =
      statement?.type === "MemberExpression" ? this.#guardMethod(statement, result, scope) : result;
    this.#last = guarded;
    return guarded;
  }

  /** The engine joins text with anything by `+`; in Python that is an error, such as for a content in parts. */
  override evaluateBinaryExpression(node: BinaryExpression, scope: Scope): RuntimeValue {
    if (node.operator.value !== "+") return super.evaluateBinaryExpression(node, scope);
    const left = this.evaluate(node.left, scope);
    const right = this.evaluate(node.right, scope);
    const isText = (value: RuntimeValue) => value.type === "StringValue";
    const isEmpty = (value: RuntimeValue) => value.type === "NullValue" || value.type === "UndefinedValue";
    if (isText(left) !== isText(right) && !isEmpty(left) && !isEmpty(right)) {
      const other = (isText(left) ? right : left).type.replace(/Value$/, "").toLowerCase();
      throw new Error(
        other === "array"
          ? 'joins a text and a list by +: the template takes the content of a message as text, not as a list of parts ([{"type": "text", ...}])'
          : `joins a text and what is none (${other}) by +; it takes the content of messages as text`,
      );
    }
    const constants = { left: constant(left), right: constant(right) };
    return super.evaluateBinaryExpression({ ...node, ...constants }, scope);
  }

  override applyFilter(operand: RuntimeValue, filter: Filter, scope: Scope): RuntimeValue {
    const name = String(filter.type === "Identifier" ? filter.value : filter.callee?.value);
    if (name === "trim" || name === "capitalize") {
      const [positional, named] = this.evaluateArguments(filter.args ?? [], scope);
      const result = this.#pythonText(name, operand, positional[0] ?? named.get("chars"));
      if (result !== null) return result;
    }
    if (filter.type === "Identifier") this.#checkGrowth(name, operand, [[], new Map()]);
    else this.#filter = { name, operand };
    return super.applyFilter(operand, filter, scope);
  }

  override evaluateArguments(nodes: readonly Statement[], scope: Scope): Arguments {
    const filter = this.#filter;
    this.#filter = null;
    const values = super.evaluateArguments(nodes, scope);
    if (filter !== null) this.#checkGrowth(filter.name, filter.operand, values);
    return values;
  }

  /** Methods of texts are functions that know their text already: each is wrapped in one that looks at its arguments. */
  #guardMethod(member: Statement, method: RuntimeValue, scope: Scope): RuntimeValue {
    const owner = this.#last;
    if (
      this.#context.kind.isStrict &&
      method.type === "UndefinedValue" &&
      member.property?.value === "index"
    ) {
      return this.#indexMethod(owner, scope) ?? method;
    }
    if (method.type !== "FunctionValue" || owner === null) return method;
    if (member.computed) {
      if (owner.value !== "replace" && owner.value !== "split") return method;
      throw new Error(`call a method as value.${owner.value}(...)`);
    }
    const name = String(member.property?.value);
    const call = method.value as TemplateFunction;
    const FunctionValue = method.constructor as new (call: TemplateFunction) => RuntimeValue;
    return new FunctionValue((positional, scope) => {
      this.#checkGrowth(name, owner, [positional, new Map()]);
      return this.#pythonText(name, owner, positional[0]) ?? call(positional, scope);
    });
  }

  /** Python's `list.index`, which the engine lacks. */
  #indexMethod(list: RuntimeValue | null, scope: Scope): RuntimeValue | null {
    if (!Array.isArray(list?.value)) return null;
    const items: readonly RuntimeValue[] = list.value;
    const find = (wanted: unknown): number => {
      const at = items.findIndex(({ value }) => value === wanted);
      if (at < 0) throw new Error(`${JSON.stringify(wanted)} is not in the list`);
      return at;
    };
    const name = "index of a list";
    scope.set(name, find);
    return super.evaluate({ type: "Identifier", value: name }, scope);
  }

  #pythonText(name: string, text: RuntimeValue, argument: RuntimeValue | undefined): RuntimeValue | null {
    if (typeof text.value !== "string") return null;
    const result = pythonText(name, text.value, argument?.value);
    const StringValue = text.constructor as new (text: string) => RuntimeValue;
    return result === null ? null : new StringValue(result);
  }

  #checkGrowth(name: string, operand: RuntimeValue, [positional, named]: Arguments): void {
    const argument = (at: number, key: string) => (positional[at] ?? named.get(key))?.value;
    const { size, limit } = grownSize(name, operand.value, argument);
    if (size > limit) throw this.#tooMuch(`makes, with ${name},`, size, limit);
  }

  #checkSize(value: RuntimeValue): void {
    if (Array.isArray(value.value) && value.value.length > LARGEST_LIST) {
      throw this.#tooMuch("makes a list", value.value.length, LARGEST_LIST);
    }
    const size = writtenSize(value, this.#sizes);
    if (size >= LARGEST_TEXT) throw this.#tooMuch("makes a list or object", size, LARGEST_TEXT);
  }

  #tooMuch(makes: string, size: number, limit: number): DataError {
    const { name, kind } = this.#context;
    return new DataError(
      `${kind.code}_LIMIT`,
      `${name} ${makes} of ${Math.round(size)} characters or items or more, where ${limit} are allowed` +
        `${this.#place()}; ${kind.advice.tooLarge}`,
    );
  }

  #place(): string {
    return this.#line === null ? "" : ` (line ${this.#line} of the template)`;
  }
}

/** What prints nothing by itself. */
const STATEMENTS = new Set([
  "Program",
  "If",
  "For",
  "Set",
  "Macro",
  "CallStatement",
  "FilterStatement",
  "Comment",
]);

/** A value as Python prints it. */
function printed(value: RuntimeValue): string {
  if (value.type === "UndefinedValue")
    throw new Error("prints what is undefined: a name that the row does not have");
  return pythonStr(pythonValue(value));
}

function pythonValue({ type, value }: RuntimeValue): PythonValue {
  if (typeof value === "string" || typeof value === "boolean" || value === null) return value;
  if (typeof value === "number") {
    return { number: type === "FloatValue" && Number.isInteger(value) ? `${value}.0` : String(value) };
  }
  if (!Array.isArray(value)) throw new Error("prints what is no text, number or list");
  const items = value.map(pythonValue);
  return type === "TupleValue" ? { tuple: items } : items;
}

function constant(result: RuntimeValue): Constant {
  return { type: "Constant", result };
}

function globals(now: Date): Readonly<Record<string, unknown>> {
  return {
    true: true,
    false: false,
    none: null,
    True: true,
    False: false,
    None: null,
    raise_exception(message: unknown): never {
      throw new Error(String(message));
    },
    range(first: number, second?: number, step = 1): number[] {
      const [start, stop] = second === undefined ? [0, first] : [first, second];
      const length = Math.max(0, Math.ceil((stop - start) / step));
      if (!(length <= RANGE_LIMIT))
        throw new Error(`range() would have ${length} items; ${RANGE_LIMIT} are allowed`);
      return Array.from({ length }, (_, index) => start + index * step);
    },
    strftime_now(format: unknown): string {
      if (typeof format !== "string") throw new Error("strftime_now() needs a format, such as '%d %b %Y'");
      return formatTime(now, format);
    },
  };
}

/** Python's `strftime` for the directives that templates use, in English whatever the machine's language. */
function formatTime(date: Date, format: string): string {
  const padded = (value: number): string => String(value).padStart(2, "0");
  const month = MONTHS[date.getMonth()]!;
  const day = DAYS[date.getDay()]!;
  const directives: Readonly<Record<string, string>> = {
    "%Y": String(date.getFullYear()),
    "%m": padded(date.getMonth() + 1),
    "%d": padded(date.getDate()),
    "%B": month,
    "%b": month.slice(0, 3),
    "%A": day,
    "%a": day.slice(0, 3),
    "%H": padded(date.getHours()),
    "%M": padded(date.getMinutes()),
    "%S": padded(date.getSeconds()),
    "%%": "%",
  };
  return format.replace(/%./g, (directive) => directives[directive] ?? directive);
}
