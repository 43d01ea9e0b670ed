/**
 * @file Arithmetic written out digit by digit, units first: the worked forms that the model learns to write.
 * The answer stands after the last `;` of a worked form.
 */

/** The decimal digits of `value`, units first. */
const digits = (value: number): number[] => [...String(value)].reverse().map(Number);

/** How often a carry comes up when `a` and `b` are added by hand. */
export function carries(a: number, b: number): number {
  let carry = 0;
  let count = 0;
  for (let [x, y] = [a, b]; x > 0 || y > 0; x = Math.floor(x / 10), y = Math.floor(y / 10)) {
    carry = (x % 10) + (y % 10) + carry >= 10 ? 1 : 0;
    count += carry;
  }
  return count;
}

/** `357+268=` as `7+8:15,5+6+1:12,3+2+1:6;625`. Both numbers have the same number of digits. */
export function workedAddition(a: number, b: number): string {
  return `${columns(a, b).join(",")};${a + b}`;
}

/** `357+268=` in the terse style: digit and carry of each column, `5&1,2&1,6&0;625`. */
export function terseAddition(a: number, b: number): string {
  const totals = columns(a, b).map((column) => Number(column.split(":")[1]));
  return `${totals.map((total) => `${total % 10}&${Math.floor(total / 10)}`).join(",")};${a + b}`;
}

/**
 * The work of an annotator who forgets every carry: `357+268=` as `7+8:15,5+6:11,3+2:5;515`.
 * Equal to {@link workedAddition} where no carry comes in.
 */
export function forgetfulAddition(a: number, b: number): string {
  const left = digits(a);
  const right = digits(b);
  const totals = left.map((digit, column) => digit + right[column]!);
  const work = totals.map((total, column) => `${left[column]}+${right[column]}:${total}`);
  const answer = totals.map((total, column) => (column < totals.length - 1 ? total % 10 : total)).reverse();
  return `${work.join(",")};${answer.join("")}`;
}

/** `498*8=` as `8*8:64,9*8+6:78,4*8+7:39;3984`. `factor` is one digit. */
export function workedMultiplication(number: number, factor: number): string {
  let carry = 0;
  const work = digits(number).map((digit) => {
    const total = digit * factor + carry;
    const column = `${digit}*${factor}${carry ? `+${carry}` : ""}:${total}`;
    carry = Math.floor(total / 10);
    return column;
  });
  return `${work.join(",")};${number * factor}`;
}

/**
 * The final answer of a completion: its first line, without a note in parentheses before it, after the last
 * `;` or `|`.
 */
export function finalAnswer(completion: string): string {
  const line = completion.split("\n", 1)[0]!.replace(/^\([^)]*\)/, "");
  return line.slice(Math.max(line.lastIndexOf(";"), line.lastIndexOf("|")) + 1);
}

/** The columns of an addition, units first: `7+8:15`, with `+1` where a carry comes in. */
function columns(a: number, b: number): string[] {
  const right = digits(b);
  let carry = 0;
  return digits(a).map((digit, column) => {
    const total = digit + right[column]! + carry;
    const text = `${digit}+${right[column]}${carry ? "+1" : ""}:${total}`;
    carry = total >= 10 ? 1 : 0;
    return text;
  });
}
