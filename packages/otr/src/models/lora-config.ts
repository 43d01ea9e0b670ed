/** @file What a LoRA adapter is made of (Hu et al., arXiv 2106.09685), as data. */

/** The settings of an adapter, those of PEFT's `LoraConfig`. */
export interface LoraConfig {
  /** r: the inner width of each pair of matrices. */
  readonly rank: number;
  readonly alpha: number;
  /** Probability with which an element of a pair's input is zeroed in training. */
  readonly dropout: number;
  /**
   * The modules that get a pair: `"all-linear"` (every projection; no expert, embedding or head), a regular expression for
   * whole names of modules, or a list of names, which match at the end too (`q_proj`); null: those that PEFT takes for the
   * model's family.
   */
  readonly targetModules: string | readonly string[] | null;
  /** Modules that are trained whole and kept with the adapter. */
  readonly modulesToSave: readonly string[];
  /** r of single modules, by a regular expression for their names or the ends of these; the first that matches holds. */
  readonly rankPattern?: Readonly<Record<string, number>>;
  /** alpha of single modules, likewise. */
  readonly alphaPattern?: Readonly<Record<string, number>>;
  /** Whether the pair is multiplied by alpha / sqrt(r) (rsLoRA, arXiv 2312.03732) instead of alpha / r. */
  readonly useRslora: boolean;
  /** Whether the length of each row of the weight is learned apart from its direction (DoRA, arXiv 2402.09353). */
  readonly useDora: boolean;
}

/** What the product of a pair of this rank and alpha is multiplied by. */
export const loraScale = (
  { useRslora }: Pick<LoraConfig, "useRslora">,
  rank: number,
  alpha: number,
): number => alpha / (useRslora ? Math.sqrt(rank) : rank);
