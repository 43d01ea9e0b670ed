/**
 * The options of `npm start`, or null where there is nothing to do: help was asked for and printed, or a mistake was
 * named and the exit status set to 2.
 */
export declare function readOptions(args: string[]): { seeds: number; json: boolean } | null;
