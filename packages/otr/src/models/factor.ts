import { z } from "zod";

/** A factor or base of a computation in `config.json`: its products with ordinary numbers stay within float32. */
export const factor = z.number().min(1e-15).max(1e15);
