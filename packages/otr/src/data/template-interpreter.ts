/** @file Runs a Jinja template within limits, so that no template can hang the program or fill its memory. */
import { Environment, Interpreter, parse, tokenize } from "@huggingface/jinja";
import { DataError } from "../errors.js";

// The package's declarations of these import without file extensions, which the compiler does not follow under Node's
// module rules; the part in use is declared here.
interface RuntimeValue {
  readonly value: unknown;
}
interface Scope {
  set(name: string, value: unknown): unknown;
}
interface InterpreterApi {
  evaluate(statement: unknown, scope: Scope): RuntimeValue;
  run(program: unknown): RuntimeValue;
}
const JinjaEnvironment: new () => Scope = Environment;
const JinjaInterpreter: new (globals: Scope) => InterpreterApi = Interpreter;

/** Evaluated expressions, plus one for every 64 characters or 8 items of their values. (1,000 messages need 200,000.) */
const WORK_LIMIT = 4_000_000;
const TIME_LIMIT_MILLISECONDS = 5000;
const RANGE_LIMIT = 10_000;
const SOURCE_LIMIT = 1 << 20;
/** The template lexer needs quadratic time for a run of white space. */
const WHITE_SPACE_LIMIT = /\s{4096}/;

const MONTHS = "January February March April May June July August September October November December".split(
  " ",
);
const DAYS = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split(" ");

/** A template that has been parsed. */
export interface CompiledTemplate {
  /**
   * The text for these variables.
   * @throws DataError `CHAT_TEMPLATE_FAILED` where the template refuses them or fails, `CHAT_TEMPLATE_LIMIT` where it
   * does not end in a reasonable time
   */
  run(variables: Readonly<Record<string, unknown>>): string;
}

/**
 * Parses a template with the settings and globals that Transformers gives chat templates (`trim_blocks`,
 * `lstrip_blocks`, `raise_exception`, `strftime_now`).
 * @param name What errors call it: "the chat template FILE".
 * @throws DataError `CHAT_TEMPLATE_INVALID`
 */
export function compileTemplate(source: string, name: string): CompiledTemplate {
  if (source.length > SOURCE_LIMIT || WHITE_SPACE_LIMIT.test(source)) {
    throw new DataError(
      "CHAT_TEMPLATE_INVALID",
      `${name} has ${source.length} characters or a very long run of white space; ` +
        `templates may have up to ${SOURCE_LIMIT} characters and 4,095 of white space in a row`,
    );
  }
  let program: unknown;
  try {
    program = parse(tokenize(source, { lstrip_blocks: true, trim_blocks: true }));
  } catch (error) {
    throw new DataError(
      "CHAT_TEMPLATE_INVALID",
      `${name} cannot be parsed, so no conversation can be rendered: ${syntaxProblem(error)}; mend it, or give ` +
        "another one as chat_template_path",
      { cause: error },
    );
  }
  return { run: (variables) => runProgram(program, variables, name) };
}

/** The parser reads past its last token, instead of complaining, where a block is left open. */
function syntaxProblem(error: unknown): string {
  if (!(error instanceof TypeError)) return messageOf(error);
  return "it ends inside a block (each {% for %}, {% if %} and {% macro %} needs its {% end... %})";
}

function runProgram(program: unknown, variables: Readonly<Record<string, unknown>>, name: string): string {
  const environment = new JinjaEnvironment();
  for (const [name, value] of Object.entries({ ...GLOBALS, ...variables })) environment.set(name, value);
  try {
    return String(new LimitedInterpreter(environment).run(program).value);
  } catch (error) {
    if (error instanceof DataError) throw error;
    throw new DataError("CHAT_TEMPLATE_FAILED", `${name} stops with: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

class LimitedInterpreter extends JinjaInterpreter {
  readonly #deadline = performance.now() + TIME_LIMIT_MILLISECONDS;
  #work = 0;

  override evaluate(statement: unknown, scope: Scope): RuntimeValue {
    const result = super.evaluate(statement, scope);
    this.#work += 1 + sizeCost(result.value);
    if (this.#work > WORK_LIMIT || performance.now() > this.#deadline) {
      throw new DataError(
        "CHAT_TEMPLATE_LIMIT",
        "the chat template does too much work for one conversation; use a simpler template (chat_template_path)",
      );
    }
    return result;
  }
}

function sizeCost(value: unknown): number {
  if (typeof value === "string") return value.length / 64;
  return Array.isArray(value) ? value.length / 8 : 0;
}

const GLOBALS: Readonly<Record<string, unknown>> = {
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
    return formatTime(new Date(), format);
  },
};

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

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
