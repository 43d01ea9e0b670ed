/** @file The common operators as methods of {@link Tensor}: thin calls of `aten`, for code that reads like its formula. */
import type { DType } from "./dtype.js";
import { ITEM_SIZE } from "./dtype.js";
import { aten } from "./operators.js";
import { Tensor } from "./tensor.js";

type Operand = Tensor | number;
type Dims = number | readonly number[];

declare module "./tensor.js" {
  interface Tensor {
    add(other: Operand): Tensor;
    sub(other: Operand): Tensor;
    mul(other: Operand): Tensor;
    div(other: Operand): Tensor;
    eq(other: Operand): Tensor;
    neg(): Tensor;
    exp(): Tensor;
    log(): Tensor;
    sqrt(): Tensor;
    rsqrt(): Tensor;
    sigmoid(): Tensor;
    cos(): Tensor;
    sin(): Tensor;
    matmul(other: Tensor): Tensor;
    /** The transpose of a matrix, as a view. */
    t(): Tensor;
    view(shape: readonly number[]): Tensor;
    reshape(shape: readonly number[]): Tensor;
    transpose(first: number, second: number): Tensor;
    permute(dims: readonly number[]): Tensor;
    unsqueeze(dim: number): Tensor;
    squeeze(dim: number): Tensor;
    expand(shape: readonly number[]): Tensor;
    contiguous(): Tensor;
    clone(): Tensor;
    detach(): Tensor;
    /** Over all dimensions, or over `dims`. */
    sum(dims?: Dims, keepdim?: boolean): Tensor;
    mean(dims?: Dims, keepdim?: boolean): Tensor;
    argmax(dim?: number, keepdim?: boolean): Tensor;
    softmax(dim: number): Tensor;
    logSoftmax(dim: number): Tensor;
    logsumexp(dims: Dims, keepdim?: boolean): Tensor;
    narrow(dim: number, start: number, length: number): Tensor;
    indexSelect(dim: number, index: Tensor): Tensor;
    gather(dim: number, index: Tensor): Tensor;
    /** Converted to a dtype or moved to a device; a tensor of its own handle even where nothing changes. */
    to(target: DType | (string & {})): Tensor;
    add_(other: Operand): this;
    sub_(other: Operand): this;
    mul_(other: Operand): this;
    div_(other: Operand): this;
    copy_(source: Tensor): this;
    zero_(): this;
    fill_(value: number): this;
  }
}

const isDType = (target: string): target is DType => Object.hasOwn(ITEM_SIZE, target);
const list = (dims: Dims): readonly number[] => (typeof dims === "number" ? [dims] : dims);

const methods: ThisType<Tensor> & Record<string, (this: Tensor, ...values: never[]) => Tensor> = {
  add(other: Operand) {
    return typeof other === "number" ? aten.add.Scalar(this, other) : aten.add.Tensor(this, other);
  },
  sub(other: Operand) {
    return typeof other === "number" ? aten.sub.Scalar(this, other) : aten.sub.Tensor(this, other);
  },
  mul(other: Operand) {
    return typeof other === "number" ? aten.mul.Scalar(this, other) : aten.mul.Tensor(this, other);
  },
  div(other: Operand) {
    return typeof other === "number" ? aten.div.Scalar(this, other) : aten.div.Tensor(this, other);
  },
  eq(other: Operand) {
    return typeof other === "number" ? aten.eq.Scalar(this, other) : aten.eq.Tensor(this, other);
  },
  neg() {
    return aten.neg(this);
  },
  exp() {
    return aten.exp(this);
  },
  log() {
    return aten.log(this);
  },
  sqrt() {
    return aten.sqrt(this);
  },
  rsqrt() {
    return aten.rsqrt(this);
  },
  sigmoid() {
    return aten.sigmoid(this);
  },
  cos() {
    return aten.cos(this);
  },
  sin() {
    return aten.sin(this);
  },
  matmul(other: Tensor) {
    return aten.matmul(this, other);
  },
  t() {
    return aten.t(this);
  },
  view(shape: readonly number[]) {
    return aten.view(this, shape);
  },
  reshape(shape: readonly number[]) {
    return aten.reshape(this, shape);
  },
  transpose(first: number, second: number) {
    return aten.transpose.int(this, first, second);
  },
  permute(dims: readonly number[]) {
    return aten.permute(this, dims);
  },
  unsqueeze(dim: number) {
    return aten.unsqueeze(this, dim);
  },
  squeeze(dim: number) {
    return aten.squeeze.dim(this, dim);
  },
  expand(shape: readonly number[]) {
    return aten.expand(this, shape);
  },
  contiguous() {
    return aten.contiguous(this);
  },
  clone() {
    return aten.clone(this);
  },
  detach() {
    return aten.detach(this);
  },
  sum(dims?: Dims, keepdim = false) {
    return dims === undefined ? aten.sum(this) : aten.sum.dim_IntList(this, list(dims), keepdim);
  },
  mean(dims?: Dims, keepdim = false) {
    return dims === undefined ? aten.mean(this) : aten.mean.dim(this, list(dims), keepdim);
  },
  argmax(dim?: number, keepdim = false) {
    return aten.argmax(this, dim ?? null, keepdim);
  },
  softmax(dim: number) {
    return aten.softmax.int(this, dim);
  },
  logSoftmax(dim: number) {
    return aten.log_softmax.int(this, dim);
  },
  logsumexp(dims: Dims, keepdim = false) {
    return aten.logsumexp(this, list(dims), keepdim);
  },
  narrow(dim: number, start: number, length: number) {
    return aten.narrow(this, dim, start, length);
  },
  indexSelect(dim: number, index: Tensor) {
    return aten.index_select(this, dim, index);
  },
  gather(dim: number, index: Tensor) {
    return aten.gather(this, dim, index);
  },
  to(target: string) {
    return isDType(target) ? aten.to.dtype(this, target) : aten.to.dtype_layout(this, { device: target });
  },
  add_(other: Operand) {
    return typeof other === "number" ? aten.add_.Scalar(this, other) : aten.add_.Tensor(this, other);
  },
  sub_(other: Operand) {
    return typeof other === "number" ? aten.sub_.Scalar(this, other) : aten.sub_.Tensor(this, other);
  },
  mul_(other: Operand) {
    return typeof other === "number" ? aten.mul_.Scalar(this, other) : aten.mul_.Tensor(this, other);
  },
  div_(other: Operand) {
    return typeof other === "number" ? aten.div_.Scalar(this, other) : aten.div_.Tensor(this, other);
  },
  copy_(source: Tensor) {
    return aten.copy_(this, source);
  },
  zero_() {
    return aten.zero_(this);
  },
  fill_(value: number) {
    return aten.fill_.Scalar(this, value);
  },
};

for (const [name, value] of Object.entries(methods)) Object.defineProperty(Tensor.prototype, name, { value });
