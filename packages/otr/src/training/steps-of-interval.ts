/**
 * Every how many steps something happens, as Transformers has it: an interval below 1 is a share of all steps, rounded up.
 */
export const stepsOfInterval = (interval: number, totalSteps: number): number =>
  interval < 1 ? Math.ceil(totalSteps * interval) : interval;
