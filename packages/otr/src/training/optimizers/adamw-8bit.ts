import { aten, keep, kernels, scope, type Tensor, tensor, zeros } from "@one-token/torch";
import { type AdamWOptions, kernelSettings } from "./adamw.js";
import type { OptimizerStep, UpdateRule } from "./optimizer.js";
import {
  finishUpdate,
  fitsKernel,
  gradientOf,
  groupByWeightDecay,
  type TrainedParameter,
} from "./trained-parameter.js";

/** Elements that share a scale. */
const BLOCK = 256;

/**
 * AdamW with moments of one byte an element (Dettmers et al., arXiv 2110.02861): each block of 256 elements has its own
 * scale, and a byte is the number of a value of {@link dynamicMap}. On the CPU in float32 a step is one pass over memory;
 * elsewhere it is composed of libtorch's operators, one parameter at a time.
 */
export function adamW8bit(parameters: readonly TrainedParameter[], options: AdamWOptions): UpdateRule {
  const state = new Map<string, Tensor>();
  const members = parameters.map((member): Member => {
    const { name, parameter } = member;
    const { numel, dtype, device } = parameter;
    const blocks = Math.ceil(numel / BLOCK);
    const moment = (what: string): Moment => {
      const codes = scope(() => keep(zeros([blocks * BLOCK], { dtype: "uint8", device })));
      const scales = scope(() => keep(zeros([blocks], { dtype, device })));
      state.set(`${name}.${what}_codes`, codes).set(`${name}.${what}_scales`, scales);
      return { codes, scales };
    };
    return { ...member, first: moment("exp_avg"), second: moment("exp_avg_sq") };
  });
  const fused = members.every(fitsKernel);
  const groups = groupByWeightDecay(members);
  return {
    state,
    update(step) {
      if (fused) {
        for (const { weightDecay, members: group } of groups) {
          updateInOnePass(group, kernelSettings(options, step, weightDecay));
        }
      } else {
        for (const member of members) scope(() => updateComposed(member, options, step));
      }
    },
  };
}

interface Moment {
  /** `uint8`, the elements padded to whole blocks. */
  readonly codes: Tensor;
  /** The largest magnitude in each block. */
  readonly scales: Tensor;
}

interface Member extends TrainedParameter {
  readonly first: Moment;
  readonly second: Moment;
}

/**
 * The 256 values of dynamic quantisation, ascending (Dettmers et al., section 2 and appendix): a sign where there is one,
 * then as many zero bits as there are powers of ten below 1, an indicator bit, and a linear fraction in the bits that
 * remain. 1 and 0 are values themselves.
 */
export function dynamicMap(signed: boolean): number[] {
  const decades = 7;
  const positive = Array.from({ length: decades }, (_, index) => {
    const count = 2 ** (signed ? index : index + 1);
    // Means of neighbouring ends of `count` equal parts of [0.1, 1].
    const fraction = (part: number) => 0.1 + (0.9 * (part + 0.5)) / count;
    return Array.from({ length: count }, (_, part) => fraction(part) * 10 ** (index - decades + 1));
  }).flat();
  const negative = signed ? positive.map((value) => -value).reverse() : [];
  return [...negative, 0, ...positive, 1];
}

/** The maps of the first moment, which has a sign, and of the second. */
const MAPS = [dynamicMap(true), dynamicMap(false)] as const;

const mapsLike = ({ dtype, device }: Tensor): [Tensor, Tensor] => [
  tensor(MAPS[0], { dtype, device }),
  tensor(MAPS[1], { dtype, device }),
];

function updateInOnePass(group: readonly Member[], settings: ReturnType<typeof kernelSettings>): void {
  const parameters = group.map(({ parameter }) => parameter);
  const [firstMap, secondMap] = mapsLike(parameters[0]!);
  kernels.adamw_8bit_(
    parameters,
    group.map(gradientOf),
    group.map(({ first }) => first.codes),
    group.map(({ first }) => first.scales),
    group.map(({ second }) => second.codes),
    group.map(({ second }) => second.scales),
    group.map(({ copy }) => copy),
    firstMap,
    secondMap,
    settings,
  );
  for (const parameter of parameters) parameter.grad = null;
}

function updateComposed(member: Member, options: AdamWOptions, step: OptimizerStep): void {
  const { parameter, first, second, weightDecay } = member;
  const { adamBeta1, adamBeta2, adamEpsilon } = options;
  const { learningRate, gradientScale, number } = step;
  const [firstMap, secondMap] = mapsLike(parameter);
  const count = parameter.numel;
  const scaled = gradientOf(member).mul(gradientScale).view([-1]);
  const padded = aten.constant_pad_nd(scaled, [0, first.codes.numel - count]).view([-1, BLOCK]);
  const firstMoment = decode(first, firstMap).mul_(adamBeta1);
  const secondMoment = decode(second, secondMap).mul_(adamBeta2);
  aten.add_.Tensor(firstMoment, padded, { alpha: 1 - adamBeta1 });
  aten.addcmul_(secondMoment, padded, padded, { value: 1 - adamBeta2 });
  const denominator = secondMoment
    .sqrt()
    .div_(Math.sqrt(1 - adamBeta2 ** number))
    .add_(adamEpsilon);
  const direction = firstMoment.div(denominator).view([-1]).narrow(0, 0, count).view(parameter.shape);
  parameter.mul_(1 - learningRate * weightDecay);
  aten.add_.Tensor(parameter, direction, { alpha: -learningRate / (1 - adamBeta1 ** number) });
  encode(firstMoment, first, firstMap);
  encode(secondMoment, second, secondMap);
  finishUpdate(member);
}

/** `(blocks, 256)` */
function decode({ codes, scales }: Moment, map: Tensor): Tensor {
  return map.indexSelect(0, codes.to("int64")).view([-1, BLOCK]).mul_(scales.unsqueeze(1));
}

/** Writes the nearest values of `map`. */
function encode(values: Tensor, { codes, scales }: Moment, map: Tensor): void {
  scales.copy_(aten.linalg_vector_norm(values, Number.POSITIVE_INFINITY, [1]));
  const divisor = scales.add(scales.eq(0)).unsqueeze(1);
  const midpoints = map
    .narrow(0, 0, 255)
    .add(map.narrow(0, 1, 255))
    .div_(2);
  codes.copy_(aten.bucketize.Tensor(values.div(divisor), midpoints).view([-1]));
}
