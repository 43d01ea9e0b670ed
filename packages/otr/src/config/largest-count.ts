/** The largest count that an option takes: more than any run needs, and every layer below holds it (32 bits). */
export const LARGEST_COUNT = 2_147_483_647;

/** Tokens of the largest bin that packing fills: a bin goes through the model at once. */
export const LARGEST_BIN = 2 ** 20;
