// Generated from the schemas of libtorch 2.11.0 by `npm run generate -w @one-token/torch`. Do not edit.
import type { DType } from "../dtype.js";
import type { Generator } from "../generator.js";
import type { Tensor } from "../tensor.js";

/** A bigint where the number may be beyond 2^53. */
export type Integer = number | bigint;
/** A number as operators take it. */
export type Scalar = number | bigint | boolean;
/** How the elements of a tensor lie in memory; sparse layouts are not supported. */
export type Layout = "strided";
/** The order of the elements in memory. */
export type MemoryFormat = "contiguous" | "preserve" | "channels_last" | "channels_last_3d";

/** Every ATen operator but those of {@link LEFT_OUT}; overloads are properties: `aten.add.Tensor(a, b)`. */
export interface Aten {
  __and__: {
    Scalar(self: Tensor, other: Scalar): Tensor;
    Tensor(self: Tensor, other: Tensor): Tensor;
  };
  __iand__: {
    Scalar(self: Tensor, other: Scalar): Tensor;
    Tensor(self: Tensor, other: Tensor): Tensor;
  };
  __ilshift__: {
    Scalar(self: Tensor, other: Scalar): Tensor;
    Tensor(self: Tensor, other: Tensor): Tensor;
  };
  __ior__: {
    Scalar(self: Tensor, other: Scalar): Tensor;
    Tensor(self: Tensor, other: Tensor): Tensor;
  };
  __irshift__: {
    Scalar(self: Tensor, other: Scalar): Tensor;
    Tensor(self: Tensor, other: Tensor): Tensor;
  };
  __ixor__: {
    Scalar(self: Tensor, other: Scalar): Tensor;
    Tensor(self: Tensor, other: Tensor): Tensor;
  };
  __lshift__: {
    Scalar(self: Tensor, other: Scalar): Tensor;
    Scalar_out(self: Tensor, other: Scalar, options: { out: Tensor }): Tensor;
    Tensor(self: Tensor, other: Tensor): Tensor;
    Tensor_out(self: Tensor, other: Tensor, options: { out: Tensor }): Tensor;
  };
  __or__: {
    Scalar(self: Tensor, other: Scalar): Tensor;
    Tensor(self: Tensor, other: Tensor): Tensor;
  };
  __rshift__: {
    Scalar(self: Tensor, other: Scalar): Tensor;
    Scalar_out(self: Tensor, other: Scalar, options: { out: Tensor }): Tensor;
    Tensor(self: Tensor, other: Tensor): Tensor;
    Tensor_out(self: Tensor, other: Tensor, options: { out: Tensor }): Tensor;
  };
  __xor__: {
    Scalar(self: Tensor, other: Scalar): Tensor;
    Tensor(self: Tensor, other: Tensor): Tensor;
  };
  _adaptive_avg_pool2d: {
    (self: Tensor, output_size: readonly Integer[] | Integer): Tensor;
    out(self: Tensor, output_size: readonly Integer[] | Integer, options: { out: Tensor }): Tensor;
  };
  _adaptive_avg_pool3d: {
    (self: Tensor, output_size: readonly Integer[] | Integer): Tensor;
    out(self: Tensor, output_size: readonly Integer[] | Integer, options: { out: Tensor }): Tensor;
  };
  _add_batch_dim(self: Tensor, batch_dim: Integer, level: Integer): Tensor;
  _add_relu: {
    Scalar(self: Tensor, other: Scalar, alpha?: Scalar): Tensor;
    Scalar_out(self: Tensor, other: Scalar, alpha: Scalar | undefined, options: { alpha?: Scalar | undefined; out: Tensor }): Tensor;
    Tensor(self: Tensor, other: Tensor, options?: { alpha?: Scalar | undefined }): Tensor;
    out(self: Tensor, other: Tensor, options: { alpha?: Scalar | undefined; out: Tensor }): Tensor;
  };
  _add_relu_: {
    Scalar(self: Tensor, other: Scalar, alpha?: Scalar): Tensor;
    Tensor(self: Tensor, other: Tensor, options?: { alpha?: Scalar | undefined }): Tensor;
  };
  _addmm_activation: {
    (self: Tensor, mat1: Tensor, mat2: Tensor, options?: { beta?: Scalar | undefined; alpha?: Scalar | undefined; use_gelu?: boolean | undefined }): Tensor;
    out(self: Tensor, mat1: Tensor, mat2: Tensor, options: { beta?: Scalar | undefined; alpha?: Scalar | undefined; use_gelu?: boolean | undefined; out: Tensor }): Tensor;
  };
  _aminmax: {
    (self: Tensor): [Tensor, Tensor];
    dim(self: Tensor, dim: Integer, keepdim?: boolean): [Tensor, Tensor];
    dim_out(self: Tensor, dim: Integer, keepdim: boolean | undefined, options: { keepdim?: boolean | undefined; out0: Tensor; out1: Tensor }): [Tensor, Tensor];
    out(self: Tensor, options: { out0: Tensor; out1: Tensor }): [Tensor, Tensor];
  };
  _amp_foreach_non_finite_check_and_unscale: {
    (self: readonly Tensor[], found_inf: Tensor, inv_scale: Tensor): [Tensor[], Tensor];
    out(self: readonly Tensor[], found_inf: Tensor, inv_scale: Tensor, options: { out: readonly Tensor[] }): void;
  };
  _amp_foreach_non_finite_check_and_unscale_(self: readonly Tensor[], found_inf: Tensor, inv_scale: Tensor): void;
  _amp_update_scale: {
    (self: Tensor, growth_tracker: Tensor, found_inf: Tensor, scale_growth_factor: number, scale_backoff_factor: number, growth_interval: Integer): [Tensor, Tensor];
    out(self: Tensor, growth_tracker: Tensor, found_inf: Tensor, scale_growth_factor: number, scale_backoff_factor: number, growth_interval: Integer, options: { out: Tensor }): Tensor;
  };
  _amp_update_scale_(self: Tensor, growth_tracker: Tensor, found_inf: Tensor, scale_growth_factor: number, scale_backoff_factor: number, growth_interval: Integer): Tensor;
  _assert_async: {
    (self: Tensor): void;
    msg(self: Tensor, assert_msg: string): void;
  };
  _assert_scalar(self: Scalar, assert_msg: string): void;
  _assert_tensor_metadata(a: Tensor, size?: readonly Integer[] | null, stride?: readonly Integer[] | null, dtype?: DType | null, options?: { size?: readonly Integer[] | null | undefined; stride?: readonly Integer[] | null | undefined; dtype?: DType | null | undefined; device?: string | null | undefined; layout?: Layout | null | undefined }): void;
  _autocast_to_full_precision(self: Tensor, cuda_enabled: boolean, cpu_enabled: boolean): Tensor;
  _autocast_to_reduced_precision(self: Tensor, cuda_enabled: boolean, cpu_enabled: boolean, cuda_dtype: DType, cpu_dtype: DType): Tensor;
  _batch_norm_impl_index(input: Tensor, weight: Tensor | null, bias: Tensor | null, running_mean: Tensor | null, running_var: Tensor | null, training: boolean, momentum: number, eps: number, cudnn_enabled: boolean): [Tensor, Tensor, Tensor, Tensor, number];
  _cast_Byte(self: Tensor, non_blocking?: boolean): Tensor;
  _cast_Char(self: Tensor, non_blocking?: boolean): Tensor;
  _cast_Double(self: Tensor, non_blocking?: boolean): Tensor;
  _cast_Float(self: Tensor, non_blocking?: boolean): Tensor;
  _cast_Half(self: Tensor, non_blocking?: boolean): Tensor;
  _cast_Int(self: Tensor, non_blocking?: boolean): Tensor;
  _cast_Long(self: Tensor, non_blocking?: boolean): Tensor;
  _cast_Short(self: Tensor, non_blocking?: boolean): Tensor;
  _cdist_forward: {
    (x1: Tensor, x2: Tensor, p: number, compute_mode?: Integer | null): Tensor;
    out(x1: Tensor, x2: Tensor, p: number, compute_mode: Integer | null | undefined, options: { compute_mode?: Integer | null | undefined; out: Tensor }): Tensor;
  };
  _choose_qparams_per_tensor(self: Tensor, reduce_range?: boolean): [number, number];
  _coalesce: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  _coalesced: {
    (self: Tensor, coalesced: boolean): Tensor;
    out(self: Tensor, coalesced: boolean, options: { out: Tensor }): Tensor;
  };
  _coalesced_(self: Tensor, coalesced: boolean): Tensor;
  _conj(self: Tensor): Tensor;
  _conj_copy: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  _conj_physical: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  _conv_depthwise2d: {
    (self: Tensor, weight: Tensor, kernel_size: readonly Integer[] | Integer, bias: Tensor | null, stride: readonly Integer[] | Integer, padding: readonly Integer[] | Integer, dilation: readonly Integer[] | Integer): Tensor;
    out(self: Tensor, weight: Tensor, kernel_size: readonly Integer[] | Integer, bias: Tensor | null, stride: readonly Integer[] | Integer, padding: readonly Integer[] | Integer, dilation: readonly Integer[] | Integer, options: { out: Tensor }): Tensor;
  };
  _convert_weight_to_int4pack(self: Tensor, innerKTiles: Integer): Tensor;
  _convert_weight_to_int4pack_for_cpu(self: Tensor, innerKTiles: Integer): Tensor;
  _convolution: {
    (input: Tensor, weight: Tensor, bias: Tensor | null, stride: readonly Integer[], padding: readonly Integer[], dilation: readonly Integer[], transposed: boolean, output_padding: readonly Integer[], groups: Integer, benchmark: boolean, deterministic: boolean, cudnn_enabled: boolean, allow_tf32: boolean): Tensor;
    deprecated(input: Tensor, weight: Tensor, bias: Tensor | null, stride: readonly Integer[], padding: readonly Integer[], dilation: readonly Integer[], transposed: boolean, output_padding: readonly Integer[], groups: Integer, benchmark: boolean, deterministic: boolean, cudnn_enabled: boolean): Tensor;
    out(input: Tensor, weight: Tensor, bias: Tensor | null, stride: readonly Integer[], padding: readonly Integer[], dilation: readonly Integer[], transposed: boolean, output_padding: readonly Integer[], groups: Integer, benchmark: boolean, deterministic: boolean, cudnn_enabled: boolean, allow_tf32: boolean, options: { out: Tensor }): Tensor;
  };
  _convolution_mode(input: Tensor, weight: Tensor, bias: Tensor | null, stride: readonly Integer[], padding: string, dilation: readonly Integer[], groups: Integer): Tensor;
  _copy_from: {
    (self: Tensor, dst: Tensor, non_blocking?: boolean): Tensor;
    out(self: Tensor, dst: Tensor, non_blocking: boolean | undefined, options: { non_blocking?: boolean | undefined; out: Tensor }): Tensor;
  };
  _copy_from_and_resize: {
    (self: Tensor, dst: Tensor): Tensor;
    out(self: Tensor, dst: Tensor, options: { out: Tensor }): Tensor;
  };
  _cslt_compress(input: Tensor): Tensor;
  _cslt_sparse_mm(compressed_A: Tensor, dense_B: Tensor, bias?: Tensor | null, alpha?: Tensor | null, out_dtype?: DType | null, transpose_result?: boolean, alg_id?: Integer, split_k?: Integer, split_k_mode?: Integer): Tensor;
  _cslt_sparse_mm_search(compressed_A: Tensor, dense_B: Tensor, bias?: Tensor | null, alpha?: Tensor | null, out_dtype?: DType | null, transpose_result?: boolean): number;
  _cudnn_attention_forward(query: Tensor, key: Tensor, value: Tensor, attn_bias: Tensor | null, cum_seq_q: Tensor | null, cum_seq_k: Tensor | null, max_q: Integer, max_k: Integer, compute_log_sumexp: boolean, dropout_p?: number, is_causal?: boolean, return_debug_mask?: boolean, options?: { dropout_p?: number | undefined; is_causal?: boolean | undefined; return_debug_mask?: boolean | undefined; scale?: number | null | undefined }): [Tensor, Tensor, Tensor, Tensor, number, number, Tensor, Tensor, Tensor];
  _cudnn_ctc_loss: {
    (log_probs: Tensor, targets: Tensor, input_lengths: readonly Integer[], target_lengths: readonly Integer[], blank: Integer, deterministic: boolean, zero_infinity: boolean): [Tensor, Tensor];
    Tensor(log_probs: Tensor, targets: Tensor, input_lengths: Tensor, target_lengths: Tensor, blank: Integer, deterministic: boolean, zero_infinity: boolean): [Tensor, Tensor];
    out(log_probs: Tensor, targets: Tensor, input_lengths: readonly Integer[], target_lengths: readonly Integer[], blank: Integer, deterministic: boolean, zero_infinity: boolean, options: { out0: Tensor; out1: Tensor }): [Tensor, Tensor];
  };
  _cudnn_init_dropout_state: {
    (dropout: number, train: boolean, dropout_seed: Integer, options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
    out(dropout: number, train: boolean, dropout_seed: Integer, options: { out: Tensor }): Tensor;
  };
  _cudnn_rnn: {
    (input: Tensor, weight: readonly Tensor[], weight_stride0: Integer, weight_buf: Tensor | null, hx: Tensor, cx: Tensor | null, mode: Integer, hidden_size: Integer, proj_size: Integer, num_layers: Integer, batch_first: boolean, dropout: number, train: boolean, bidirectional: boolean, batch_sizes: readonly Integer[], dropout_state?: Tensor | null): [Tensor, Tensor, Tensor, Tensor, Tensor];
    out(input: Tensor, weight: readonly Tensor[], weight_stride0: Integer, weight_buf: Tensor | null, hx: Tensor, cx: Tensor | null, mode: Integer, hidden_size: Integer, proj_size: Integer, num_layers: Integer, batch_first: boolean, dropout: number, train: boolean, bidirectional: boolean, batch_sizes: readonly Integer[], dropout_state: Tensor | null | undefined, options: { dropout_state?: Tensor | null | undefined; out0: Tensor; out1: Tensor; out2: Tensor; out3: Tensor; out4: Tensor }): [Tensor, Tensor, Tensor, Tensor, Tensor];
  };
  _cudnn_rnn_flatten_weight: {
    (weight_arr: readonly Tensor[], weight_stride0: Integer, input_size: Integer, mode: Integer, hidden_size: Integer, proj_size: Integer, num_layers: Integer, batch_first: boolean, bidirectional: boolean): Tensor;
    out(weight_arr: readonly Tensor[], weight_stride0: Integer, input_size: Integer, mode: Integer, hidden_size: Integer, proj_size: Integer, num_layers: Integer, batch_first: boolean, bidirectional: boolean, options: { out: Tensor }): Tensor;
  };
  _cufft_clear_plan_cache(device_index: Integer): void;
  _cufft_get_plan_cache_max_size(device_index: Integer): number;
  _cufft_get_plan_cache_size(device_index: Integer): number;
  _cufft_set_plan_cache_max_size(device_index: Integer, max_size: Integer): void;
  _debug_has_internal_overlap(self: Tensor): number;
  _dimI(self: Tensor): number;
  _dimV(self: Tensor): number;
  _dim_arange(like: Tensor, dim: Integer): Tensor;
  _dirichlet_grad: {
    (x: Tensor, alpha: Tensor, total: Tensor): Tensor;
    out(x: Tensor, alpha: Tensor, total: Tensor, options: { out: Tensor }): Tensor;
  };
  _efficient_attention_forward(query: Tensor, key: Tensor, value: Tensor, bias: Tensor | null, cu_seqlens_q: Tensor | null, cu_seqlens_k: Tensor | null, max_seqlen_q: Integer | null, max_seqlen_k: Integer | null, dropout_p: number, custom_mask_type: Integer, compute_log_sumexp?: boolean, options?: { compute_log_sumexp?: boolean | undefined; scale?: number | null | undefined; seqlen_k?: Tensor | null | undefined; window_size?: Integer | null | undefined }): [Tensor, Tensor, Tensor, Tensor, number, number];
  _efficientzerotensor: {
    (size: readonly Integer[], options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
    out(size: readonly Integer[], options: { out: Tensor }): Tensor;
  };
  _empty_affine_quantized: {
    (size: readonly Integer[], options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined; scale?: number | undefined; zero_point?: Integer | undefined; memory_format?: MemoryFormat | null | undefined }): Tensor;
    out(size: readonly Integer[], options: { scale?: number | undefined; zero_point?: Integer | undefined; memory_format?: MemoryFormat | null | undefined; out: Tensor }): Tensor;
  };
  _empty_per_channel_affine_quantized: {
    (size: readonly Integer[], options: { scales: Tensor; zero_points: Tensor; axis: Integer; dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined; memory_format?: MemoryFormat | null | undefined }): Tensor;
    out(size: readonly Integer[], options: { scales: Tensor; zero_points: Tensor; axis: Integer; memory_format?: MemoryFormat | null | undefined; out: Tensor }): Tensor;
  };
  _euclidean_dist: {
    (x1: Tensor, x2: Tensor): Tensor;
    out(x1: Tensor, x2: Tensor, options: { out: Tensor }): Tensor;
  };
  _fake_quantize_learnable_per_channel_affine: {
    (self: Tensor, scale: Tensor, zero_point: Tensor, axis: Integer, quant_min: Integer, quant_max: Integer, grad_factor?: number): Tensor;
    out(self: Tensor, scale: Tensor, zero_point: Tensor, axis: Integer, quant_min: Integer, quant_max: Integer, grad_factor: number | undefined, options: { grad_factor?: number | undefined; out: Tensor }): Tensor;
  };
  _fake_quantize_learnable_per_tensor_affine: {
    (self: Tensor, scale: Tensor, zero_point: Tensor, quant_min: Integer, quant_max: Integer, grad_factor?: number): Tensor;
    out(self: Tensor, scale: Tensor, zero_point: Tensor, quant_min: Integer, quant_max: Integer, grad_factor: number | undefined, options: { grad_factor?: number | undefined; out: Tensor }): Tensor;
  };
  _fake_quantize_per_tensor_affine_cachemask_tensor_qparams: {
    (self: Tensor, scale: Tensor, zero_point: Tensor, fake_quant_enabled: Tensor, quant_min: Integer, quant_max: Integer): [Tensor, Tensor];
    out(self: Tensor, scale: Tensor, zero_point: Tensor, fake_quant_enabled: Tensor, quant_min: Integer, quant_max: Integer, options: { out0: Tensor; out1: Tensor }): [Tensor, Tensor];
  };
  _fill_mem_eff_dropout_mask_(self: Tensor, dropout_p: number, seed: Integer, offset: Integer): Tensor;
  _flash_attention_forward: {
    (query: Tensor, key: Tensor, value: Tensor, cum_seq_q: Tensor | null, cum_seq_k: Tensor | null, max_q: Integer, max_k: Integer, dropout_p: number, is_causal: boolean, return_debug_mask: boolean, options?: { scale?: number | null | undefined; window_size_left?: Integer | null | undefined; window_size_right?: Integer | null | undefined; seqused_k?: Tensor | null | undefined; alibi_slopes?: Tensor | null | undefined }): [Tensor, Tensor, Tensor, Tensor, Tensor];
    quantized(query: Tensor, key: Tensor, value: Tensor, cum_seq_q: Tensor | null, cum_seq_k: Tensor | null, max_q: Integer, max_k: Integer, dropout_p: number, is_causal: boolean, return_debug_mask: boolean, q_descale?: Tensor | null, k_descale?: Tensor | null, v_descale?: Tensor | null, options?: { q_descale?: Tensor | null | undefined; k_descale?: Tensor | null | undefined; v_descale?: Tensor | null | undefined; scale?: number | null | undefined; window_size_left?: Integer | null | undefined; window_size_right?: Integer | null | undefined; seqused_k?: Tensor | null | undefined; alibi_slopes?: Tensor | null | undefined }): [Tensor, Tensor, Tensor, Tensor, Tensor];
  };
  _foobar: {
    (self: Tensor, arg1?: boolean, arg2?: boolean, options?: { arg1?: boolean | undefined; arg2?: boolean | undefined; arg3?: boolean | undefined }): Tensor;
    out(self: Tensor, arg1: boolean | undefined, arg2: boolean | undefined, options: { arg1?: boolean | undefined; arg2?: boolean | undefined; arg3?: boolean | undefined; out: Tensor }): Tensor;
  };
  _foreach_abs: {
    (self: readonly Tensor[]): Tensor[];
    out(self: readonly Tensor[], options: { out: readonly Tensor[] }): void;
  };
  _foreach_abs_(self: readonly Tensor[]): void;
  _foreach_acos: {
    (self: readonly Tensor[]): Tensor[];
    out(self: readonly Tensor[], options: { out: readonly Tensor[] }): void;
  };
  _foreach_acos_(self: readonly Tensor[]): void;
  _foreach_add: {
    List(self: readonly Tensor[], other: readonly Tensor[], options?: { alpha?: Scalar | undefined }): Tensor[];
    List_out(self: readonly Tensor[], other: readonly Tensor[], options: { alpha?: Scalar | undefined; out: readonly Tensor[] }): void;
    Scalar(self: readonly Tensor[], scalar: Scalar): Tensor[];
    ScalarList(self: readonly Tensor[], scalars: readonly Scalar[]): Tensor[];
    ScalarList_out(self: readonly Tensor[], scalars: readonly Scalar[], options: { out: readonly Tensor[] }): void;
    Scalar_out(self: readonly Tensor[], scalar: Scalar, options: { out: readonly Tensor[] }): void;
    Tensor(self: readonly Tensor[], other: Tensor, options?: { alpha?: Scalar | undefined }): Tensor[];
    Tensor_out(self: readonly Tensor[], other: Tensor, options: { alpha?: Scalar | undefined; out: readonly Tensor[] }): void;
  };
  _foreach_add_: {
    List(self: readonly Tensor[], other: readonly Tensor[], options?: { alpha?: Scalar | undefined }): void;
    Scalar(self: readonly Tensor[], scalar: Scalar): void;
    ScalarList(self: readonly Tensor[], scalars: readonly Scalar[]): void;
    Tensor(self: readonly Tensor[], other: Tensor, options?: { alpha?: Scalar | undefined }): void;
  };
  _foreach_addcdiv: {
    Scalar(self: readonly Tensor[], tensor1: readonly Tensor[], tensor2: readonly Tensor[], value?: Scalar): Tensor[];
    ScalarList(self: readonly Tensor[], tensor1: readonly Tensor[], tensor2: readonly Tensor[], scalars: readonly Scalar[]): Tensor[];
    ScalarList_out(self: readonly Tensor[], tensor1: readonly Tensor[], tensor2: readonly Tensor[], scalars: readonly Scalar[], options: { out: readonly Tensor[] }): void;
    Scalar_out(self: readonly Tensor[], tensor1: readonly Tensor[], tensor2: readonly Tensor[], value: Scalar | undefined, options: { value?: Scalar | undefined; out: readonly Tensor[] }): void;
    Tensor(self: readonly Tensor[], tensor1: readonly Tensor[], tensor2: readonly Tensor[], scalars: Tensor): Tensor[];
    Tensor_out(self: readonly Tensor[], tensor1: readonly Tensor[], tensor2: readonly Tensor[], scalars: Tensor, options: { out: readonly Tensor[] }): void;
  };
  _foreach_addcdiv_: {
    Scalar(self: readonly Tensor[], tensor1: readonly Tensor[], tensor2: readonly Tensor[], value?: Scalar): void;
    ScalarList(self: readonly Tensor[], tensor1: readonly Tensor[], tensor2: readonly Tensor[], scalars: readonly Scalar[]): void;
    Tensor(self: readonly Tensor[], tensor1: readonly Tensor[], tensor2: readonly Tensor[], scalars: Tensor): void;
  };
  _foreach_addcmul: {
    Scalar(self: readonly Tensor[], tensor1: readonly Tensor[], tensor2: readonly Tensor[], value?: Scalar): Tensor[];
    ScalarList(self: readonly Tensor[], tensor1: readonly Tensor[], tensor2: readonly Tensor[], scalars: readonly Scalar[]): Tensor[];
    ScalarList_out(self: readonly Tensor[], tensor1: readonly Tensor[], tensor2: readonly Tensor[], scalars: readonly Scalar[], options: { out: readonly Tensor[] }): void;
    Scalar_out(self: readonly Tensor[], tensor1: readonly Tensor[], tensor2: readonly Tensor[], value: Scalar | undefined, options: { value?: Scalar | undefined; out: readonly Tensor[] }): void;
    Tensor(self: readonly Tensor[], tensor1: readonly Tensor[], tensor2: readonly Tensor[], scalars: Tensor): Tensor[];
    Tensor_out(self: readonly Tensor[], tensor1: readonly Tensor[], tensor2: readonly Tensor[], scalars: Tensor, options: { out: readonly Tensor[] }): void;
  };
  _foreach_addcmul_: {
    Scalar(self: readonly Tensor[], tensor1: readonly Tensor[], tensor2: readonly Tensor[], value?: Scalar): void;
    ScalarList(self: readonly Tensor[], tensor1: readonly Tensor[], tensor2: readonly Tensor[], scalars: readonly Scalar[]): void;
    Tensor(self: readonly Tensor[], tensor1: readonly Tensor[], tensor2: readonly Tensor[], scalars: Tensor): void;
  };
  _foreach_asin: {
    (self: readonly Tensor[]): Tensor[];
    out(self: readonly Tensor[], options: { out: readonly Tensor[] }): void;
  };
  _foreach_asin_(self: readonly Tensor[]): void;
  _foreach_atan: {
    (self: readonly Tensor[]): Tensor[];
    out(self: readonly Tensor[], options: { out: readonly Tensor[] }): void;
  };
  _foreach_atan_(self: readonly Tensor[]): void;
  _foreach_ceil: {
    (self: readonly Tensor[]): Tensor[];
    out(self: readonly Tensor[], options: { out: readonly Tensor[] }): void;
  };
  _foreach_ceil_(self: readonly Tensor[]): void;
  _foreach_clamp_max: {
    List(self: readonly Tensor[], other: readonly Tensor[]): Tensor[];
    List_out(self: readonly Tensor[], other: readonly Tensor[], options: { out: readonly Tensor[] }): void;
    Scalar(self: readonly Tensor[], scalar: Scalar): Tensor[];
    ScalarList(self: readonly Tensor[], scalars: readonly Scalar[]): Tensor[];
    ScalarList_out(self: readonly Tensor[], scalars: readonly Scalar[], options: { out: readonly Tensor[] }): void;
    Scalar_out(self: readonly Tensor[], scalar: Scalar, options: { out: readonly Tensor[] }): void;
  };
  _foreach_clamp_max_: {
    List(self: readonly Tensor[], other: readonly Tensor[]): void;
    Scalar(self: readonly Tensor[], scalar: Scalar): void;
    ScalarList(self: readonly Tensor[], scalars: readonly Scalar[]): void;
  };
  _foreach_clamp_min: {
    List(self: readonly Tensor[], other: readonly Tensor[]): Tensor[];
    List_out(self: readonly Tensor[], other: readonly Tensor[], options: { out: readonly Tensor[] }): void;
    Scalar(self: readonly Tensor[], scalar: Scalar): Tensor[];
    ScalarList(self: readonly Tensor[], scalars: readonly Scalar[]): Tensor[];
    ScalarList_out(self: readonly Tensor[], scalars: readonly Scalar[], options: { out: readonly Tensor[] }): void;
    Scalar_out(self: readonly Tensor[], scalar: Scalar, options: { out: readonly Tensor[] }): void;
  };
  _foreach_clamp_min_: {
    List(self: readonly Tensor[], other: readonly Tensor[]): void;
    Scalar(self: readonly Tensor[], scalar: Scalar): void;
    ScalarList(self: readonly Tensor[], scalars: readonly Scalar[]): void;
  };
  _foreach_copy_(self: readonly Tensor[], src: readonly Tensor[], non_blocking?: boolean): void;
  _foreach_cos: {
    (self: readonly Tensor[]): Tensor[];
    out(self: readonly Tensor[], options: { out: readonly Tensor[] }): void;
  };
  _foreach_cos_(self: readonly Tensor[]): void;
  _foreach_cosh: {
    (self: readonly Tensor[]): Tensor[];
    out(self: readonly Tensor[], options: { out: readonly Tensor[] }): void;
  };
  _foreach_cosh_(self: readonly Tensor[]): void;
  _foreach_div: {
    List(self: readonly Tensor[], other: readonly Tensor[]): Tensor[];
    List_out(self: readonly Tensor[], other: readonly Tensor[], options: { out: readonly Tensor[] }): void;
    Scalar(self: readonly Tensor[], scalar: Scalar): Tensor[];
    ScalarList(self: readonly Tensor[], scalars: readonly Scalar[]): Tensor[];
    ScalarList_out(self: readonly Tensor[], scalars: readonly Scalar[], options: { out: readonly Tensor[] }): void;
    Scalar_out(self: readonly Tensor[], scalar: Scalar, options: { out: readonly Tensor[] }): void;
    Tensor(self: readonly Tensor[], other: Tensor): Tensor[];
    Tensor_out(self: readonly Tensor[], other: Tensor, options: { out: readonly Tensor[] }): void;
  };
  _foreach_div_: {
    List(self: readonly Tensor[], other: readonly Tensor[]): void;
    Scalar(self: readonly Tensor[], scalar: Scalar): void;
    ScalarList(self: readonly Tensor[], scalars: readonly Scalar[]): void;
    Tensor(self: readonly Tensor[], other: Tensor): void;
  };
  _foreach_erf: {
    (self: readonly Tensor[]): Tensor[];
    out(self: readonly Tensor[], options: { out: readonly Tensor[] }): void;
  };
  _foreach_erf_(self: readonly Tensor[]): void;
  _foreach_erfc: {
    (self: readonly Tensor[]): Tensor[];
    out(self: readonly Tensor[], options: { out: readonly Tensor[] }): void;
  };
  _foreach_erfc_(self: readonly Tensor[]): void;
  _foreach_exp: {
    (self: readonly Tensor[]): Tensor[];
    out(self: readonly Tensor[], options: { out: readonly Tensor[] }): void;
  };
  _foreach_exp_(self: readonly Tensor[]): void;
  _foreach_expm1: {
    (self: readonly Tensor[]): Tensor[];
    out(self: readonly Tensor[], options: { out: readonly Tensor[] }): void;
  };
  _foreach_expm1_(self: readonly Tensor[]): void;
  _foreach_floor: {
    (self: readonly Tensor[]): Tensor[];
    out(self: readonly Tensor[], options: { out: readonly Tensor[] }): void;
  };
  _foreach_floor_(self: readonly Tensor[]): void;
  _foreach_frac: {
    (self: readonly Tensor[]): Tensor[];
    out(self: readonly Tensor[], options: { out: readonly Tensor[] }): void;
  };
  _foreach_frac_(self: readonly Tensor[]): void;
  _foreach_lerp: {
    List(self: readonly Tensor[], tensors1: readonly Tensor[], weights: readonly Tensor[]): Tensor[];
    List_out(self: readonly Tensor[], tensors1: readonly Tensor[], weights: readonly Tensor[], options: { out: readonly Tensor[] }): void;
    Scalar(self: readonly Tensor[], tensors1: readonly Tensor[], weight: Scalar): Tensor[];
    ScalarList(self: readonly Tensor[], tensors1: readonly Tensor[], weight: readonly Scalar[]): Tensor[];
    ScalarList_out(self: readonly Tensor[], tensors1: readonly Tensor[], weight: readonly Scalar[], options: { out: readonly Tensor[] }): void;
    Scalar_out(self: readonly Tensor[], tensors1: readonly Tensor[], weight: Scalar, options: { out: readonly Tensor[] }): void;
  };
  _foreach_lerp_: {
    List(self: readonly Tensor[], tensors1: readonly Tensor[], weights: readonly Tensor[]): void;
    Scalar(self: readonly Tensor[], tensors1: readonly Tensor[], weight: Scalar): void;
    ScalarList(self: readonly Tensor[], tensors1: readonly Tensor[], weight: readonly Scalar[]): void;
  };
  _foreach_lgamma: {
    (self: readonly Tensor[]): Tensor[];
    out(self: readonly Tensor[], options: { out: readonly Tensor[] }): void;
  };
  _foreach_lgamma_(self: readonly Tensor[]): void;
  _foreach_log: {
    (self: readonly Tensor[]): Tensor[];
    out(self: readonly Tensor[], options: { out: readonly Tensor[] }): void;
  };
  _foreach_log10: {
    (self: readonly Tensor[]): Tensor[];
    out(self: readonly Tensor[], options: { out: readonly Tensor[] }): void;
  };
  _foreach_log10_(self: readonly Tensor[]): void;
  _foreach_log1p: {
    (self: readonly Tensor[]): Tensor[];
    out(self: readonly Tensor[], options: { out: readonly Tensor[] }): void;
  };
  _foreach_log1p_(self: readonly Tensor[]): void;
  _foreach_log2: {
    (self: readonly Tensor[]): Tensor[];
    out(self: readonly Tensor[], options: { out: readonly Tensor[] }): void;
  };
  _foreach_log2_(self: readonly Tensor[]): void;
  _foreach_log_(self: readonly Tensor[]): void;
  _foreach_max: {
    (self: readonly Tensor[]): Tensor[];
    out(self: readonly Tensor[], options: { out: readonly Tensor[] }): void;
  };
  _foreach_maximum: {
    List(self: readonly Tensor[], other: readonly Tensor[]): Tensor[];
    List_out(self: readonly Tensor[], other: readonly Tensor[], options: { out: readonly Tensor[] }): void;
    Scalar(self: readonly Tensor[], scalar: Scalar): Tensor[];
    ScalarList(self: readonly Tensor[], scalars: readonly Scalar[]): Tensor[];
    ScalarList_out(self: readonly Tensor[], scalars: readonly Scalar[], options: { out: readonly Tensor[] }): void;
    Scalar_out(self: readonly Tensor[], scalar: Scalar, options: { out: readonly Tensor[] }): void;
  };
  _foreach_maximum_: {
    List(self: readonly Tensor[], other: readonly Tensor[]): void;
    Scalar(self: readonly Tensor[], scalar: Scalar): void;
    ScalarList(self: readonly Tensor[], scalars: readonly Scalar[]): void;
  };
  _foreach_minimum: {
    List(self: readonly Tensor[], other: readonly Tensor[]): Tensor[];
    List_out(self: readonly Tensor[], other: readonly Tensor[], options: { out: readonly Tensor[] }): void;
    Scalar(self: readonly Tensor[], scalar: Scalar): Tensor[];
    ScalarList(self: readonly Tensor[], scalars: readonly Scalar[]): Tensor[];
    ScalarList_out(self: readonly Tensor[], scalars: readonly Scalar[], options: { out: readonly Tensor[] }): void;
    Scalar_out(self: readonly Tensor[], scalar: Scalar, options: { out: readonly Tensor[] }): void;
  };
  _foreach_minimum_: {
    List(self: readonly Tensor[], other: readonly Tensor[]): void;
    Scalar(self: readonly Tensor[], scalar: Scalar): void;
    ScalarList(self: readonly Tensor[], scalars: readonly Scalar[]): void;
  };
  _foreach_mul: {
    List(self: readonly Tensor[], other: readonly Tensor[]): Tensor[];
    List_out(self: readonly Tensor[], other: readonly Tensor[], options: { out: readonly Tensor[] }): void;
    Scalar(self: readonly Tensor[], scalar: Scalar): Tensor[];
    ScalarList(self: readonly Tensor[], scalars: readonly Scalar[]): Tensor[];
    ScalarList_out(self: readonly Tensor[], scalars: readonly Scalar[], options: { out: readonly Tensor[] }): void;
    Scalar_out(self: readonly Tensor[], scalar: Scalar, options: { out: readonly Tensor[] }): void;
    Tensor(self: readonly Tensor[], other: Tensor): Tensor[];
    Tensor_out(self: readonly Tensor[], other: Tensor, options: { out: readonly Tensor[] }): void;
  };
  _foreach_mul_: {
    List(self: readonly Tensor[], other: readonly Tensor[]): void;
    Scalar(self: readonly Tensor[], scalar: Scalar): void;
    ScalarList(self: readonly Tensor[], scalars: readonly Scalar[]): void;
    Tensor(self: readonly Tensor[], other: Tensor): void;
  };
  _foreach_neg: {
    (self: readonly Tensor[]): Tensor[];
    out(self: readonly Tensor[], options: { out: readonly Tensor[] }): void;
  };
  _foreach_neg_(self: readonly Tensor[]): void;
  _foreach_norm: {
    Scalar(self: readonly Tensor[], ord?: Scalar, dtype?: DType | null): Tensor[];
    Scalar_out(self: readonly Tensor[], ord: Scalar | undefined, dtype: DType | null | undefined, options: { ord?: Scalar | undefined; dtype?: DType | null | undefined; out: readonly Tensor[] }): void;
  };
  _foreach_pow: {
    List(self: readonly Tensor[], exponent: readonly Tensor[]): Tensor[];
    List_out(self: readonly Tensor[], exponent: readonly Tensor[], options: { out: readonly Tensor[] }): void;
    Scalar(self: readonly Tensor[], exponent: Scalar): Tensor[];
    ScalarAndTensor(self: Scalar, exponent: readonly Tensor[]): Tensor[];
    ScalarList(self: readonly Tensor[], exponent: readonly Scalar[]): Tensor[];
    ScalarList_out(self: readonly Tensor[], exponent: readonly Scalar[], options: { out: readonly Tensor[] }): void;
    Scalar_out(self: readonly Tensor[], exponent: Scalar, options: { out: readonly Tensor[] }): void;
  };
  _foreach_pow_: {
    List(self: readonly Tensor[], exponent: readonly Tensor[]): void;
    Scalar(self: readonly Tensor[], exponent: Scalar): void;
    ScalarList(self: readonly Tensor[], exponent: readonly Scalar[]): void;
  };
  _foreach_powsum: {
    Scalar(self: readonly Tensor[], ord?: Scalar, dtype?: DType | null): Tensor[];
    Scalar_out(self: readonly Tensor[], ord: Scalar | undefined, dtype: DType | null | undefined, options: { ord?: Scalar | undefined; dtype?: DType | null | undefined; out: readonly Tensor[] }): void;
  };
  _foreach_reciprocal: {
    (self: readonly Tensor[]): Tensor[];
    out(self: readonly Tensor[], options: { out: readonly Tensor[] }): void;
  };
  _foreach_reciprocal_(self: readonly Tensor[]): void;
  _foreach_round: {
    (self: readonly Tensor[]): Tensor[];
    out(self: readonly Tensor[], options: { out: readonly Tensor[] }): void;
  };
  _foreach_round_(self: readonly Tensor[]): void;
  _foreach_rsqrt: {
    (self: readonly Tensor[]): Tensor[];
    out(self: readonly Tensor[], options: { out: readonly Tensor[] }): void;
  };
  _foreach_rsqrt_(self: readonly Tensor[]): void;
  _foreach_sigmoid: {
    (self: readonly Tensor[]): Tensor[];
    out(self: readonly Tensor[], options: { out: readonly Tensor[] }): void;
  };
  _foreach_sigmoid_(self: readonly Tensor[]): void;
  _foreach_sign: {
    (self: readonly Tensor[]): Tensor[];
    out(self: readonly Tensor[], options: { out: readonly Tensor[] }): void;
  };
  _foreach_sign_(self: readonly Tensor[]): void;
  _foreach_sin: {
    (self: readonly Tensor[]): Tensor[];
    out(self: readonly Tensor[], options: { out: readonly Tensor[] }): void;
  };
  _foreach_sin_(self: readonly Tensor[]): void;
  _foreach_sinh: {
    (self: readonly Tensor[]): Tensor[];
    out(self: readonly Tensor[], options: { out: readonly Tensor[] }): void;
  };
  _foreach_sinh_(self: readonly Tensor[]): void;
  _foreach_sqrt: {
    (self: readonly Tensor[]): Tensor[];
    out(self: readonly Tensor[], options: { out: readonly Tensor[] }): void;
  };
  _foreach_sqrt_(self: readonly Tensor[]): void;
  _foreach_sub: {
    List(self: readonly Tensor[], other: readonly Tensor[], options?: { alpha?: Scalar | undefined }): Tensor[];
    List_out(self: readonly Tensor[], other: readonly Tensor[], options: { alpha?: Scalar | undefined; out: readonly Tensor[] }): void;
    Scalar(self: readonly Tensor[], scalar: Scalar): Tensor[];
    ScalarList(self: readonly Tensor[], scalars: readonly Scalar[]): Tensor[];
    ScalarList_out(self: readonly Tensor[], scalars: readonly Scalar[], options: { out: readonly Tensor[] }): void;
    Scalar_out(self: readonly Tensor[], scalar: Scalar, options: { out: readonly Tensor[] }): void;
  };
  _foreach_sub_: {
    List(self: readonly Tensor[], other: readonly Tensor[], options?: { alpha?: Scalar | undefined }): void;
    Scalar(self: readonly Tensor[], scalar: Scalar): void;
    ScalarList(self: readonly Tensor[], scalars: readonly Scalar[]): void;
  };
  _foreach_tan: {
    (self: readonly Tensor[]): Tensor[];
    out(self: readonly Tensor[], options: { out: readonly Tensor[] }): void;
  };
  _foreach_tan_(self: readonly Tensor[]): void;
  _foreach_tanh: {
    (self: readonly Tensor[]): Tensor[];
    out(self: readonly Tensor[], options: { out: readonly Tensor[] }): void;
  };
  _foreach_tanh_(self: readonly Tensor[]): void;
  _foreach_trunc: {
    (self: readonly Tensor[]): Tensor[];
    out(self: readonly Tensor[], options: { out: readonly Tensor[] }): void;
  };
  _foreach_trunc_(self: readonly Tensor[]): void;
  _foreach_zero: {
    (self: readonly Tensor[]): Tensor[];
    out(self: readonly Tensor[], options: { out: readonly Tensor[] }): void;
  };
  _foreach_zero_(self: readonly Tensor[]): void;
  _functional_assert_async: {
    msg(self: Tensor, assert_msg: string, dep_token: Tensor): Tensor;
  };
  _functional_assert_scalar(self: Scalar, assert_msg: string, dep_token: Tensor): Tensor;
  _functional_sym_constrain_range(size: Scalar, min: Integer | null, max: Integer | null, dep_token: Tensor): Tensor;
  _functional_sym_constrain_range_for_size(size: Scalar, min: Integer | null, max: Integer | null, dep_token: Tensor): Tensor;
  _fused_adamw_: {
    (self: readonly Tensor[], grads: readonly Tensor[], exp_avgs: readonly Tensor[], exp_avg_sqs: readonly Tensor[], max_exp_avg_sqs: readonly Tensor[], state_steps: readonly Tensor[], options: { lr: number; beta1: number; beta2: number; weight_decay: number; eps: number; amsgrad: boolean; maximize: boolean; grad_scale?: Tensor | null | undefined; found_inf?: Tensor | null | undefined }): void;
    tensor_lr(self: readonly Tensor[], grads: readonly Tensor[], exp_avgs: readonly Tensor[], exp_avg_sqs: readonly Tensor[], max_exp_avg_sqs: readonly Tensor[], state_steps: readonly Tensor[], options: { lr: Tensor; beta1: number; beta2: number; weight_decay: number; eps: number; amsgrad: boolean; maximize: boolean; grad_scale?: Tensor | null | undefined; found_inf?: Tensor | null | undefined }): void;
  };
  _fused_dropout: {
    (self: Tensor, p: number, generator?: Generator | null): [Tensor, Tensor];
    out(self: Tensor, p: number, generator: Generator | null | undefined, options: { generator?: Generator | null | undefined; out0: Tensor; out1: Tensor }): [Tensor, Tensor];
  };
  _fused_moving_avg_obs_fq_helper_functional(self: Tensor, observer_on: Tensor, fake_quant_on: Tensor, running_min: Tensor, running_max: Tensor, scale: Tensor, zero_point: Tensor, averaging_const: number, quant_min: Integer, quant_max: Integer, ch_axis: Integer, per_row_fake_quant?: boolean, symmetric_quant?: boolean): [Tensor, Tensor, Tensor, Tensor, Tensor, Tensor];
  _fused_rms_norm(input: Tensor, normalized_shape: readonly Integer[], weight?: Tensor | null, eps?: number | null): [Tensor, Tensor];
  _fused_sdp_choice(query: Tensor, key: Tensor, value: Tensor, attn_mask?: Tensor | null, dropout_p?: number, is_causal?: boolean, options?: { attn_mask?: Tensor | null | undefined; dropout_p?: number | undefined; is_causal?: boolean | undefined; scale?: number | null | undefined; enable_gqa?: boolean | undefined }): number;
  _fw_primal(self: Tensor, level: Integer): Tensor;
  _fw_primal_copy: {
    (self: Tensor, level: Integer): Tensor;
    out(self: Tensor, level: Integer, options: { out: Tensor }): Tensor;
  };
  _grid_sampler_2d_cpu_fallback: {
    (input: Tensor, grid: Tensor, interpolation_mode: Integer, padding_mode: Integer, align_corners: boolean): Tensor;
    out(input: Tensor, grid: Tensor, interpolation_mode: Integer, padding_mode: Integer, align_corners: boolean, options: { out: Tensor }): Tensor;
  };
  _grouped_mm(self: Tensor, mat2: Tensor, offs?: Tensor | null, bias?: Tensor | null, out_dtype?: DType | null): Tensor;
  _has_compatible_shallow_copy_type(self: Tensor, from: Tensor): boolean;
  _has_same_storage_numel(self: Tensor, other: Tensor): boolean;
  _histogramdd_bin_edges: {
    (self: Tensor, bins: readonly Integer[], options?: { range?: readonly number[] | null | undefined; weight?: Tensor | null | undefined; density?: boolean | undefined }): Tensor[];
    out(self: Tensor, bins: readonly Integer[], options: { range?: readonly number[] | null | undefined; weight?: Tensor | null | undefined; density?: boolean | undefined; out: readonly Tensor[] }): void;
  };
  _histogramdd_from_bin_cts: {
    (self: Tensor, bins: readonly Integer[], options?: { range?: readonly number[] | null | undefined; weight?: Tensor | null | undefined; density?: boolean | undefined }): Tensor;
    out(self: Tensor, bins: readonly Integer[], options: { range?: readonly number[] | null | undefined; weight?: Tensor | null | undefined; density?: boolean | undefined; out: Tensor }): Tensor;
  };
  _histogramdd_from_bin_tensors: {
    (self: Tensor, bins: readonly Tensor[], options?: { weight?: Tensor | null | undefined; density?: boolean | undefined }): Tensor;
    out(self: Tensor, bins: readonly Tensor[], options: { weight?: Tensor | null | undefined; density?: boolean | undefined; out: Tensor }): Tensor;
  };
  _index_put_impl: {
    (self: Tensor, indices: readonly (Tensor | null)[], values: Tensor, accumulate?: boolean, unsafe?: boolean): Tensor;
    out(self: Tensor, indices: readonly (Tensor | null)[], values: Tensor, accumulate: boolean | undefined, unsafe: boolean | undefined, options: { accumulate?: boolean | undefined; unsafe?: boolean | undefined; out: Tensor }): Tensor;
  };
  _index_put_impl_(self: Tensor, indices: readonly (Tensor | null)[], values: Tensor, accumulate?: boolean, unsafe?: boolean): Tensor;
  _indices(self: Tensor): Tensor;
  _indices_copy: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  _int_mm: {
    (self: Tensor, mat2: Tensor): Tensor;
    out(self: Tensor, mat2: Tensor, options: { out: Tensor }): Tensor;
  };
  _is_all_true(self: Tensor): Tensor;
  _is_any_true(self: Tensor): Tensor;
  _is_zerotensor(self: Tensor): boolean;
  _jagged_to_padded_dense_forward(values: Tensor, offsets: readonly Tensor[], max_lengths: readonly Integer[], padding_value?: number): Tensor;
  _lazy_clone(self: Tensor): Tensor;
  _linalg_check_errors(info: Tensor, api_name: string, options: { is_matrix: boolean }): void;
  _linalg_det: {
    (A: Tensor): [Tensor, Tensor, Tensor];
    result(A: Tensor, options: { result: Tensor; LU: Tensor; pivots: Tensor }): [Tensor, Tensor, Tensor];
  };
  _linalg_eigh: {
    (A: Tensor, UPLO?: string, compute_v?: boolean): [Tensor, Tensor];
    eigenvalues(A: Tensor, UPLO: string | undefined, compute_v: boolean | undefined, options: { UPLO?: string | undefined; compute_v?: boolean | undefined; eigenvalues: Tensor; eigenvectors: Tensor }): [Tensor, Tensor];
  };
  _linalg_eigvals(self: Tensor): Tensor;
  _linalg_slogdet: {
    (A: Tensor): [Tensor, Tensor, Tensor, Tensor];
    sign(A: Tensor, options: { sign: Tensor; logabsdet: Tensor; LU: Tensor; pivots: Tensor }): [Tensor, Tensor, Tensor, Tensor];
  };
  _linalg_solve_ex: {
    (A: Tensor, B: Tensor, options?: { left?: boolean | undefined; check_errors?: boolean | undefined }): [Tensor, Tensor, Tensor, Tensor];
    result(A: Tensor, B: Tensor, options: { left?: boolean | undefined; check_errors?: boolean | undefined; result: Tensor; LU: Tensor; pivots: Tensor; info: Tensor }): [Tensor, Tensor, Tensor, Tensor];
  };
  _linalg_svd: {
    (A: Tensor, full_matrices?: boolean, compute_uv?: boolean, options?: { full_matrices?: boolean | undefined; compute_uv?: boolean | undefined; driver?: string | null | undefined }): [Tensor, Tensor, Tensor];
    U(A: Tensor, full_matrices: boolean | undefined, compute_uv: boolean | undefined, options: { full_matrices?: boolean | undefined; compute_uv?: boolean | undefined; driver?: string | null | undefined; U: Tensor; S: Tensor; Vh: Tensor }): [Tensor, Tensor, Tensor];
  };
  _local_scalar_dense(self: Tensor): number | boolean;
  _log_softmax: {
    (self: Tensor, dim: Integer, half_to_float: boolean): Tensor;
    out(self: Tensor, dim: Integer, half_to_float: boolean, options: { out: Tensor }): Tensor;
  };
  _lstm_mps: {
    (input: Tensor, hx: readonly Tensor[], params: readonly Tensor[], has_biases: boolean, num_layers: Integer, dropout: number, train: boolean, bidirectional: boolean, batch_first: boolean): [Tensor, Tensor, Tensor, Tensor, Tensor, Tensor];
    out(input: Tensor, hx: readonly Tensor[], params: readonly Tensor[], has_biases: boolean, num_layers: Integer, dropout: number, train: boolean, bidirectional: boolean, batch_first: boolean, options: { out0: Tensor; out1: Tensor; out2: Tensor; out3: Tensor; out4: Tensor; out5: Tensor }): [Tensor, Tensor, Tensor, Tensor, Tensor, Tensor];
  };
  _lu_with_info(self: Tensor, pivot?: boolean, check_errors?: boolean): [Tensor, Tensor, Tensor];
  _make_dep_token(options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined; memory_format?: MemoryFormat | null | undefined }): Tensor;
  _make_dual(primal: Tensor, tangent: Tensor, level: Integer): Tensor;
  _make_dual_copy: {
    (primal: Tensor, tangent: Tensor, level: Integer): Tensor;
    out(primal: Tensor, tangent: Tensor, level: Integer, options: { out: Tensor }): Tensor;
  };
  _make_per_channel_quantized_tensor: {
    (self: Tensor, scale: Tensor, zero_point: Tensor, axis: Integer): Tensor;
    out(self: Tensor, scale: Tensor, zero_point: Tensor, axis: Integer, options: { out: Tensor }): Tensor;
  };
  _make_per_tensor_quantized_tensor: {
    (self: Tensor, scale: number, zero_point: Integer): Tensor;
    out(self: Tensor, scale: number, zero_point: Integer, options: { out: Tensor }): Tensor;
  };
  _masked_scale: {
    (self: Tensor, mask: Tensor, scale: number): Tensor;
    out(self: Tensor, mask: Tensor, scale: number, options: { out: Tensor }): Tensor;
  };
  _masked_softmax: {
    (self: Tensor, mask: Tensor, dim?: Integer | null, mask_type?: Integer | null): Tensor;
    out(self: Tensor, mask: Tensor, dim: Integer | null | undefined, mask_type: Integer | null | undefined, options: { dim?: Integer | null | undefined; mask_type?: Integer | null | undefined; out: Tensor }): Tensor;
  };
  _mixed_dtypes_linear(input: Tensor, weight: Tensor, scale: Tensor, options?: { bias?: Tensor | null | undefined; activation?: string | null | undefined }): Tensor;
  _mkldnn_reshape: {
    (self: Tensor, shape: readonly Integer[]): Tensor;
    out(self: Tensor, shape: readonly Integer[], options: { out: Tensor }): Tensor;
  };
  _mkldnn_transpose: {
    (self: Tensor, dim0: Integer, dim1: Integer): Tensor;
    out(self: Tensor, dim0: Integer, dim1: Integer, options: { out: Tensor }): Tensor;
  };
  _mkldnn_transpose_(self: Tensor, dim0: Integer, dim1: Integer): Tensor;
  _mps_convolution: {
    (self: Tensor, weight: Tensor, bias: Tensor | null, padding: readonly Integer[], stride: readonly Integer[], dilation: readonly Integer[], groups: Integer): Tensor;
    out(self: Tensor, weight: Tensor, bias: Tensor | null, padding: readonly Integer[], stride: readonly Integer[], dilation: readonly Integer[], groups: Integer, options: { out: Tensor }): Tensor;
  };
  _mps_convolution_transpose: {
    (self: Tensor, weight: Tensor, padding: readonly Integer[], output_padding: readonly Integer[], stride: readonly Integer[], dilation: readonly Integer[], groups: Integer): Tensor;
    out(self: Tensor, weight: Tensor, padding: readonly Integer[], output_padding: readonly Integer[], stride: readonly Integer[], dilation: readonly Integer[], groups: Integer, options: { out: Tensor }): Tensor;
  };
  _native_multi_head_attention: {
    (query: Tensor, key: Tensor, value: Tensor, embed_dim: Integer, num_head: Integer, qkv_weight: Tensor, qkv_bias: Tensor, proj_weight: Tensor, proj_bias: Tensor, mask?: Tensor | null, need_weights?: boolean, average_attn_weights?: boolean, mask_type?: Integer | null): [Tensor, Tensor];
    out(query: Tensor, key: Tensor, value: Tensor, embed_dim: Integer, num_head: Integer, qkv_weight: Tensor, qkv_bias: Tensor, proj_weight: Tensor, proj_bias: Tensor, mask: Tensor | null | undefined, need_weights: boolean | undefined, average_attn_weights: boolean | undefined, mask_type: Integer | null | undefined, options: { mask?: Tensor | null | undefined; need_weights?: boolean | undefined; average_attn_weights?: boolean | undefined; mask_type?: Integer | null | undefined; out0: Tensor; out1: Tensor }): [Tensor, Tensor];
  };
  _neg_view(self: Tensor): Tensor;
  _neg_view_copy: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  _nested_from_padded: {
    (padded: Tensor, cpu_nested_shape_example: Tensor, fuse_transform_0213?: boolean): Tensor;
    out(padded: Tensor, cpu_nested_shape_example: Tensor, fuse_transform_0213: boolean | undefined, options: { fuse_transform_0213?: boolean | undefined; out: Tensor }): Tensor;
  };
  _nested_from_padded_and_nested_example: {
    (padded: Tensor, nt_example: Tensor): Tensor;
    out(padded: Tensor, nt_example: Tensor, options: { out: Tensor }): Tensor;
  };
  _nested_from_padded_tensor(padded: Tensor, offsets: Tensor, dummy: Tensor, ragged_idx?: Integer, min_seqlen?: Tensor | null, max_seqlen?: Tensor | null, sum_S?: Integer | null): Tensor;
  _nested_get_jagged_dummy(any: Tensor): Tensor;
  _nested_get_lengths(self: Tensor): Tensor;
  _nested_get_max_seqlen(self: Tensor): Tensor;
  _nested_get_min_seqlen(self: Tensor): Tensor;
  _nested_get_offsets(self: Tensor): Tensor;
  _nested_get_ragged_idx(self: Tensor): number;
  _nested_get_values(self: Tensor): Tensor;
  _nested_get_values_copy: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  _nested_tensor_from_mask: {
    (t: Tensor, mask: Tensor, mask_check?: boolean): Tensor;
    out(t: Tensor, mask: Tensor, mask_check: boolean | undefined, options: { mask_check?: boolean | undefined; out: Tensor }): Tensor;
  };
  _nested_tensor_from_mask_left_aligned(t: Tensor, mask: Tensor): boolean;
  _nested_tensor_from_tensor_list: {
    (list: readonly Tensor[], dtype?: DType | null, layout?: Layout | null, device?: string | null, pin_memory?: boolean | null): Tensor;
    out(list: readonly Tensor[], dtype: DType | null | undefined, layout: Layout | null | undefined, device: string | null | undefined, pin_memory: boolean | null | undefined, options: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined; out: Tensor }): Tensor;
  };
  _nested_tensor_size: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  _nested_tensor_softmax_with_shape(self: Tensor, query: Tensor): Tensor;
  _nested_tensor_storage_offsets: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  _nested_tensor_strides: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  _nested_view_from_buffer(self: Tensor, nested_size: Tensor, nested_strides: Tensor, offsets: Tensor): Tensor;
  _nested_view_from_buffer_copy: {
    (self: Tensor, nested_size: Tensor, nested_strides: Tensor, offsets: Tensor): Tensor;
    out(self: Tensor, nested_size: Tensor, nested_strides: Tensor, offsets: Tensor, options: { out: Tensor }): Tensor;
  };
  _nested_view_from_jagged(self: Tensor, offsets: Tensor, dummy: Tensor, lengths?: Tensor | null, ragged_idx?: Integer, min_seqlen?: Tensor | null, max_seqlen?: Tensor | null): Tensor;
  _nested_view_from_jagged_copy: {
    (self: Tensor, offsets: Tensor, dummy: Tensor, lengths?: Tensor | null, ragged_idx?: Integer, min_seqlen?: Tensor | null, max_seqlen?: Tensor | null): Tensor;
    out(self: Tensor, offsets: Tensor, dummy: Tensor, lengths: Tensor | null | undefined, ragged_idx: Integer | undefined, min_seqlen: Tensor | null | undefined, max_seqlen: Tensor | null | undefined, options: { lengths?: Tensor | null | undefined; ragged_idx?: Integer | undefined; min_seqlen?: Tensor | null | undefined; max_seqlen?: Tensor | null | undefined; out: Tensor }): Tensor;
  };
  _nnpack_available(): boolean;
  _nnz(self: Tensor): number;
  _pack_padded_sequence: {
    (input: Tensor, lengths: Tensor, batch_first: boolean): [Tensor, Tensor];
    out(input: Tensor, lengths: Tensor, batch_first: boolean, options: { out0: Tensor; out1: Tensor }): [Tensor, Tensor];
  };
  _pad_circular(self: Tensor, pad: readonly Integer[]): Tensor;
  _pad_enum(self: Tensor, pad: readonly Integer[], mode: Integer, value?: number | null): Tensor;
  _padded_dense_to_jagged_forward(dense: Tensor, offsets: readonly Tensor[], total_L?: Integer | null): Tensor;
  _pin_memory: {
    (self: Tensor, device?: string | null): Tensor;
    out(self: Tensor, device: string | null | undefined, options: { device?: string | null | undefined; out: Tensor }): Tensor;
  };
  _prelu_kernel(self: Tensor, weight: Tensor): Tensor;
  _print(s: string): void;
  _propagate_xla_data(input: Tensor, output: Tensor): void;
  _reshape_alias(self: Tensor, size: readonly Integer[], stride: readonly Integer[]): Tensor;
  _reshape_copy(self: Tensor, size: readonly Integer[]): Tensor;
  _reshape_from_tensor(self: Tensor, shape: Tensor): Tensor;
  _resize_output: {
    (self: Tensor, size: readonly Integer[], device: string): Tensor;
    out(self: Tensor, size: readonly Integer[], device: string, options: { out: Tensor }): Tensor;
  };
  _resize_output_(self: Tensor, size: readonly Integer[], device: string): Tensor;
  _rowwise_prune(weight: Tensor, mask: Tensor, compressed_indices_dtype: DType): [Tensor, Tensor];
  _safe_softmax(self: Tensor, dim: Integer, dtype?: DType | null): Tensor;
  _sample_dirichlet: {
    (self: Tensor, generator?: Generator | null): Tensor;
    out(self: Tensor, generator: Generator | null | undefined, options: { generator?: Generator | null | undefined; out: Tensor }): Tensor;
  };
  _saturate_weight_to_fp16(weight: Tensor): Tensor;
  _scaled_dot_product_attention_math(query: Tensor, key: Tensor, value: Tensor, attn_mask?: Tensor | null, dropout_p?: number, is_causal?: boolean, dropout_mask?: Tensor | null, options?: { attn_mask?: Tensor | null | undefined; dropout_p?: number | undefined; is_causal?: boolean | undefined; dropout_mask?: Tensor | null | undefined; scale?: number | null | undefined; enable_gqa?: boolean | undefined }): [Tensor, Tensor];
  _scaled_dot_product_attention_math_for_mps(query: Tensor, key: Tensor, value: Tensor, attn_mask?: Tensor | null, dropout_p?: number, is_causal?: boolean, dropout_mask?: Tensor | null, options?: { attn_mask?: Tensor | null | undefined; dropout_p?: number | undefined; is_causal?: boolean | undefined; dropout_mask?: Tensor | null | undefined; scale?: number | null | undefined }): [Tensor, Tensor];
  _scaled_dot_product_cudnn_attention(query: Tensor, key: Tensor, value: Tensor, attn_bias: Tensor | null, compute_log_sumexp: boolean, dropout_p?: number, is_causal?: boolean, return_debug_mask?: boolean, options?: { dropout_p?: number | undefined; is_causal?: boolean | undefined; return_debug_mask?: boolean | undefined; scale?: number | null | undefined }): [Tensor, Tensor, Tensor, Tensor, number, number, Tensor, Tensor, Tensor];
  _scaled_dot_product_efficient_attention(query: Tensor, key: Tensor, value: Tensor, attn_bias: Tensor | null, compute_log_sumexp: boolean, dropout_p?: number, is_causal?: boolean, options?: { dropout_p?: number | undefined; is_causal?: boolean | undefined; scale?: number | null | undefined }): [Tensor, Tensor, Tensor, Tensor];
  _scaled_dot_product_flash_attention: {
    (query: Tensor, key: Tensor, value: Tensor, dropout_p?: number, is_causal?: boolean, return_debug_mask?: boolean, options?: { dropout_p?: number | undefined; is_causal?: boolean | undefined; return_debug_mask?: boolean | undefined; scale?: number | null | undefined }): [Tensor, Tensor, Tensor, Tensor, number, number, Tensor, Tensor, Tensor];
    quantized(query: Tensor, key: Tensor, value: Tensor, q_descale?: Tensor | null, k_descale?: Tensor | null, v_descale?: Tensor | null, dropout_p?: number, is_causal?: boolean, return_debug_mask?: boolean, options?: { q_descale?: Tensor | null | undefined; k_descale?: Tensor | null | undefined; v_descale?: Tensor | null | undefined; dropout_p?: number | undefined; is_causal?: boolean | undefined; return_debug_mask?: boolean | undefined; scale?: number | null | undefined }): [Tensor, Tensor, Tensor, Tensor, number, number, Tensor, Tensor, Tensor];
  };
  _scaled_dot_product_fused_attention_overrideable(query: Tensor, key: Tensor, value: Tensor, attn_bias?: Tensor | null, dropout_p?: number, is_causal?: boolean, return_debug_mask?: boolean, options?: { attn_bias?: Tensor | null | undefined; dropout_p?: number | undefined; is_causal?: boolean | undefined; return_debug_mask?: boolean | undefined; scale?: number | null | undefined }): [Tensor, Tensor, Tensor, Tensor, number, number, Tensor, Tensor, Tensor];
  _scaled_grouped_mm(self: Tensor, mat2: Tensor, scale_a: Tensor, scale_b: Tensor, offs?: Tensor | null, bias?: Tensor | null, scale_result?: Tensor | null, out_dtype?: DType | null, use_fast_accum?: boolean): Tensor;
  _scaled_grouped_mm_v2(self: Tensor, mat2: Tensor, scale_a: readonly Tensor[], recipe_a: readonly Integer[], swizzle_a: readonly Integer[], scale_b: readonly Tensor[], recipe_b: readonly Integer[], swizzle_b: readonly Integer[], offs?: Tensor | null, bias?: Tensor | null, out_dtype?: DType | null, contraction_dim?: readonly Integer[], use_fast_accum?: boolean): Tensor;
  _scaled_mm: {
    (self: Tensor, mat2: Tensor, scale_a: Tensor, scale_b: Tensor, bias?: Tensor | null, scale_result?: Tensor | null, out_dtype?: DType | null, use_fast_accum?: boolean): Tensor;
    out(self: Tensor, mat2: Tensor, scale_a: Tensor, scale_b: Tensor, bias: Tensor | null | undefined, scale_result: Tensor | null | undefined, out_dtype: DType | null | undefined, use_fast_accum: boolean | undefined, options: { bias?: Tensor | null | undefined; scale_result?: Tensor | null | undefined; out_dtype?: DType | null | undefined; use_fast_accum?: boolean | undefined; out: Tensor }): Tensor;
  };
  _scaled_mm_v2: {
    (self: Tensor, mat2: Tensor, scale_a: readonly Tensor[], recipe_a: readonly Integer[], swizzle_a: readonly Integer[], scale_b: readonly Tensor[], recipe_b: readonly Integer[], swizzle_b: readonly Integer[], bias?: Tensor | null, out_dtype?: DType | null, contraction_dim?: readonly Integer[], use_fast_accum?: boolean): Tensor;
    out(self: Tensor, mat2: Tensor, scale_a: readonly Tensor[], recipe_a: readonly Integer[], swizzle_a: readonly Integer[], scale_b: readonly Tensor[], recipe_b: readonly Integer[], swizzle_b: readonly Integer[], bias: Tensor | null | undefined, out_dtype: DType | null | undefined, contraction_dim: readonly Integer[] | undefined, use_fast_accum: boolean | undefined, options: { bias?: Tensor | null | undefined; out_dtype?: DType | null | undefined; contraction_dim?: readonly Integer[] | undefined; use_fast_accum?: boolean | undefined; out: Tensor }): Tensor;
  };
  _shape_as_tensor(self: Tensor): Tensor;
  _slow_conv2d_forward: {
    (self: Tensor, weight: Tensor, kernel_size: readonly Integer[] | Integer, bias: Tensor | null, stride: readonly Integer[] | Integer, padding: readonly Integer[] | Integer): Tensor;
    output(self: Tensor, weight: Tensor, kernel_size: readonly Integer[] | Integer, bias: Tensor | null, stride: readonly Integer[] | Integer, padding: readonly Integer[] | Integer, options: { output: Tensor }): Tensor;
  };
  _softmax: {
    (self: Tensor, dim: Integer, half_to_float: boolean): Tensor;
    out(self: Tensor, dim: Integer, half_to_float: boolean, options: { out: Tensor }): Tensor;
  };
  _sparse_addmm: {
    (self: Tensor, mat1: Tensor, mat2: Tensor, options?: { beta?: Scalar | undefined; alpha?: Scalar | undefined }): Tensor;
    out(self: Tensor, mat1: Tensor, mat2: Tensor, options: { beta?: Scalar | undefined; alpha?: Scalar | undefined; out: Tensor }): Tensor;
  };
  _sparse_broadcast_to(self: Tensor, size: readonly Integer[]): Tensor;
  _sparse_broadcast_to_copy: {
    (self: Tensor, size: readonly Integer[]): Tensor;
    out(self: Tensor, size: readonly Integer[], options: { out: Tensor }): Tensor;
  };
  _sparse_bsc_tensor_unsafe(ccol_indices: Tensor, row_indices: Tensor, values: Tensor, size: readonly Integer[], options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
  _sparse_bsr_tensor_unsafe(crow_indices: Tensor, col_indices: Tensor, values: Tensor, size: readonly Integer[], options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
  _sparse_compressed_tensor_unsafe(compressed_indices: Tensor, plain_indices: Tensor, values: Tensor, size: readonly Integer[], options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
  _sparse_compressed_tensor_with_dims(nnz: Integer, dense_dim: Integer, size: readonly Integer[], blocksize: readonly Integer[], index_dtype: DType, options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
  _sparse_coo_tensor_unsafe(indices: Tensor, values: Tensor, size: readonly Integer[], options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined; is_coalesced?: boolean | null | undefined }): Tensor;
  _sparse_coo_tensor_with_dims: {
    (sparse_dim: Integer, dense_dim: Integer, size: readonly Integer[], options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
    out(sparse_dim: Integer, dense_dim: Integer, size: readonly Integer[], options: { out: Tensor }): Tensor;
  };
  _sparse_coo_tensor_with_dims_and_tensors: {
    (sparse_dim: Integer, dense_dim: Integer, size: readonly Integer[], indices: Tensor, values: Tensor, options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined; is_coalesced?: boolean | null | undefined }): Tensor;
    out(sparse_dim: Integer, dense_dim: Integer, size: readonly Integer[], indices: Tensor, values: Tensor, options: { is_coalesced?: boolean | null | undefined; out: Tensor }): Tensor;
  };
  _sparse_csc_tensor_unsafe(ccol_indices: Tensor, row_indices: Tensor, values: Tensor, size: readonly Integer[], options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
  _sparse_csr_prod: {
    dim_dtype(self: Tensor, dim: readonly Integer[] | Integer, keepdim?: boolean, options?: { keepdim?: boolean | undefined; dtype?: DType | null | undefined }): Tensor;
    dim_dtype_out(self: Tensor, dim: readonly Integer[] | Integer, keepdim: boolean | undefined, options: { keepdim?: boolean | undefined; dtype?: DType | null | undefined; out: Tensor }): Tensor;
  };
  _sparse_csr_sum: {
    dim_dtype(self: Tensor, dim: readonly Integer[] | Integer, keepdim?: boolean, options?: { keepdim?: boolean | undefined; dtype?: DType | null | undefined }): Tensor;
    dim_dtype_out(self: Tensor, dim: readonly Integer[] | Integer, keepdim: boolean | undefined, options: { keepdim?: boolean | undefined; dtype?: DType | null | undefined; out: Tensor }): Tensor;
  };
  _sparse_csr_tensor_unsafe(crow_indices: Tensor, col_indices: Tensor, values: Tensor, size: readonly Integer[], options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
  _sparse_log_softmax: {
    (self: Tensor, dim: Integer, half_to_float: boolean): Tensor;
    Dimname(self: Tensor, dim: string, options?: { dtype?: DType | null | undefined }): Tensor;
    int(self: Tensor, dim: Integer, dtype?: DType | null): Tensor;
    out(self: Tensor, dim: Integer, half_to_float: boolean, options: { out: Tensor }): Tensor;
  };
  _sparse_mask_projection: {
    (self: Tensor, mask: Tensor, accumulate_matches?: boolean): Tensor;
    out(self: Tensor, mask: Tensor, accumulate_matches: boolean | undefined, options: { accumulate_matches?: boolean | undefined; out: Tensor }): Tensor;
  };
  _sparse_mm: {
    (sparse: Tensor, dense: Tensor): Tensor;
    reduce(sparse: Tensor, dense: Tensor, reduce: string): Tensor;
  };
  _sparse_mm_reduce_impl(self: Tensor, other: Tensor, reduce: string): [Tensor, Tensor];
  _sparse_semi_structured_addmm(input: Tensor, mat1: Tensor, mat1_meta: Tensor, mat2: Tensor, options?: { alpha?: Scalar | undefined; beta?: Scalar | undefined; out_dtype?: DType | null | undefined }): Tensor;
  _sparse_semi_structured_apply(input: Tensor, thread_masks: Tensor): [Tensor, Tensor];
  _sparse_semi_structured_apply_dense(input: Tensor, thread_masks: Tensor): Tensor;
  _sparse_semi_structured_linear(input: Tensor, weight: Tensor, meta: Tensor, options?: { bias?: Tensor | null | undefined; activation?: string | null | undefined; out_dtype?: DType | null | undefined }): Tensor;
  _sparse_semi_structured_mm(mat1: Tensor, mat1_meta: Tensor, mat2: Tensor, options?: { out_dtype?: DType | null | undefined }): Tensor;
  _sparse_semi_structured_tile(input: Tensor, algorithm?: string, use_cutlass?: boolean): [Tensor, Tensor, Tensor, Tensor, Tensor];
  _sparse_softmax: {
    (self: Tensor, dim: Integer, half_to_float: boolean): Tensor;
    Dimname(self: Tensor, dim: string, options?: { dtype?: DType | null | undefined }): Tensor;
    int(self: Tensor, dim: Integer, dtype?: DType | null): Tensor;
    out(self: Tensor, dim: Integer, half_to_float: boolean, options: { out: Tensor }): Tensor;
  };
  _sparse_sparse_matmul: {
    (self: Tensor, other: Tensor): Tensor;
    out(self: Tensor, other: Tensor, options: { out: Tensor }): Tensor;
  };
  _sparse_sum: {
    (self: Tensor): Tensor;
    dim(self: Tensor, dim: readonly Integer[] | Integer): Tensor;
    dim_dtype(self: Tensor, dim: readonly Integer[] | Integer, options: { dtype: DType }): Tensor;
    dim_out(self: Tensor, dim: readonly Integer[] | Integer, options: { out: Tensor }): Tensor;
    dtype(self: Tensor, options: { dtype: DType }): Tensor;
  };
  _spdiags: {
    (diagonals: Tensor, offsets: Tensor, shape: readonly Integer[], layout?: Layout | null): Tensor;
    out(diagonals: Tensor, offsets: Tensor, shape: readonly Integer[], layout: Layout | null | undefined, options: { layout?: Layout | null | undefined; out: Tensor }): Tensor;
  };
  _spsolve(A: Tensor, B: Tensor, options?: { left?: boolean | undefined }): Tensor;
  _standard_gamma: {
    (self: Tensor, generator?: Generator | null): Tensor;
    out(self: Tensor, generator: Generator | null | undefined, options: { generator?: Generator | null | undefined; out: Tensor }): Tensor;
  };
  _standard_gamma_grad: {
    (self: Tensor, output: Tensor): Tensor;
    out(self: Tensor, output: Tensor, options: { out: Tensor }): Tensor;
  };
  _test_ambiguous_defaults: {
    a(dummy: Tensor, a?: Integer, b?: Integer): Tensor;
    b(dummy: Tensor, a?: Integer, b?: string): Tensor;
  };
  _test_autograd_multiple_dispatch: {
    fullcoverage(self: Tensor): Tensor;
    fullcoverage_out(self: Tensor, options: { out: Tensor }): Tensor;
    ntonly(self: Tensor, b: boolean): Tensor;
  };
  _test_autograd_multiple_dispatch_view(self: Tensor): Tensor;
  _test_autograd_multiple_dispatch_view_copy: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  _test_check_tensor(self: Tensor): Tensor;
  _test_functorch_fallback: {
    (self: Tensor, other: Tensor): Tensor;
    out(self: Tensor, other: Tensor, options: { out: Tensor }): Tensor;
  };
  _test_optional_filled_intlist: {
    (values: Tensor, addends?: readonly Integer[] | Integer | null): Tensor;
    out(values: Tensor, addends: readonly Integer[] | Integer | null | undefined, options: { addends?: readonly Integer[] | Integer | null | undefined; out: Tensor }): Tensor;
  };
  _test_optional_floatlist: {
    (values: Tensor, addends?: readonly number[] | null): Tensor;
    out(values: Tensor, addends: readonly number[] | null | undefined, options: { addends?: readonly number[] | null | undefined; out: Tensor }): Tensor;
  };
  _test_optional_intlist: {
    (values: Tensor, addends?: readonly Integer[] | null): Tensor;
    out(values: Tensor, addends: readonly Integer[] | null | undefined, options: { addends?: readonly Integer[] | null | undefined; out: Tensor }): Tensor;
  };
  _test_parallel_materialize(self: Tensor, num_parallel: Integer, skip_first?: boolean): Tensor;
  _test_serialization_subcmul(self: Tensor, other: Tensor, alpha?: Scalar): Tensor;
  _test_string_default(dummy: Tensor, a?: string, b?: string): Tensor;
  _test_warn_in_autograd: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  _thnn_fused_gru_cell: {
    (input_gates: Tensor, hidden_gates: Tensor, hx: Tensor, input_bias?: Tensor | null, hidden_bias?: Tensor | null): [Tensor, Tensor];
    out(input_gates: Tensor, hidden_gates: Tensor, hx: Tensor, input_bias: Tensor | null | undefined, hidden_bias: Tensor | null | undefined, options: { input_bias?: Tensor | null | undefined; hidden_bias?: Tensor | null | undefined; out0: Tensor; out1: Tensor }): [Tensor, Tensor];
  };
  _thnn_fused_lstm_cell: {
    (input_gates: Tensor, hidden_gates: Tensor, cx: Tensor, input_bias?: Tensor | null, hidden_bias?: Tensor | null): [Tensor, Tensor, Tensor];
    out(input_gates: Tensor, hidden_gates: Tensor, cx: Tensor, input_bias: Tensor | null | undefined, hidden_bias: Tensor | null | undefined, options: { input_bias?: Tensor | null | undefined; hidden_bias?: Tensor | null | undefined; out0: Tensor; out1: Tensor; out2: Tensor }): [Tensor, Tensor, Tensor];
  };
  _thnn_fused_lstm_cell_backward_impl: {
    (grad_hy: Tensor | null, grad_cy: Tensor | null, cx: Tensor, cy: Tensor, workspace: Tensor, has_bias: boolean): [Tensor, Tensor, Tensor];
    out(grad_hy: Tensor | null, grad_cy: Tensor | null, cx: Tensor, cy: Tensor, workspace: Tensor, has_bias: boolean, options: { out0: Tensor; out1: Tensor; out2: Tensor }): [Tensor, Tensor, Tensor];
  };
  _to_copy: {
    (self: Tensor, options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined; non_blocking?: boolean | undefined; memory_format?: MemoryFormat | null | undefined }): Tensor;
    out(self: Tensor, options: { non_blocking?: boolean | undefined; memory_format?: MemoryFormat | null | undefined; out: Tensor }): Tensor;
  };
  _to_cpu(tensors: readonly Tensor[]): Tensor[];
  _to_dense: {
    (self: Tensor, dtype?: DType | null, masked_grad?: boolean | null): Tensor;
    out(self: Tensor, dtype: DType | null | undefined, masked_grad: boolean | null | undefined, options: { dtype?: DType | null | undefined; masked_grad?: boolean | null | undefined; out: Tensor }): Tensor;
  };
  _to_sparse: {
    (self: Tensor, options?: { layout?: Layout | null | undefined; blocksize?: readonly Integer[] | Integer | null | undefined; dense_dim?: Integer | null | undefined }): Tensor;
    out(self: Tensor, options: { layout?: Layout | null | undefined; blocksize?: readonly Integer[] | Integer | null | undefined; dense_dim?: Integer | null | undefined; out: Tensor }): Tensor;
    sparse_dim(self: Tensor, sparse_dim: Integer): Tensor;
    sparse_dim_out(self: Tensor, sparse_dim: Integer, options: { out: Tensor }): Tensor;
  };
  _to_sparse_bsc: {
    (self: Tensor, blocksize: readonly Integer[] | Integer, dense_dim?: Integer | null): Tensor;
    out(self: Tensor, blocksize: readonly Integer[] | Integer, dense_dim: Integer | null | undefined, options: { dense_dim?: Integer | null | undefined; out: Tensor }): Tensor;
  };
  _to_sparse_bsr: {
    (self: Tensor, blocksize: readonly Integer[] | Integer, dense_dim?: Integer | null): Tensor;
    out(self: Tensor, blocksize: readonly Integer[] | Integer, dense_dim: Integer | null | undefined, options: { dense_dim?: Integer | null | undefined; out: Tensor }): Tensor;
  };
  _to_sparse_csc: {
    (self: Tensor, dense_dim?: Integer | null): Tensor;
    out(self: Tensor, dense_dim: Integer | null | undefined, options: { dense_dim?: Integer | null | undefined; out: Tensor }): Tensor;
  };
  _to_sparse_csr: {
    (self: Tensor, dense_dim?: Integer | null): Tensor;
    out(self: Tensor, dense_dim: Integer | null | undefined, options: { dense_dim?: Integer | null | undefined; out: Tensor }): Tensor;
  };
  _to_sparse_semi_structured(dense: Tensor): [Tensor, Tensor];
  _transformer_encoder_layer_fwd: {
    (src: Tensor, embed_dim: Integer, num_heads: Integer, qkv_weight: Tensor, qkv_bias: Tensor, proj_weight: Tensor, proj_bias: Tensor, use_gelu: boolean, norm_first: boolean, eps: number, norm_weight_1: Tensor, norm_bias_1: Tensor, norm_weight_2: Tensor, norm_bias_2: Tensor, ffn_weight_1: Tensor, ffn_bias_1: Tensor, ffn_weight_2: Tensor, ffn_bias_2: Tensor, mask?: Tensor | null, mask_type?: Integer | null): Tensor;
    out(src: Tensor, embed_dim: Integer, num_heads: Integer, qkv_weight: Tensor, qkv_bias: Tensor, proj_weight: Tensor, proj_bias: Tensor, use_gelu: boolean, norm_first: boolean, eps: number, norm_weight_1: Tensor, norm_bias_1: Tensor, norm_weight_2: Tensor, norm_bias_2: Tensor, ffn_weight_1: Tensor, ffn_bias_1: Tensor, ffn_weight_2: Tensor, ffn_bias_2: Tensor, mask: Tensor | null | undefined, mask_type: Integer | null | undefined, options: { mask?: Tensor | null | undefined; mask_type?: Integer | null | undefined; out: Tensor }): Tensor;
  };
  _trilinear: {
    (i1: Tensor, i2: Tensor, i3: Tensor, expand1: readonly Integer[], expand2: readonly Integer[], expand3: readonly Integer[], sumdim: readonly Integer[], unroll_dim?: Integer): Tensor;
    out(i1: Tensor, i2: Tensor, i3: Tensor, expand1: readonly Integer[], expand2: readonly Integer[], expand3: readonly Integer[], sumdim: readonly Integer[], unroll_dim: Integer | undefined, options: { unroll_dim?: Integer | undefined; out: Tensor }): Tensor;
  };
  _triton_multi_head_attention: {
    (query: Tensor, key: Tensor, value: Tensor, embed_dim: Integer, num_head: Integer, qkv_weight: Tensor, qkv_bias: Tensor, proj_weight: Tensor, proj_bias: Tensor, mask?: Tensor | null): Tensor;
    out(query: Tensor, key: Tensor, value: Tensor, embed_dim: Integer, num_head: Integer, qkv_weight: Tensor, qkv_bias: Tensor, proj_weight: Tensor, proj_bias: Tensor, mask: Tensor | null | undefined, options: { mask?: Tensor | null | undefined; out: Tensor }): Tensor;
  };
  _triton_scaled_dot_attention: {
    (q: Tensor, k: Tensor, v: Tensor, dropout_p?: number): Tensor;
    out(q: Tensor, k: Tensor, v: Tensor, dropout_p: number | undefined, options: { dropout_p?: number | undefined; out: Tensor }): Tensor;
  };
  _unique: {
    (self: Tensor, sorted?: boolean, return_inverse?: boolean): [Tensor, Tensor];
    out(self: Tensor, sorted: boolean | undefined, return_inverse: boolean | undefined, options: { sorted?: boolean | undefined; return_inverse?: boolean | undefined; out0: Tensor; out1: Tensor }): [Tensor, Tensor];
  };
  _unique2: {
    (self: Tensor, sorted?: boolean, return_inverse?: boolean, return_counts?: boolean): [Tensor, Tensor, Tensor];
    out(self: Tensor, sorted: boolean | undefined, return_inverse: boolean | undefined, return_counts: boolean | undefined, options: { sorted?: boolean | undefined; return_inverse?: boolean | undefined; return_counts?: boolean | undefined; out0: Tensor; out1: Tensor; out2: Tensor }): [Tensor, Tensor, Tensor];
  };
  _unpack_dual(dual: Tensor, level: Integer): [Tensor, Tensor];
  _unsafe_index: {
    Tensor(self: Tensor, indices: readonly (Tensor | null)[]): Tensor;
  };
  _unsafe_index_put(self: Tensor, indices: readonly (Tensor | null)[], values: Tensor, accumulate?: boolean): Tensor;
  _unsafe_masked_index(self: Tensor, mask: Tensor, indices: readonly (Tensor | null)[], fill: Scalar): Tensor;
  _unsafe_masked_index_put_accumulate(self: Tensor, mask: Tensor, indices: readonly (Tensor | null)[], values: Tensor): Tensor;
  _unsafe_view: {
    (self: Tensor, size: readonly Integer[]): Tensor;
    out(self: Tensor, size: readonly Integer[], options: { out: Tensor }): Tensor;
  };
  _upsample_nearest_exact1d: {
    (self: Tensor, output_size: readonly Integer[] | Integer, scales?: number | null): Tensor;
    out(self: Tensor, output_size: readonly Integer[] | Integer, scales: number | null | undefined, options: { scales?: number | null | undefined; out: Tensor }): Tensor;
    vec(input: Tensor, output_size?: readonly Integer[] | null, scale_factors?: readonly number[] | null): Tensor;
  };
  _upsample_nearest_exact2d: {
    (self: Tensor, output_size: readonly Integer[] | Integer, scales_h?: number | null, scales_w?: number | null): Tensor;
    out(self: Tensor, output_size: readonly Integer[] | Integer, scales_h: number | null | undefined, scales_w: number | null | undefined, options: { scales_h?: number | null | undefined; scales_w?: number | null | undefined; out: Tensor }): Tensor;
    vec(input: Tensor, output_size?: readonly Integer[] | null, scale_factors?: readonly number[] | null): Tensor;
  };
  _upsample_nearest_exact3d: {
    (self: Tensor, output_size: readonly Integer[] | Integer, scales_d?: number | null, scales_h?: number | null, scales_w?: number | null): Tensor;
    out(self: Tensor, output_size: readonly Integer[] | Integer, scales_d: number | null | undefined, scales_h: number | null | undefined, scales_w: number | null | undefined, options: { scales_d?: number | null | undefined; scales_h?: number | null | undefined; scales_w?: number | null | undefined; out: Tensor }): Tensor;
    vec(input: Tensor, output_size?: readonly Integer[] | null, scale_factors?: readonly number[] | null): Tensor;
  };
  _use_cudnn_ctc_loss: {
    (log_probs: Tensor, targets: Tensor, input_lengths: readonly Integer[], target_lengths: readonly Integer[], blank: Integer): boolean;
    Tensor(log_probs: Tensor, targets: Tensor, input_lengths: Tensor, target_lengths: Tensor, blank: Integer): boolean;
  };
  _use_cudnn_rnn_flatten_weight(): boolean;
  _use_miopen_ctc_loss: {
    (log_probs: Tensor, targets: Tensor, input_lengths: readonly Integer[], target_lengths: readonly Integer[], blank: Integer): boolean;
    Tensor(log_probs: Tensor, targets: Tensor, input_lengths: Tensor, target_lengths: Tensor, blank: Integer): boolean;
  };
  _validate_compressed_sparse_indices(is_crow: boolean, compressed_idx: Tensor, plain_idx: Tensor, cdim: Integer, dim: Integer, nnz: Integer): void;
  _validate_sparse_bsc_tensor_args(ccol_indices: Tensor, row_indices: Tensor, values: Tensor, size: readonly Integer[], check_pinning?: boolean | null): void;
  _validate_sparse_bsr_tensor_args(crow_indices: Tensor, col_indices: Tensor, values: Tensor, size: readonly Integer[], check_pinning?: boolean | null): void;
  _validate_sparse_compressed_tensor_args(compressed_indices: Tensor, plain_indices: Tensor, values: Tensor, size: readonly Integer[], layout: Layout, check_pinning?: boolean | null): void;
  _validate_sparse_coo_tensor_args(indices: Tensor, values: Tensor, size: readonly Integer[], is_coalesced?: boolean | null, check_pinning?: boolean | null): void;
  _validate_sparse_csc_tensor_args(ccol_indices: Tensor, row_indices: Tensor, values: Tensor, size: readonly Integer[], check_pinning?: boolean | null): void;
  _validate_sparse_csr_tensor_args(crow_indices: Tensor, col_indices: Tensor, values: Tensor, size: readonly Integer[], check_pinning?: boolean | null): void;
  _values(self: Tensor): Tensor;
  _values_copy: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  _version(self: Tensor): number;
  _weight_int4pack_mm(self: Tensor, mat2: Tensor, qGroupSize: Integer, qScaleAndZeros: Tensor): Tensor;
  _weight_int4pack_mm_with_scales_and_zeros(self: Tensor, mat2: Tensor, qGroupSize: Integer, qScale: Tensor, qZeros: Tensor): Tensor;
  _weight_int8pack_mm(self: Tensor, mat2: Tensor, scales: Tensor): Tensor;
  _wrapped_linear_prepack(weight: Tensor, weight_scale: Tensor, weight_zero_point: Tensor, bias: Tensor): Tensor;
  _wrapped_quantized_linear_prepacked(input: Tensor, input_scale: Tensor, input_zero_point: Tensor, packed_weight: Tensor, output_scale: Tensor, output_zero_point: Tensor, out_channel: Integer): Tensor;
  abs: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  abs_(self: Tensor): Tensor;
  absolute: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  absolute_(self: Tensor): Tensor;
  acos: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  acos_(self: Tensor): Tensor;
  acosh: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  acosh_(self: Tensor): Tensor;
  adaptive_avg_pool1d: {
    (self: Tensor, output_size: readonly Integer[] | Integer): Tensor;
    out(self: Tensor, output_size: readonly Integer[] | Integer, options: { out: Tensor }): Tensor;
  };
  adaptive_avg_pool2d: {
    (self: Tensor, output_size: readonly Integer[] | Integer): Tensor;
    out(self: Tensor, output_size: readonly Integer[] | Integer, options: { out: Tensor }): Tensor;
  };
  adaptive_avg_pool3d: {
    (self: Tensor, output_size: readonly Integer[] | Integer): Tensor;
    out(self: Tensor, output_size: readonly Integer[] | Integer, options: { out: Tensor }): Tensor;
  };
  adaptive_max_pool1d(self: Tensor, output_size: readonly Integer[] | Integer): [Tensor, Tensor];
  adaptive_max_pool2d: {
    (self: Tensor, output_size: readonly Integer[] | Integer): [Tensor, Tensor];
    out(self: Tensor, output_size: readonly Integer[] | Integer, options: { out: Tensor; indices: Tensor }): [Tensor, Tensor];
  };
  adaptive_max_pool3d: {
    (self: Tensor, output_size: readonly Integer[] | Integer): [Tensor, Tensor];
    out(self: Tensor, output_size: readonly Integer[] | Integer, options: { out: Tensor; indices: Tensor }): [Tensor, Tensor];
  };
  add: {
    Scalar(self: Tensor, other: Scalar, alpha?: Scalar): Tensor;
    Scalar_out(self: Tensor, other: Scalar, alpha: Scalar | undefined, options: { alpha?: Scalar | undefined; out: Tensor }): Tensor;
    Tensor(self: Tensor, other: Tensor, options?: { alpha?: Scalar | undefined }): Tensor;
    out(self: Tensor, other: Tensor, options: { alpha?: Scalar | undefined; out: Tensor }): Tensor;
  };
  add_: {
    Scalar(self: Tensor, other: Scalar, alpha?: Scalar): Tensor;
    Tensor(self: Tensor, other: Tensor, options?: { alpha?: Scalar | undefined }): Tensor;
  };
  addbmm: {
    (self: Tensor, batch1: Tensor, batch2: Tensor, options?: { beta?: Scalar | undefined; alpha?: Scalar | undefined }): Tensor;
    out(self: Tensor, batch1: Tensor, batch2: Tensor, options: { beta?: Scalar | undefined; alpha?: Scalar | undefined; out: Tensor }): Tensor;
  };
  addbmm_(self: Tensor, batch1: Tensor, batch2: Tensor, options?: { beta?: Scalar | undefined; alpha?: Scalar | undefined }): Tensor;
  addcdiv: {
    (self: Tensor, tensor1: Tensor, tensor2: Tensor, options?: { value?: Scalar | undefined }): Tensor;
    out(self: Tensor, tensor1: Tensor, tensor2: Tensor, options: { value?: Scalar | undefined; out: Tensor }): Tensor;
  };
  addcdiv_(self: Tensor, tensor1: Tensor, tensor2: Tensor, options?: { value?: Scalar | undefined }): Tensor;
  addcmul: {
    (self: Tensor, tensor1: Tensor, tensor2: Tensor, options?: { value?: Scalar | undefined }): Tensor;
    out(self: Tensor, tensor1: Tensor, tensor2: Tensor, options: { value?: Scalar | undefined; out: Tensor }): Tensor;
  };
  addcmul_(self: Tensor, tensor1: Tensor, tensor2: Tensor, options?: { value?: Scalar | undefined }): Tensor;
  addmm: {
    (self: Tensor, mat1: Tensor, mat2: Tensor, options?: { beta?: Scalar | undefined; alpha?: Scalar | undefined }): Tensor;
    dtype(self: Tensor, mat1: Tensor, mat2: Tensor, out_dtype: DType, options?: { beta?: Scalar | undefined; alpha?: Scalar | undefined }): Tensor;
    dtype_out(self: Tensor, mat1: Tensor, mat2: Tensor, out_dtype: DType, options: { beta?: Scalar | undefined; alpha?: Scalar | undefined; out: Tensor }): Tensor;
    out(self: Tensor, mat1: Tensor, mat2: Tensor, options: { beta?: Scalar | undefined; alpha?: Scalar | undefined; out: Tensor }): Tensor;
  };
  addmm_(self: Tensor, mat1: Tensor, mat2: Tensor, options?: { beta?: Scalar | undefined; alpha?: Scalar | undefined }): Tensor;
  addmv: {
    (self: Tensor, mat: Tensor, vec: Tensor, options?: { beta?: Scalar | undefined; alpha?: Scalar | undefined }): Tensor;
    out(self: Tensor, mat: Tensor, vec: Tensor, options: { beta?: Scalar | undefined; alpha?: Scalar | undefined; out: Tensor }): Tensor;
  };
  addmv_(self: Tensor, mat: Tensor, vec: Tensor, options?: { beta?: Scalar | undefined; alpha?: Scalar | undefined }): Tensor;
  addr: {
    (self: Tensor, vec1: Tensor, vec2: Tensor, options?: { beta?: Scalar | undefined; alpha?: Scalar | undefined }): Tensor;
    out(self: Tensor, vec1: Tensor, vec2: Tensor, options: { beta?: Scalar | undefined; alpha?: Scalar | undefined; out: Tensor }): Tensor;
  };
  addr_(self: Tensor, vec1: Tensor, vec2: Tensor, options?: { beta?: Scalar | undefined; alpha?: Scalar | undefined }): Tensor;
  adjoint(self: Tensor): Tensor;
  affine_grid_generator: {
    (theta: Tensor, size: readonly Integer[], align_corners: boolean): Tensor;
    out(theta: Tensor, size: readonly Integer[], align_corners: boolean, options: { out: Tensor }): Tensor;
  };
  alias(self: Tensor): Tensor;
  alias_copy: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  align_as(self: Tensor, other: Tensor): Tensor;
  all: {
    (self: Tensor): Tensor;
    all_out(self: Tensor, options: { out: Tensor }): Tensor;
    dim(self: Tensor, dim: Integer, keepdim?: boolean): Tensor;
    dimname(self: Tensor, dim: string, keepdim?: boolean): Tensor;
    dimname_out(self: Tensor, dim: string, keepdim: boolean | undefined, options: { keepdim?: boolean | undefined; out: Tensor }): Tensor;
    dims(self: Tensor, dim?: readonly Integer[] | null, keepdim?: boolean): Tensor;
    dims_out(self: Tensor, dim: readonly Integer[] | null | undefined, keepdim: boolean | undefined, options: { dim?: readonly Integer[] | null | undefined; keepdim?: boolean | undefined; out: Tensor }): Tensor;
    out(self: Tensor, dim: Integer, keepdim: boolean | undefined, options: { keepdim?: boolean | undefined; out: Tensor }): Tensor;
  };
  allclose(self: Tensor, other: Tensor, rtol?: number, atol?: number, equal_nan?: boolean): boolean;
  alpha_dropout(input: Tensor, p: number, train: boolean): Tensor;
  alpha_dropout_(self: Tensor, p: number, train: boolean): Tensor;
  amax: {
    (self: Tensor, dim?: readonly Integer[] | Integer, keepdim?: boolean): Tensor;
    out(self: Tensor, dim: readonly Integer[] | Integer | undefined, keepdim: boolean | undefined, options: { dim?: readonly Integer[] | Integer | undefined; keepdim?: boolean | undefined; out: Tensor }): Tensor;
  };
  amin: {
    (self: Tensor, dim?: readonly Integer[] | Integer, keepdim?: boolean): Tensor;
    out(self: Tensor, dim: readonly Integer[] | Integer | undefined, keepdim: boolean | undefined, options: { dim?: readonly Integer[] | Integer | undefined; keepdim?: boolean | undefined; out: Tensor }): Tensor;
  };
  aminmax: {
    (self: Tensor, options?: { dim?: Integer | null | undefined; keepdim?: boolean | undefined }): [Tensor, Tensor];
    out(self: Tensor, options: { dim?: Integer | null | undefined; keepdim?: boolean | undefined; min: Tensor; max: Tensor }): [Tensor, Tensor];
  };
  angle: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  any: {
    (self: Tensor): Tensor;
    all_out(self: Tensor, options: { out: Tensor }): Tensor;
    dim(self: Tensor, dim: Integer, keepdim?: boolean): Tensor;
    dimname(self: Tensor, dim: string, keepdim?: boolean): Tensor;
    dimname_out(self: Tensor, dim: string, keepdim: boolean | undefined, options: { keepdim?: boolean | undefined; out: Tensor }): Tensor;
    dims(self: Tensor, dim?: readonly Integer[] | null, keepdim?: boolean): Tensor;
    dims_out(self: Tensor, dim: readonly Integer[] | null | undefined, keepdim: boolean | undefined, options: { dim?: readonly Integer[] | null | undefined; keepdim?: boolean | undefined; out: Tensor }): Tensor;
    out(self: Tensor, dim: Integer, keepdim: boolean | undefined, options: { keepdim?: boolean | undefined; out: Tensor }): Tensor;
  };
  arange: {
    (end: Scalar, options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
    out(end: Scalar, options: { out: Tensor }): Tensor;
    start(start: Scalar, end: Scalar, options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
    start_out(start: Scalar, end: Scalar, step: Scalar | undefined, options: { step?: Scalar | undefined; out: Tensor }): Tensor;
    start_step(start: Scalar, end: Scalar, step?: Scalar, options?: { step?: Scalar | undefined; dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
  };
  arccos: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  arccos_(self: Tensor): Tensor;
  arccosh: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  arccosh_(self: Tensor): Tensor;
  arcsin: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  arcsin_(self: Tensor): Tensor;
  arcsinh: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  arcsinh_(self: Tensor): Tensor;
  arctan: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  arctan2: {
    (self: Tensor, other: Tensor): Tensor;
    out(self: Tensor, other: Tensor, options: { out: Tensor }): Tensor;
  };
  arctan2_(self: Tensor, other: Tensor): Tensor;
  arctan_(self: Tensor): Tensor;
  arctanh: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  arctanh_(self: Tensor): Tensor;
  argmax: {
    (self: Tensor, dim?: Integer | null, keepdim?: boolean): Tensor;
    out(self: Tensor, dim: Integer | null | undefined, keepdim: boolean | undefined, options: { dim?: Integer | null | undefined; keepdim?: boolean | undefined; out: Tensor }): Tensor;
  };
  argmin: {
    (self: Tensor, dim?: Integer | null, keepdim?: boolean): Tensor;
    out(self: Tensor, dim: Integer | null | undefined, keepdim: boolean | undefined, options: { dim?: Integer | null | undefined; keepdim?: boolean | undefined; out: Tensor }): Tensor;
  };
  argsort: {
    (self: Tensor, dim?: Integer, descending?: boolean): Tensor;
    dimname(self: Tensor, dim: string, descending?: boolean): Tensor;
    stable(self: Tensor, options: { stable: boolean; dim?: Integer | undefined; descending?: boolean | undefined }): Tensor;
    stable_out(self: Tensor, options: { stable: boolean; dim?: Integer | undefined; descending?: boolean | undefined; out: Tensor }): Tensor;
  };
  argwhere(self: Tensor): Tensor;
  as_strided(self: Tensor, size: readonly Integer[], stride: readonly Integer[], storage_offset?: Integer | null): Tensor;
  as_strided_(self: Tensor, size: readonly Integer[], stride: readonly Integer[], storage_offset?: Integer | null): Tensor;
  as_strided_copy: {
    (self: Tensor, size: readonly Integer[], stride: readonly Integer[], storage_offset?: Integer | null): Tensor;
    out(self: Tensor, size: readonly Integer[], stride: readonly Integer[], storage_offset: Integer | null | undefined, options: { storage_offset?: Integer | null | undefined; out: Tensor }): Tensor;
  };
  as_strided_scatter: {
    (self: Tensor, src: Tensor, size: readonly Integer[], stride: readonly Integer[], storage_offset?: Integer | null): Tensor;
    out(self: Tensor, src: Tensor, size: readonly Integer[], stride: readonly Integer[], storage_offset: Integer | null | undefined, options: { storage_offset?: Integer | null | undefined; out: Tensor }): Tensor;
  };
  asin: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  asin_(self: Tensor): Tensor;
  asinh: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  asinh_(self: Tensor): Tensor;
  atan: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  atan2: {
    (self: Tensor, other: Tensor): Tensor;
    out(self: Tensor, other: Tensor, options: { out: Tensor }): Tensor;
  };
  atan2_(self: Tensor, other: Tensor): Tensor;
  atan_(self: Tensor): Tensor;
  atanh: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  atanh_(self: Tensor): Tensor;
  atleast_1d: {
    (self: Tensor): Tensor;
    Sequence(tensors: readonly Tensor[]): Tensor[];
  };
  atleast_2d: {
    (self: Tensor): Tensor;
    Sequence(tensors: readonly Tensor[]): Tensor[];
  };
  atleast_3d: {
    (self: Tensor): Tensor;
    Sequence(tensors: readonly Tensor[]): Tensor[];
  };
  avg_pool1d: {
    (self: Tensor, kernel_size: readonly Integer[] | Integer, stride?: readonly Integer[] | Integer, padding?: readonly Integer[] | Integer, ceil_mode?: boolean, count_include_pad?: boolean): Tensor;
    out(self: Tensor, kernel_size: readonly Integer[] | Integer, stride: readonly Integer[] | Integer | undefined, padding: readonly Integer[] | Integer | undefined, ceil_mode: boolean | undefined, count_include_pad: boolean | undefined, options: { stride?: readonly Integer[] | Integer | undefined; padding?: readonly Integer[] | Integer | undefined; ceil_mode?: boolean | undefined; count_include_pad?: boolean | undefined; out: Tensor }): Tensor;
  };
  avg_pool2d: {
    (self: Tensor, kernel_size: readonly Integer[] | Integer, stride?: readonly Integer[] | Integer, padding?: readonly Integer[] | Integer, ceil_mode?: boolean, count_include_pad?: boolean, divisor_override?: Integer | null): Tensor;
    out(self: Tensor, kernel_size: readonly Integer[] | Integer, stride: readonly Integer[] | Integer | undefined, padding: readonly Integer[] | Integer | undefined, ceil_mode: boolean | undefined, count_include_pad: boolean | undefined, divisor_override: Integer | null | undefined, options: { stride?: readonly Integer[] | Integer | undefined; padding?: readonly Integer[] | Integer | undefined; ceil_mode?: boolean | undefined; count_include_pad?: boolean | undefined; divisor_override?: Integer | null | undefined; out: Tensor }): Tensor;
  };
  avg_pool3d: {
    (self: Tensor, kernel_size: readonly Integer[] | Integer, stride?: readonly Integer[] | Integer, padding?: readonly Integer[] | Integer, ceil_mode?: boolean, count_include_pad?: boolean, divisor_override?: Integer | null): Tensor;
    out(self: Tensor, kernel_size: readonly Integer[] | Integer, stride: readonly Integer[] | Integer | undefined, padding: readonly Integer[] | Integer | undefined, ceil_mode: boolean | undefined, count_include_pad: boolean | undefined, divisor_override: Integer | null | undefined, options: { stride?: readonly Integer[] | Integer | undefined; padding?: readonly Integer[] | Integer | undefined; ceil_mode?: boolean | undefined; count_include_pad?: boolean | undefined; divisor_override?: Integer | null | undefined; out: Tensor }): Tensor;
  };
  baddbmm: {
    (self: Tensor, batch1: Tensor, batch2: Tensor, options?: { beta?: Scalar | undefined; alpha?: Scalar | undefined }): Tensor;
    dtype(self: Tensor, batch1: Tensor, batch2: Tensor, out_dtype: DType, options?: { beta?: Scalar | undefined; alpha?: Scalar | undefined }): Tensor;
    dtype_out(self: Tensor, batch1: Tensor, batch2: Tensor, out_dtype: DType, options: { beta?: Scalar | undefined; alpha?: Scalar | undefined; out: Tensor }): Tensor;
    out(self: Tensor, batch1: Tensor, batch2: Tensor, options: { beta?: Scalar | undefined; alpha?: Scalar | undefined; out: Tensor }): Tensor;
  };
  baddbmm_(self: Tensor, batch1: Tensor, batch2: Tensor, options?: { beta?: Scalar | undefined; alpha?: Scalar | undefined }): Tensor;
  bartlett_window: {
    (window_length: Integer, options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
    out(window_length: Integer, options: { out: Tensor }): Tensor;
    periodic(window_length: Integer, periodic: boolean, options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
    periodic_out(window_length: Integer, periodic: boolean, options: { out: Tensor }): Tensor;
  };
  batch_norm(input: Tensor, weight: Tensor | null, bias: Tensor | null, running_mean: Tensor | null, running_var: Tensor | null, training: boolean, momentum: number, eps: number, cudnn_enabled: boolean): Tensor;
  batch_norm_backward_elemt: {
    (grad_out: Tensor, input: Tensor, mean: Tensor, invstd: Tensor, weight: Tensor | null, sum_dy: Tensor, sum_dy_xmu: Tensor, count: Tensor): Tensor;
    out(grad_out: Tensor, input: Tensor, mean: Tensor, invstd: Tensor, weight: Tensor | null, sum_dy: Tensor, sum_dy_xmu: Tensor, count: Tensor, options: { out: Tensor }): Tensor;
  };
  batch_norm_backward_reduce: {
    (grad_out: Tensor, input: Tensor, mean: Tensor, invstd: Tensor, weight: Tensor | null, input_g: boolean, weight_g: boolean, bias_g: boolean): [Tensor, Tensor, Tensor, Tensor];
    out(grad_out: Tensor, input: Tensor, mean: Tensor, invstd: Tensor, weight: Tensor | null, input_g: boolean, weight_g: boolean, bias_g: boolean, options: { out0: Tensor; out1: Tensor; out2: Tensor; out3: Tensor }): [Tensor, Tensor, Tensor, Tensor];
  };
  batch_norm_elemt: {
    (input: Tensor, weight: Tensor | null, bias: Tensor | null, mean: Tensor, invstd: Tensor, eps: number): Tensor;
    out(input: Tensor, weight: Tensor | null, bias: Tensor | null, mean: Tensor, invstd: Tensor, eps: number, options: { out: Tensor }): Tensor;
  };
  batch_norm_gather_stats: {
    (input: Tensor, mean: Tensor, invstd: Tensor, running_mean: Tensor | null, running_var: Tensor | null, momentum: number, eps: number, count: Integer): [Tensor, Tensor];
    out(input: Tensor, mean: Tensor, invstd: Tensor, running_mean: Tensor | null, running_var: Tensor | null, momentum: number, eps: number, count: Integer, options: { out0: Tensor; out1: Tensor }): [Tensor, Tensor];
  };
  batch_norm_gather_stats_with_counts: {
    (input: Tensor, mean: Tensor, invstd: Tensor, running_mean: Tensor | null, running_var: Tensor | null, momentum: number, eps: number, counts: Tensor): [Tensor, Tensor];
    out(input: Tensor, mean: Tensor, invstd: Tensor, running_mean: Tensor | null, running_var: Tensor | null, momentum: number, eps: number, counts: Tensor, options: { out0: Tensor; out1: Tensor }): [Tensor, Tensor];
  };
  batch_norm_stats: {
    (input: Tensor, eps: number): [Tensor, Tensor];
    out(input: Tensor, eps: number, options: { out0: Tensor; out1: Tensor }): [Tensor, Tensor];
  };
  bernoulli: {
    (self: Tensor, options?: { generator?: Generator | null | undefined }): Tensor;
    Tensor(self: Tensor, p: Tensor, options?: { generator?: Generator | null | undefined }): Tensor;
    Tensor_out(self: Tensor, p: Tensor, options: { generator?: Generator | null | undefined; out: Tensor }): Tensor;
    float_out(self: Tensor, p: number | undefined, options: { p?: number | undefined; generator?: Generator | null | undefined; out: Tensor }): Tensor;
    out(self: Tensor, options: { generator?: Generator | null | undefined; out: Tensor }): Tensor;
    p(self: Tensor, p: number, options?: { generator?: Generator | null | undefined }): Tensor;
  };
  bernoulli_: {
    Tensor(self: Tensor, p: Tensor, options?: { generator?: Generator | null | undefined }): Tensor;
    float(self: Tensor, p?: number, options?: { p?: number | undefined; generator?: Generator | null | undefined }): Tensor;
  };
  bilinear(input1: Tensor, input2: Tensor, weight: Tensor, bias?: Tensor | null): Tensor;
  binary_cross_entropy: {
    (self: Tensor, target: Tensor, weight?: Tensor | null, reduction?: Integer): Tensor;
    out(self: Tensor, target: Tensor, weight: Tensor | null | undefined, reduction: Integer | undefined, options: { weight?: Tensor | null | undefined; reduction?: Integer | undefined; out: Tensor }): Tensor;
  };
  binary_cross_entropy_with_logits: {
    (self: Tensor, target: Tensor, weight?: Tensor | null, pos_weight?: Tensor | null, reduction?: Integer): Tensor;
    out(self: Tensor, target: Tensor, weight: Tensor | null | undefined, pos_weight: Tensor | null | undefined, reduction: Integer | undefined, options: { weight?: Tensor | null | undefined; pos_weight?: Tensor | null | undefined; reduction?: Integer | undefined; out: Tensor }): Tensor;
  };
  bincount: {
    (self: Tensor, weights?: Tensor | null, minlength?: Integer): Tensor;
    out(self: Tensor, weights: Tensor | null | undefined, minlength: Integer | undefined, options: { weights?: Tensor | null | undefined; minlength?: Integer | undefined; out: Tensor }): Tensor;
  };
  binomial: {
    (count: Tensor, prob: Tensor, generator?: Generator | null): Tensor;
    out(count: Tensor, prob: Tensor, generator: Generator | null | undefined, options: { generator?: Generator | null | undefined; out: Tensor }): Tensor;
  };
  bitwise_and: {
    Scalar(self: Tensor, other: Scalar): Tensor;
    Scalar_Tensor(self: Scalar, other: Tensor): Tensor;
    Scalar_Tensor_out(self: Scalar, other: Tensor, options: { out: Tensor }): Tensor;
    Scalar_out(self: Tensor, other: Scalar, options: { out: Tensor }): Tensor;
    Tensor(self: Tensor, other: Tensor): Tensor;
    Tensor_out(self: Tensor, other: Tensor, options: { out: Tensor }): Tensor;
  };
  bitwise_and_: {
    Scalar(self: Tensor, other: Scalar): Tensor;
    Tensor(self: Tensor, other: Tensor): Tensor;
  };
  bitwise_left_shift: {
    Scalar_Tensor(self: Scalar, other: Tensor): Tensor;
    Scalar_Tensor_out(self: Scalar, other: Tensor, options: { out: Tensor }): Tensor;
    Tensor(self: Tensor, other: Tensor): Tensor;
    Tensor_Scalar(self: Tensor, other: Scalar): Tensor;
    Tensor_Scalar_out(self: Tensor, other: Scalar, options: { out: Tensor }): Tensor;
    Tensor_out(self: Tensor, other: Tensor, options: { out: Tensor }): Tensor;
  };
  bitwise_left_shift_: {
    Tensor(self: Tensor, other: Tensor): Tensor;
    Tensor_Scalar(self: Tensor, other: Scalar): Tensor;
  };
  bitwise_not: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  bitwise_not_(self: Tensor): Tensor;
  bitwise_or: {
    Scalar(self: Tensor, other: Scalar): Tensor;
    Scalar_Tensor(self: Scalar, other: Tensor): Tensor;
    Scalar_Tensor_out(self: Scalar, other: Tensor, options: { out: Tensor }): Tensor;
    Scalar_out(self: Tensor, other: Scalar, options: { out: Tensor }): Tensor;
    Tensor(self: Tensor, other: Tensor): Tensor;
    Tensor_out(self: Tensor, other: Tensor, options: { out: Tensor }): Tensor;
  };
  bitwise_or_: {
    Scalar(self: Tensor, other: Scalar): Tensor;
    Tensor(self: Tensor, other: Tensor): Tensor;
  };
  bitwise_right_shift: {
    Scalar_Tensor(self: Scalar, other: Tensor): Tensor;
    Scalar_Tensor_out(self: Scalar, other: Tensor, options: { out: Tensor }): Tensor;
    Tensor(self: Tensor, other: Tensor): Tensor;
    Tensor_Scalar(self: Tensor, other: Scalar): Tensor;
    Tensor_Scalar_out(self: Tensor, other: Scalar, options: { out: Tensor }): Tensor;
    Tensor_out(self: Tensor, other: Tensor, options: { out: Tensor }): Tensor;
  };
  bitwise_right_shift_: {
    Tensor(self: Tensor, other: Tensor): Tensor;
    Tensor_Scalar(self: Tensor, other: Scalar): Tensor;
  };
  bitwise_xor: {
    Scalar(self: Tensor, other: Scalar): Tensor;
    Scalar_Tensor(self: Scalar, other: Tensor): Tensor;
    Scalar_Tensor_out(self: Scalar, other: Tensor, options: { out: Tensor }): Tensor;
    Scalar_out(self: Tensor, other: Scalar, options: { out: Tensor }): Tensor;
    Tensor(self: Tensor, other: Tensor): Tensor;
    Tensor_out(self: Tensor, other: Tensor, options: { out: Tensor }): Tensor;
  };
  bitwise_xor_: {
    Scalar(self: Tensor, other: Scalar): Tensor;
    Tensor(self: Tensor, other: Tensor): Tensor;
  };
  blackman_window: {
    (window_length: Integer, options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
    out(window_length: Integer, options: { out: Tensor }): Tensor;
    periodic(window_length: Integer, periodic: boolean, options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
    periodic_out(window_length: Integer, periodic: boolean, options: { out: Tensor }): Tensor;
  };
  block_diag: {
    (tensors: readonly Tensor[]): Tensor;
    out(tensors: readonly Tensor[], options: { out: Tensor }): Tensor;
  };
  bmm: {
    (self: Tensor, mat2: Tensor): Tensor;
    dtype(self: Tensor, mat2: Tensor, out_dtype: DType): Tensor;
    dtype_out(self: Tensor, mat2: Tensor, out_dtype: DType, options: { out: Tensor }): Tensor;
    out(self: Tensor, mat2: Tensor, options: { out: Tensor }): Tensor;
  };
  broadcast_tensors(tensors: readonly Tensor[]): Tensor[];
  broadcast_to(self: Tensor, size: readonly Integer[]): Tensor;
  bucketize: {
    Scalar(self: Scalar, boundaries: Tensor, options?: { out_int32?: boolean | undefined; right?: boolean | undefined }): Tensor;
    Scalar_out(self: Scalar, boundaries: Tensor, options: { out_int32?: boolean | undefined; right?: boolean | undefined; out: Tensor }): Tensor;
    Tensor(self: Tensor, boundaries: Tensor, options?: { out_int32?: boolean | undefined; right?: boolean | undefined }): Tensor;
    Tensor_out(self: Tensor, boundaries: Tensor, options: { out_int32?: boolean | undefined; right?: boolean | undefined; out: Tensor }): Tensor;
  };
  can_cast(from_: DType, to: DType): boolean;
  cartesian_prod(tensors: readonly Tensor[]): Tensor;
  cat: {
    (tensors: readonly Tensor[], dim?: Integer): Tensor;
    names(tensors: readonly Tensor[], dim: string): Tensor;
    names_out(tensors: readonly Tensor[], dim: string, options: { out: Tensor }): Tensor;
    out(tensors: readonly Tensor[], dim: Integer | undefined, options: { dim?: Integer | undefined; out: Tensor }): Tensor;
  };
  cauchy: {
    (self: Tensor, median?: number, sigma?: number, options?: { median?: number | undefined; sigma?: number | undefined; generator?: Generator | null | undefined }): Tensor;
    out(self: Tensor, median: number | undefined, sigma: number | undefined, options: { median?: number | undefined; sigma?: number | undefined; generator?: Generator | null | undefined; out: Tensor }): Tensor;
  };
  cauchy_(self: Tensor, median?: number, sigma?: number, options?: { median?: number | undefined; sigma?: number | undefined; generator?: Generator | null | undefined }): Tensor;
  ccol_indices(self: Tensor): Tensor;
  ccol_indices_copy: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  cdist(x1: Tensor, x2: Tensor, p?: number, compute_mode?: Integer | null): Tensor;
  ceil: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  ceil_(self: Tensor): Tensor;
  celu: {
    (self: Tensor, alpha?: Scalar): Tensor;
    out(self: Tensor, alpha: Scalar | undefined, options: { alpha?: Scalar | undefined; out: Tensor }): Tensor;
  };
  celu_(self: Tensor, alpha?: Scalar): Tensor;
  chain_matmul: {
    (matrices: readonly Tensor[]): Tensor;
    out(matrices: readonly Tensor[], options: { out: Tensor }): Tensor;
  };
  chalf(self: Tensor, options?: { memory_format?: MemoryFormat | null | undefined }): Tensor;
  channel_shuffle: {
    (self: Tensor, groups: Integer): Tensor;
    out(self: Tensor, groups: Integer, options: { out: Tensor }): Tensor;
  };
  cholesky: {
    (self: Tensor, upper?: boolean): Tensor;
    out(self: Tensor, upper: boolean | undefined, options: { upper?: boolean | undefined; out: Tensor }): Tensor;
  };
  cholesky_inverse: {
    (self: Tensor, upper?: boolean): Tensor;
    out(self: Tensor, upper: boolean | undefined, options: { upper?: boolean | undefined; out: Tensor }): Tensor;
  };
  cholesky_solve: {
    (self: Tensor, input2: Tensor, upper?: boolean): Tensor;
    out(self: Tensor, input2: Tensor, upper: boolean | undefined, options: { upper?: boolean | undefined; out: Tensor }): Tensor;
  };
  chunk(self: Tensor, chunks: Integer, dim?: Integer): Tensor[];
  clamp: {
    (self: Tensor, min?: Scalar | null, max?: Scalar | null): Tensor;
    Tensor(self: Tensor, min?: Tensor | null, max?: Tensor | null): Tensor;
    Tensor_out(self: Tensor, min: Tensor | null | undefined, max: Tensor | null | undefined, options: { min?: Tensor | null | undefined; max?: Tensor | null | undefined; out: Tensor }): Tensor;
    out(self: Tensor, min: Scalar | null | undefined, max: Scalar | null | undefined, options: { min?: Scalar | null | undefined; max?: Scalar | null | undefined; out: Tensor }): Tensor;
  };
  clamp_: {
    (self: Tensor, min?: Scalar | null, max?: Scalar | null): Tensor;
    Tensor(self: Tensor, min?: Tensor | null, max?: Tensor | null): Tensor;
  };
  clamp_max: {
    (self: Tensor, max: Scalar): Tensor;
    Tensor(self: Tensor, max: Tensor): Tensor;
    Tensor_out(self: Tensor, max: Tensor, options: { out: Tensor }): Tensor;
    out(self: Tensor, max: Scalar, options: { out: Tensor }): Tensor;
  };
  clamp_max_: {
    (self: Tensor, max: Scalar): Tensor;
    Tensor(self: Tensor, max: Tensor): Tensor;
  };
  clamp_min: {
    (self: Tensor, min: Scalar): Tensor;
    Tensor(self: Tensor, min: Tensor): Tensor;
    Tensor_out(self: Tensor, min: Tensor, options: { out: Tensor }): Tensor;
    out(self: Tensor, min: Scalar, options: { out: Tensor }): Tensor;
  };
  clamp_min_: {
    (self: Tensor, min: Scalar): Tensor;
    Tensor(self: Tensor, min: Tensor): Tensor;
  };
  clip: {
    (self: Tensor, min?: Scalar | null, max?: Scalar | null): Tensor;
    Tensor(self: Tensor, min?: Tensor | null, max?: Tensor | null): Tensor;
    Tensor_out(self: Tensor, min: Tensor | null | undefined, max: Tensor | null | undefined, options: { min?: Tensor | null | undefined; max?: Tensor | null | undefined; out: Tensor }): Tensor;
    out(self: Tensor, min: Scalar | null | undefined, max: Scalar | null | undefined, options: { min?: Scalar | null | undefined; max?: Scalar | null | undefined; out: Tensor }): Tensor;
  };
  clip_: {
    (self: Tensor, min?: Scalar | null, max?: Scalar | null): Tensor;
    Tensor(self: Tensor, min?: Tensor | null, max?: Tensor | null): Tensor;
  };
  clone: {
    (self: Tensor, options?: { memory_format?: MemoryFormat | null | undefined }): Tensor;
    out(self: Tensor, options: { memory_format?: MemoryFormat | null | undefined; out: Tensor }): Tensor;
  };
  coalesce(self: Tensor): Tensor;
  col2im: {
    (self: Tensor, output_size: readonly Integer[] | Integer, kernel_size: readonly Integer[] | Integer, dilation: readonly Integer[] | Integer, padding: readonly Integer[] | Integer, stride: readonly Integer[] | Integer): Tensor;
    out(self: Tensor, output_size: readonly Integer[] | Integer, kernel_size: readonly Integer[] | Integer, dilation: readonly Integer[] | Integer, padding: readonly Integer[] | Integer, stride: readonly Integer[] | Integer, options: { out: Tensor }): Tensor;
  };
  col_indices(self: Tensor): Tensor;
  col_indices_copy: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  column_stack: {
    (tensors: readonly Tensor[]): Tensor;
    out(tensors: readonly Tensor[], options: { out: Tensor }): Tensor;
  };
  combinations(self: Tensor, r?: Integer, with_replacement?: boolean): Tensor;
  complex: {
    (real: Tensor, imag: Tensor): Tensor;
    out(real: Tensor, imag: Tensor, options: { out: Tensor }): Tensor;
  };
  concat: {
    (tensors: readonly Tensor[], dim?: Integer): Tensor;
    names(tensors: readonly Tensor[], dim: string): Tensor;
    names_out(tensors: readonly Tensor[], dim: string, options: { out: Tensor }): Tensor;
    out(tensors: readonly Tensor[], dim: Integer | undefined, options: { dim?: Integer | undefined; out: Tensor }): Tensor;
  };
  concatenate: {
    (tensors: readonly Tensor[], dim?: Integer): Tensor;
    names(tensors: readonly Tensor[], dim: string): Tensor;
    names_out(tensors: readonly Tensor[], dim: string, options: { out: Tensor }): Tensor;
    out(tensors: readonly Tensor[], dim: Integer | undefined, options: { dim?: Integer | undefined; out: Tensor }): Tensor;
  };
  conj(self: Tensor): Tensor;
  conj_physical: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  conj_physical_(self: Tensor): Tensor;
  constant_pad_nd: {
    (self: Tensor, pad: readonly Integer[], value?: Scalar): Tensor;
    out(self: Tensor, pad: readonly Integer[], value: Scalar | undefined, options: { value?: Scalar | undefined; out: Tensor }): Tensor;
  };
  contiguous(self: Tensor, options?: { memory_format?: MemoryFormat | undefined }): Tensor;
  conv1d: {
    (input: Tensor, weight: Tensor, bias?: Tensor | null, stride?: readonly Integer[] | Integer, padding?: readonly Integer[] | Integer, dilation?: readonly Integer[] | Integer, groups?: Integer): Tensor;
    padding(input: Tensor, weight: Tensor, bias?: Tensor | null, stride?: readonly Integer[] | Integer, padding?: string, dilation?: readonly Integer[] | Integer, groups?: Integer): Tensor;
  };
  conv2d: {
    (input: Tensor, weight: Tensor, bias?: Tensor | null, stride?: readonly Integer[] | Integer, padding?: readonly Integer[] | Integer, dilation?: readonly Integer[] | Integer, groups?: Integer): Tensor;
    padding(input: Tensor, weight: Tensor, bias?: Tensor | null, stride?: readonly Integer[] | Integer, padding?: string, dilation?: readonly Integer[] | Integer, groups?: Integer): Tensor;
  };
  conv3d: {
    (input: Tensor, weight: Tensor, bias?: Tensor | null, stride?: readonly Integer[] | Integer, padding?: readonly Integer[] | Integer, dilation?: readonly Integer[] | Integer, groups?: Integer): Tensor;
    padding(input: Tensor, weight: Tensor, bias?: Tensor | null, stride?: readonly Integer[] | Integer, padding?: string, dilation?: readonly Integer[] | Integer, groups?: Integer): Tensor;
  };
  conv_depthwise3d: {
    (self: Tensor, weight: Tensor, kernel_size: readonly Integer[] | Integer, bias: Tensor | null, stride: readonly Integer[] | Integer, padding: readonly Integer[] | Integer, dilation: readonly Integer[] | Integer): Tensor;
    out(self: Tensor, weight: Tensor, kernel_size: readonly Integer[] | Integer, bias: Tensor | null, stride: readonly Integer[] | Integer, padding: readonly Integer[] | Integer, dilation: readonly Integer[] | Integer, options: { out: Tensor }): Tensor;
  };
  conv_tbc: {
    (self: Tensor, weight: Tensor, bias: Tensor, pad?: Integer): Tensor;
    out(self: Tensor, weight: Tensor, bias: Tensor, pad: Integer | undefined, options: { pad?: Integer | undefined; out: Tensor }): Tensor;
  };
  conv_transpose1d(input: Tensor, weight: Tensor, bias?: Tensor | null, stride?: readonly Integer[] | Integer, padding?: readonly Integer[] | Integer, output_padding?: readonly Integer[] | Integer, groups?: Integer, dilation?: readonly Integer[] | Integer): Tensor;
  conv_transpose2d: {
    input(input: Tensor, weight: Tensor, bias?: Tensor | null, stride?: readonly Integer[] | Integer, padding?: readonly Integer[] | Integer, output_padding?: readonly Integer[] | Integer, groups?: Integer, dilation?: readonly Integer[] | Integer): Tensor;
  };
  conv_transpose3d: {
    input(input: Tensor, weight: Tensor, bias?: Tensor | null, stride?: readonly Integer[] | Integer, padding?: readonly Integer[] | Integer, output_padding?: readonly Integer[] | Integer, groups?: Integer, dilation?: readonly Integer[] | Integer): Tensor;
  };
  convolution: {
    (input: Tensor, weight: Tensor, bias: Tensor | null, stride: readonly Integer[], padding: readonly Integer[], dilation: readonly Integer[], transposed: boolean, output_padding: readonly Integer[], groups: Integer): Tensor;
    out(input: Tensor, weight: Tensor, bias: Tensor | null, stride: readonly Integer[], padding: readonly Integer[], dilation: readonly Integer[], transposed: boolean, output_padding: readonly Integer[], groups: Integer, options: { out: Tensor }): Tensor;
  };
  convolution_backward_overrideable: {
    (grad_output: Tensor, input: Tensor, weight: Tensor, stride: readonly Integer[], padding: readonly Integer[], dilation: readonly Integer[], transposed: boolean, output_padding: readonly Integer[], groups: Integer, output_mask: readonly boolean[] | boolean): [Tensor, Tensor, Tensor];
    out(grad_output: Tensor, input: Tensor, weight: Tensor, stride: readonly Integer[], padding: readonly Integer[], dilation: readonly Integer[], transposed: boolean, output_padding: readonly Integer[], groups: Integer, output_mask: readonly boolean[] | boolean, options: { out0: Tensor; out1: Tensor; out2: Tensor }): [Tensor, Tensor, Tensor];
  };
  convolution_overrideable: {
    (input: Tensor, weight: Tensor, bias: Tensor | null, stride: readonly Integer[], padding: readonly Integer[], dilation: readonly Integer[], transposed: boolean, output_padding: readonly Integer[], groups: Integer): Tensor;
    out(input: Tensor, weight: Tensor, bias: Tensor | null, stride: readonly Integer[], padding: readonly Integer[], dilation: readonly Integer[], transposed: boolean, output_padding: readonly Integer[], groups: Integer, options: { out: Tensor }): Tensor;
  };
  copy: {
    (self: Tensor, src: Tensor, non_blocking?: boolean): Tensor;
    out(self: Tensor, src: Tensor, non_blocking: boolean | undefined, options: { non_blocking?: boolean | undefined; out: Tensor }): Tensor;
  };
  copy_(self: Tensor, src: Tensor, non_blocking?: boolean): Tensor;
  copy_sparse_to_sparse: {
    (self: Tensor, src: Tensor, non_blocking?: boolean): Tensor;
    out(self: Tensor, src: Tensor, non_blocking: boolean | undefined, options: { non_blocking?: boolean | undefined; out: Tensor }): Tensor;
  };
  copy_sparse_to_sparse_(self: Tensor, src: Tensor, non_blocking?: boolean): Tensor;
  copysign: {
    Scalar(self: Tensor, other: Scalar): Tensor;
    Scalar_out(self: Tensor, other: Scalar, options: { out: Tensor }): Tensor;
    Tensor(self: Tensor, other: Tensor): Tensor;
    out(self: Tensor, other: Tensor, options: { out: Tensor }): Tensor;
  };
  copysign_: {
    Scalar(self: Tensor, other: Scalar): Tensor;
    Tensor(self: Tensor, other: Tensor): Tensor;
  };
  corrcoef(self: Tensor): Tensor;
  cos: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  cos_(self: Tensor): Tensor;
  cosh: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  cosh_(self: Tensor): Tensor;
  cosine_embedding_loss(input1: Tensor, input2: Tensor, target: Tensor, margin?: number, reduction?: Integer): Tensor;
  cosine_similarity(x1: Tensor, x2: Tensor, dim?: Integer, eps?: number): Tensor;
  count_nonzero: {
    (self: Tensor, dim?: Integer | null): Tensor;
    dim_IntList(self: Tensor, dim: readonly Integer[]): Tensor;
    dim_IntList_out(self: Tensor, dim: readonly Integer[], options: { out: Tensor }): Tensor;
    out(self: Tensor, dim: Integer | null | undefined, options: { dim?: Integer | null | undefined; out: Tensor }): Tensor;
  };
  cov(self: Tensor, options?: { correction?: Integer | undefined; fweights?: Tensor | null | undefined; aweights?: Tensor | null | undefined }): Tensor;
  cross: {
    (self: Tensor, other: Tensor, dim?: Integer | null): Tensor;
    out(self: Tensor, other: Tensor, dim: Integer | null | undefined, options: { dim?: Integer | null | undefined; out: Tensor }): Tensor;
  };
  cross_entropy_loss(self: Tensor, target: Tensor, weight?: Tensor | null, reduction?: Integer, ignore_index?: Integer, label_smoothing?: number): Tensor;
  crow_indices(self: Tensor): Tensor;
  crow_indices_copy: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  cudnn_affine_grid_generator: {
    (theta: Tensor, N: Integer, C: Integer, H: Integer, W: Integer): Tensor;
    out(theta: Tensor, N: Integer, C: Integer, H: Integer, W: Integer, options: { out: Tensor }): Tensor;
  };
  cudnn_batch_norm: {
    (input: Tensor, weight: Tensor, bias: Tensor | null, running_mean: Tensor | null, running_var: Tensor | null, training: boolean, exponential_average_factor: number, epsilon: number): [Tensor, Tensor, Tensor, Tensor];
    out(input: Tensor, weight: Tensor, bias: Tensor | null, running_mean: Tensor | null, running_var: Tensor | null, training: boolean, exponential_average_factor: number, epsilon: number, options: { out0: Tensor; out1: Tensor; out2: Tensor; out3: Tensor }): [Tensor, Tensor, Tensor, Tensor];
  };
  cudnn_convolution: {
    (self: Tensor, weight: Tensor, padding: readonly Integer[], stride: readonly Integer[], dilation: readonly Integer[], groups: Integer, benchmark: boolean, deterministic: boolean, allow_tf32: boolean): Tensor;
    out(self: Tensor, weight: Tensor, padding: readonly Integer[], stride: readonly Integer[], dilation: readonly Integer[], groups: Integer, benchmark: boolean, deterministic: boolean, allow_tf32: boolean, options: { out: Tensor }): Tensor;
  };
  cudnn_convolution_add_relu: {
    (self: Tensor, weight: Tensor, z: Tensor, alpha: Scalar | null, bias: Tensor | null, stride: readonly Integer[], padding: readonly Integer[], dilation: readonly Integer[], groups: Integer): Tensor;
    out(self: Tensor, weight: Tensor, z: Tensor, alpha: Scalar | null, bias: Tensor | null, stride: readonly Integer[], padding: readonly Integer[], dilation: readonly Integer[], groups: Integer, options: { out: Tensor }): Tensor;
  };
  cudnn_convolution_relu: {
    (self: Tensor, weight: Tensor, bias: Tensor | null, stride: readonly Integer[], padding: readonly Integer[], dilation: readonly Integer[], groups: Integer): Tensor;
    out(self: Tensor, weight: Tensor, bias: Tensor | null, stride: readonly Integer[], padding: readonly Integer[], dilation: readonly Integer[], groups: Integer, options: { out: Tensor }): Tensor;
  };
  cudnn_convolution_transpose: {
    (self: Tensor, weight: Tensor, padding: readonly Integer[], output_padding: readonly Integer[], stride: readonly Integer[], dilation: readonly Integer[], groups: Integer, benchmark: boolean, deterministic: boolean, allow_tf32: boolean): Tensor;
    out(self: Tensor, weight: Tensor, padding: readonly Integer[], output_padding: readonly Integer[], stride: readonly Integer[], dilation: readonly Integer[], groups: Integer, benchmark: boolean, deterministic: boolean, allow_tf32: boolean, options: { out: Tensor }): Tensor;
  };
  cudnn_grid_sampler: {
    (self: Tensor, grid: Tensor): Tensor;
    out(self: Tensor, grid: Tensor, options: { out: Tensor }): Tensor;
  };
  cudnn_is_acceptable(self: Tensor): boolean;
  cummax: {
    (self: Tensor, dim: Integer): [Tensor, Tensor];
    dimname(self: Tensor, dim: string): [Tensor, Tensor];
    dimname_out(self: Tensor, dim: string, options: { values: Tensor; indices: Tensor }): [Tensor, Tensor];
    out(self: Tensor, dim: Integer, options: { values: Tensor; indices: Tensor }): [Tensor, Tensor];
  };
  cummin: {
    (self: Tensor, dim: Integer): [Tensor, Tensor];
    dimname(self: Tensor, dim: string): [Tensor, Tensor];
    dimname_out(self: Tensor, dim: string, options: { values: Tensor; indices: Tensor }): [Tensor, Tensor];
    out(self: Tensor, dim: Integer, options: { values: Tensor; indices: Tensor }): [Tensor, Tensor];
  };
  cumprod: {
    (self: Tensor, dim: Integer, options?: { dtype?: DType | null | undefined }): Tensor;
    dimname(self: Tensor, dim: string, options?: { dtype?: DType | null | undefined }): Tensor;
    dimname_out(self: Tensor, dim: string, options: { dtype?: DType | null | undefined; out: Tensor }): Tensor;
    out(self: Tensor, dim: Integer, options: { dtype?: DType | null | undefined; out: Tensor }): Tensor;
  };
  cumprod_: {
    (self: Tensor, dim: Integer, options?: { dtype?: DType | null | undefined }): Tensor;
    dimname(self: Tensor, dim: string, options?: { dtype?: DType | null | undefined }): Tensor;
  };
  cumsum: {
    (self: Tensor, dim: Integer, options?: { dtype?: DType | null | undefined }): Tensor;
    dimname(self: Tensor, dim: string, options?: { dtype?: DType | null | undefined }): Tensor;
    dimname_out(self: Tensor, dim: string, options: { dtype?: DType | null | undefined; out: Tensor }): Tensor;
    out(self: Tensor, dim: Integer, options: { dtype?: DType | null | undefined; out: Tensor }): Tensor;
  };
  cumsum_: {
    (self: Tensor, dim: Integer, options?: { dtype?: DType | null | undefined }): Tensor;
    dimname(self: Tensor, dim: string, options?: { dtype?: DType | null | undefined }): Tensor;
  };
  cumulative_trapezoid: {
    dx(y: Tensor, options?: { dx?: Scalar | undefined; dim?: Integer | undefined }): Tensor;
    x(y: Tensor, x: Tensor, options?: { dim?: Integer | undefined }): Tensor;
  };
  data(self: Tensor): Tensor;
  deg2rad: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  deg2rad_(self: Tensor): Tensor;
  dense_dim(self: Tensor): number;
  dequantize: {
    self(self: Tensor): Tensor;
    self_out(self: Tensor, options: { out: Tensor }): Tensor;
    tensors(tensors: readonly Tensor[]): Tensor[];
    tensors_out(tensors: readonly Tensor[], options: { out: readonly Tensor[] }): void;
  };
  det(self: Tensor): Tensor;
  detach(self: Tensor): Tensor;
  detach_(self: Tensor): Tensor;
  detach_copy: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  diag: {
    (self: Tensor, diagonal?: Integer): Tensor;
    out(self: Tensor, diagonal: Integer | undefined, options: { diagonal?: Integer | undefined; out: Tensor }): Tensor;
  };
  diag_embed: {
    (self: Tensor, offset?: Integer, dim1?: Integer, dim2?: Integer): Tensor;
    out(self: Tensor, offset: Integer | undefined, dim1: Integer | undefined, dim2: Integer | undefined, options: { offset?: Integer | undefined; dim1?: Integer | undefined; dim2?: Integer | undefined; out: Tensor }): Tensor;
  };
  diagflat(self: Tensor, offset?: Integer): Tensor;
  diagonal: {
    (self: Tensor, offset?: Integer, dim1?: Integer, dim2?: Integer): Tensor;
    Dimname(self: Tensor, options: { outdim: string; dim1: string; dim2: string; offset?: Integer | undefined }): Tensor;
  };
  diagonal_copy: {
    (self: Tensor, offset?: Integer, dim1?: Integer, dim2?: Integer): Tensor;
    out(self: Tensor, offset: Integer | undefined, dim1: Integer | undefined, dim2: Integer | undefined, options: { offset?: Integer | undefined; dim1?: Integer | undefined; dim2?: Integer | undefined; out: Tensor }): Tensor;
  };
  diagonal_scatter: {
    (self: Tensor, src: Tensor, offset?: Integer, dim1?: Integer, dim2?: Integer): Tensor;
    out(self: Tensor, src: Tensor, offset: Integer | undefined, dim1: Integer | undefined, dim2: Integer | undefined, options: { offset?: Integer | undefined; dim1?: Integer | undefined; dim2?: Integer | undefined; out: Tensor }): Tensor;
  };
  diff: {
    (self: Tensor, n?: Integer, dim?: Integer, prepend?: Tensor | null, append?: Tensor | null): Tensor;
    out(self: Tensor, n: Integer | undefined, dim: Integer | undefined, prepend: Tensor | null | undefined, append: Tensor | null | undefined, options: { n?: Integer | undefined; dim?: Integer | undefined; prepend?: Tensor | null | undefined; append?: Tensor | null | undefined; out: Tensor }): Tensor;
  };
  digamma: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  digamma_(self: Tensor): Tensor;
  dist: {
    (self: Tensor, other: Tensor, p?: Scalar): Tensor;
    out(self: Tensor, other: Tensor, p: Scalar | undefined, options: { p?: Scalar | undefined; out: Tensor }): Tensor;
  };
  div: {
    Scalar(self: Tensor, other: Scalar): Tensor;
    Scalar_mode(self: Tensor, other: Scalar, options?: { rounding_mode?: string | null | undefined }): Tensor;
    Scalar_mode_out(self: Tensor, other: Scalar, options: { rounding_mode?: string | null | undefined; out: Tensor }): Tensor;
    Scalar_out(self: Tensor, other: Scalar, options: { out: Tensor }): Tensor;
    Tensor(self: Tensor, other: Tensor): Tensor;
    Tensor_mode(self: Tensor, other: Tensor, options?: { rounding_mode?: string | null | undefined }): Tensor;
    out(self: Tensor, other: Tensor, options: { out: Tensor }): Tensor;
    out_mode(self: Tensor, other: Tensor, options: { rounding_mode?: string | null | undefined; out: Tensor }): Tensor;
  };
  div_: {
    Scalar(self: Tensor, other: Scalar): Tensor;
    Scalar_mode(self: Tensor, other: Scalar, options?: { rounding_mode?: string | null | undefined }): Tensor;
    Tensor(self: Tensor, other: Tensor): Tensor;
    Tensor_mode(self: Tensor, other: Tensor, options?: { rounding_mode?: string | null | undefined }): Tensor;
  };
  divide: {
    Scalar(self: Tensor, other: Scalar): Tensor;
    Scalar_mode(self: Tensor, other: Scalar, options?: { rounding_mode?: string | null | undefined }): Tensor;
    Tensor(self: Tensor, other: Tensor): Tensor;
    Tensor_mode(self: Tensor, other: Tensor, options?: { rounding_mode?: string | null | undefined }): Tensor;
    out(self: Tensor, other: Tensor, options: { out: Tensor }): Tensor;
    out_mode(self: Tensor, other: Tensor, options: { rounding_mode?: string | null | undefined; out: Tensor }): Tensor;
  };
  divide_: {
    Scalar(self: Tensor, other: Scalar): Tensor;
    Scalar_mode(self: Tensor, other: Scalar, options?: { rounding_mode?: string | null | undefined }): Tensor;
    Tensor(self: Tensor, other: Tensor): Tensor;
    Tensor_mode(self: Tensor, other: Tensor, options?: { rounding_mode?: string | null | undefined }): Tensor;
  };
  dot: {
    (self: Tensor, tensor: Tensor): Tensor;
    out(self: Tensor, tensor: Tensor, options: { out: Tensor }): Tensor;
  };
  dropout(input: Tensor, p: number, train: boolean): Tensor;
  dropout_(self: Tensor, p: number, train: boolean): Tensor;
  dsplit: {
    array(self: Tensor, indices: readonly Integer[]): Tensor[];
    int(self: Tensor, sections: Integer): Tensor[];
  };
  dstack: {
    (tensors: readonly Tensor[]): Tensor;
    out(tensors: readonly Tensor[], options: { out: Tensor }): Tensor;
  };
  einsum(equation: string, tensors: readonly Tensor[], options?: { path?: readonly Integer[] | null | undefined }): Tensor;
  elu: {
    (self: Tensor, alpha?: Scalar, scale?: Scalar, input_scale?: Scalar): Tensor;
    out(self: Tensor, alpha: Scalar | undefined, scale: Scalar | undefined, input_scale: Scalar | undefined, options: { alpha?: Scalar | undefined; scale?: Scalar | undefined; input_scale?: Scalar | undefined; out: Tensor }): Tensor;
  };
  elu_(self: Tensor, alpha?: Scalar, scale?: Scalar, input_scale?: Scalar): Tensor;
  embedding: {
    (weight: Tensor, indices: Tensor, padding_idx?: Integer, scale_grad_by_freq?: boolean, sparse?: boolean): Tensor;
    out(weight: Tensor, indices: Tensor, padding_idx: Integer | undefined, scale_grad_by_freq: boolean | undefined, sparse: boolean | undefined, options: { padding_idx?: Integer | undefined; scale_grad_by_freq?: boolean | undefined; sparse?: boolean | undefined; out: Tensor }): Tensor;
  };
  embedding_renorm: {
    (self: Tensor, indices: Tensor, max_norm: number, norm_type: number): Tensor;
    out(self: Tensor, indices: Tensor, max_norm: number, norm_type: number, options: { out: Tensor }): Tensor;
  };
  embedding_renorm_(self: Tensor, indices: Tensor, max_norm: number, norm_type: number): Tensor;
  empty: {
    memory_format(size: readonly Integer[], options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined; memory_format?: MemoryFormat | null | undefined }): Tensor;
    names(size: readonly Integer[], options?: { names?: readonly string[] | null | undefined; dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined; memory_format?: MemoryFormat | null | undefined }): Tensor;
    names_out(size: readonly Integer[], options: { names?: readonly string[] | null | undefined; memory_format?: MemoryFormat | null | undefined; out: Tensor }): Tensor;
    out(size: readonly Integer[], options: { memory_format?: MemoryFormat | null | undefined; out: Tensor }): Tensor;
  };
  empty_like: {
    (self: Tensor, options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined; memory_format?: MemoryFormat | null | undefined }): Tensor;
    out(self: Tensor, options: { memory_format?: MemoryFormat | null | undefined; out: Tensor }): Tensor;
  };
  empty_permuted: {
    (size: readonly Integer[], physical_layout: readonly Integer[], options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
    out(size: readonly Integer[], physical_layout: readonly Integer[], options: { out: Tensor }): Tensor;
  };
  empty_quantized: {
    (size: readonly Integer[], qtensor: Tensor, options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined; memory_format?: MemoryFormat | null | undefined }): Tensor;
    out(size: readonly Integer[], qtensor: Tensor, options: { memory_format?: MemoryFormat | null | undefined; out: Tensor }): Tensor;
  };
  empty_strided: {
    (size: readonly Integer[], stride: readonly Integer[], options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
    out(size: readonly Integer[], stride: readonly Integer[], options: { out: Tensor }): Tensor;
  };
  eq: {
    Scalar(self: Tensor, other: Scalar): Tensor;
    Scalar_out(self: Tensor, other: Scalar, options: { out: Tensor }): Tensor;
    Tensor(self: Tensor, other: Tensor): Tensor;
    Tensor_out(self: Tensor, other: Tensor, options: { out: Tensor }): Tensor;
  };
  eq_: {
    Scalar(self: Tensor, other: Scalar): Tensor;
    Tensor(self: Tensor, other: Tensor): Tensor;
  };
  equal(self: Tensor, other: Tensor): boolean;
  erf: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  erf_(self: Tensor): Tensor;
  erfc: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  erfc_(self: Tensor): Tensor;
  erfinv: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  erfinv_(self: Tensor): Tensor;
  exp: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  exp2: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  exp2_(self: Tensor): Tensor;
  exp_(self: Tensor): Tensor;
  expand(self: Tensor, size: readonly Integer[], options?: { implicit?: boolean | undefined }): Tensor;
  expand_as(self: Tensor, other: Tensor): Tensor;
  expand_copy: {
    (self: Tensor, size: readonly Integer[], options?: { implicit?: boolean | undefined }): Tensor;
    out(self: Tensor, size: readonly Integer[], options: { implicit?: boolean | undefined; out: Tensor }): Tensor;
  };
  expm1: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  expm1_(self: Tensor): Tensor;
  exponential: {
    (self: Tensor, lambd?: number, options?: { lambd?: number | undefined; generator?: Generator | null | undefined }): Tensor;
    out(self: Tensor, lambd: number | undefined, options: { lambd?: number | undefined; generator?: Generator | null | undefined; out: Tensor }): Tensor;
  };
  exponential_(self: Tensor, lambd?: number, options?: { lambd?: number | undefined; generator?: Generator | null | undefined }): Tensor;
  eye: {
    (n: Integer, options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
    m(n: Integer, m: Integer, options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
    m_out(n: Integer, m: Integer, options: { out: Tensor }): Tensor;
    out(n: Integer, options: { out: Tensor }): Tensor;
  };
  fake_quantize_per_channel_affine(self: Tensor, scale: Tensor, zero_point: Tensor, axis: Integer, quant_min: Integer, quant_max: Integer): Tensor;
  fake_quantize_per_channel_affine_cachemask: {
    (self: Tensor, scale: Tensor, zero_point: Tensor, axis: Integer, quant_min: Integer, quant_max: Integer): [Tensor, Tensor];
    out(self: Tensor, scale: Tensor, zero_point: Tensor, axis: Integer, quant_min: Integer, quant_max: Integer, options: { out0: Tensor; out1: Tensor }): [Tensor, Tensor];
  };
  fake_quantize_per_tensor_affine: {
    (self: Tensor, scale: number, zero_point: Integer, quant_min: Integer, quant_max: Integer): Tensor;
    tensor_qparams(self: Tensor, scale: Tensor, zero_point: Tensor, quant_min: Integer, quant_max: Integer): Tensor;
  };
  fake_quantize_per_tensor_affine_cachemask: {
    (self: Tensor, scale: number, zero_point: Integer, quant_min: Integer, quant_max: Integer): [Tensor, Tensor];
    out(self: Tensor, scale: number, zero_point: Integer, quant_min: Integer, quant_max: Integer, options: { out0: Tensor; out1: Tensor }): [Tensor, Tensor];
  };
  fbgemm_linear_fp16_weight: {
    (input: Tensor, packed_weight: Tensor, bias: Tensor): Tensor;
    out(input: Tensor, packed_weight: Tensor, bias: Tensor, output: Tensor): Tensor;
  };
  fbgemm_linear_fp16_weight_fp32_activation: {
    (input: Tensor, packed_weight: Tensor, bias?: Tensor | null): Tensor;
    out(input: Tensor, packed_weight: Tensor, bias: Tensor | null, output: Tensor): Tensor;
  };
  fbgemm_linear_int8_weight(input: Tensor, weight: Tensor, packed: Tensor, col_offsets: Tensor, weight_scale: Scalar, weight_zero_point: Scalar, bias: Tensor): Tensor;
  fbgemm_linear_int8_weight_fp32_activation(input: Tensor, weight: Tensor, packed: Tensor, col_offsets: Tensor, weight_scale: Scalar, weight_zero_point: Scalar, bias: Tensor): Tensor;
  fbgemm_linear_quantize_weight(input: Tensor): [Tensor, Tensor, number, number];
  fbgemm_pack_gemm_matrix_fp16(input: Tensor): Tensor;
  fbgemm_pack_quantized_matrix: {
    (input: Tensor): Tensor;
    KN(input: Tensor, K: Integer, N: Integer): Tensor;
  };
  feature_alpha_dropout(input: Tensor, p: number, train: boolean): Tensor;
  feature_alpha_dropout_(self: Tensor, p: number, train: boolean): Tensor;
  feature_dropout(input: Tensor, p: number, train: boolean): Tensor;
  feature_dropout_(self: Tensor, p: number, train: boolean): Tensor;
  fft_fft: {
    (self: Tensor, n?: Integer | null, dim?: Integer, norm?: string | null): Tensor;
    out(self: Tensor, n: Integer | null | undefined, dim: Integer | undefined, norm: string | null | undefined, options: { n?: Integer | null | undefined; dim?: Integer | undefined; norm?: string | null | undefined; out: Tensor }): Tensor;
  };
  fft_fft2: {
    (self: Tensor, s?: readonly Integer[] | Integer | null, dim?: readonly Integer[] | Integer, norm?: string | null): Tensor;
    out(self: Tensor, s: readonly Integer[] | Integer | null | undefined, dim: readonly Integer[] | Integer | undefined, norm: string | null | undefined, options: { s?: readonly Integer[] | Integer | null | undefined; dim?: readonly Integer[] | Integer | undefined; norm?: string | null | undefined; out: Tensor }): Tensor;
  };
  fft_fftfreq: {
    (n: Integer, d?: number, options?: { d?: number | undefined; dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
    out(n: Integer, d: number | undefined, options: { d?: number | undefined; out: Tensor }): Tensor;
  };
  fft_fftn: {
    (self: Tensor, s?: readonly Integer[] | Integer | null, dim?: readonly Integer[] | Integer | null, norm?: string | null): Tensor;
    out(self: Tensor, s: readonly Integer[] | Integer | null | undefined, dim: readonly Integer[] | Integer | null | undefined, norm: string | null | undefined, options: { s?: readonly Integer[] | Integer | null | undefined; dim?: readonly Integer[] | Integer | null | undefined; norm?: string | null | undefined; out: Tensor }): Tensor;
  };
  fft_fftshift(self: Tensor, dim?: readonly Integer[] | Integer | null): Tensor;
  fft_hfft: {
    (self: Tensor, n?: Integer | null, dim?: Integer, norm?: string | null): Tensor;
    out(self: Tensor, n: Integer | null | undefined, dim: Integer | undefined, norm: string | null | undefined, options: { n?: Integer | null | undefined; dim?: Integer | undefined; norm?: string | null | undefined; out: Tensor }): Tensor;
  };
  fft_hfft2: {
    (self: Tensor, s?: readonly Integer[] | Integer | null, dim?: readonly Integer[] | Integer, norm?: string | null): Tensor;
    out(self: Tensor, s: readonly Integer[] | Integer | null | undefined, dim: readonly Integer[] | Integer | undefined, norm: string | null | undefined, options: { s?: readonly Integer[] | Integer | null | undefined; dim?: readonly Integer[] | Integer | undefined; norm?: string | null | undefined; out: Tensor }): Tensor;
  };
  fft_hfftn: {
    (self: Tensor, s?: readonly Integer[] | Integer | null, dim?: readonly Integer[] | Integer | null, norm?: string | null): Tensor;
    out(self: Tensor, s: readonly Integer[] | Integer | null | undefined, dim: readonly Integer[] | Integer | null | undefined, norm: string | null | undefined, options: { s?: readonly Integer[] | Integer | null | undefined; dim?: readonly Integer[] | Integer | null | undefined; norm?: string | null | undefined; out: Tensor }): Tensor;
  };
  fft_ifft: {
    (self: Tensor, n?: Integer | null, dim?: Integer, norm?: string | null): Tensor;
    out(self: Tensor, n: Integer | null | undefined, dim: Integer | undefined, norm: string | null | undefined, options: { n?: Integer | null | undefined; dim?: Integer | undefined; norm?: string | null | undefined; out: Tensor }): Tensor;
  };
  fft_ifft2: {
    (self: Tensor, s?: readonly Integer[] | Integer | null, dim?: readonly Integer[] | Integer, norm?: string | null): Tensor;
    out(self: Tensor, s: readonly Integer[] | Integer | null | undefined, dim: readonly Integer[] | Integer | undefined, norm: string | null | undefined, options: { s?: readonly Integer[] | Integer | null | undefined; dim?: readonly Integer[] | Integer | undefined; norm?: string | null | undefined; out: Tensor }): Tensor;
  };
  fft_ifftn: {
    (self: Tensor, s?: readonly Integer[] | Integer | null, dim?: readonly Integer[] | Integer | null, norm?: string | null): Tensor;
    out(self: Tensor, s: readonly Integer[] | Integer | null | undefined, dim: readonly Integer[] | Integer | null | undefined, norm: string | null | undefined, options: { s?: readonly Integer[] | Integer | null | undefined; dim?: readonly Integer[] | Integer | null | undefined; norm?: string | null | undefined; out: Tensor }): Tensor;
  };
  fft_ifftshift(self: Tensor, dim?: readonly Integer[] | Integer | null): Tensor;
  fft_ihfft: {
    (self: Tensor, n?: Integer | null, dim?: Integer, norm?: string | null): Tensor;
    out(self: Tensor, n: Integer | null | undefined, dim: Integer | undefined, norm: string | null | undefined, options: { n?: Integer | null | undefined; dim?: Integer | undefined; norm?: string | null | undefined; out: Tensor }): Tensor;
  };
  fft_ihfft2: {
    (self: Tensor, s?: readonly Integer[] | Integer | null, dim?: readonly Integer[] | Integer, norm?: string | null): Tensor;
    out(self: Tensor, s: readonly Integer[] | Integer | null | undefined, dim: readonly Integer[] | Integer | undefined, norm: string | null | undefined, options: { s?: readonly Integer[] | Integer | null | undefined; dim?: readonly Integer[] | Integer | undefined; norm?: string | null | undefined; out: Tensor }): Tensor;
  };
  fft_ihfftn: {
    (self: Tensor, s?: readonly Integer[] | Integer | null, dim?: readonly Integer[] | Integer | null, norm?: string | null): Tensor;
    out(self: Tensor, s: readonly Integer[] | Integer | null | undefined, dim: readonly Integer[] | Integer | null | undefined, norm: string | null | undefined, options: { s?: readonly Integer[] | Integer | null | undefined; dim?: readonly Integer[] | Integer | null | undefined; norm?: string | null | undefined; out: Tensor }): Tensor;
  };
  fft_irfft: {
    (self: Tensor, n?: Integer | null, dim?: Integer, norm?: string | null): Tensor;
    out(self: Tensor, n: Integer | null | undefined, dim: Integer | undefined, norm: string | null | undefined, options: { n?: Integer | null | undefined; dim?: Integer | undefined; norm?: string | null | undefined; out: Tensor }): Tensor;
  };
  fft_irfft2: {
    (self: Tensor, s?: readonly Integer[] | Integer | null, dim?: readonly Integer[] | Integer, norm?: string | null): Tensor;
    out(self: Tensor, s: readonly Integer[] | Integer | null | undefined, dim: readonly Integer[] | Integer | undefined, norm: string | null | undefined, options: { s?: readonly Integer[] | Integer | null | undefined; dim?: readonly Integer[] | Integer | undefined; norm?: string | null | undefined; out: Tensor }): Tensor;
  };
  fft_irfftn: {
    (self: Tensor, s?: readonly Integer[] | Integer | null, dim?: readonly Integer[] | Integer | null, norm?: string | null): Tensor;
    out(self: Tensor, s: readonly Integer[] | Integer | null | undefined, dim: readonly Integer[] | Integer | null | undefined, norm: string | null | undefined, options: { s?: readonly Integer[] | Integer | null | undefined; dim?: readonly Integer[] | Integer | null | undefined; norm?: string | null | undefined; out: Tensor }): Tensor;
  };
  fft_rfft: {
    (self: Tensor, n?: Integer | null, dim?: Integer, norm?: string | null): Tensor;
    out(self: Tensor, n: Integer | null | undefined, dim: Integer | undefined, norm: string | null | undefined, options: { n?: Integer | null | undefined; dim?: Integer | undefined; norm?: string | null | undefined; out: Tensor }): Tensor;
  };
  fft_rfft2: {
    (self: Tensor, s?: readonly Integer[] | Integer | null, dim?: readonly Integer[] | Integer, norm?: string | null): Tensor;
    out(self: Tensor, s: readonly Integer[] | Integer | null | undefined, dim: readonly Integer[] | Integer | undefined, norm: string | null | undefined, options: { s?: readonly Integer[] | Integer | null | undefined; dim?: readonly Integer[] | Integer | undefined; norm?: string | null | undefined; out: Tensor }): Tensor;
  };
  fft_rfftfreq: {
    (n: Integer, d?: number, options?: { d?: number | undefined; dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
    out(n: Integer, d: number | undefined, options: { d?: number | undefined; out: Tensor }): Tensor;
  };
  fft_rfftn: {
    (self: Tensor, s?: readonly Integer[] | Integer | null, dim?: readonly Integer[] | Integer | null, norm?: string | null): Tensor;
    out(self: Tensor, s: readonly Integer[] | Integer | null | undefined, dim: readonly Integer[] | Integer | null | undefined, norm: string | null | undefined, options: { s?: readonly Integer[] | Integer | null | undefined; dim?: readonly Integer[] | Integer | null | undefined; norm?: string | null | undefined; out: Tensor }): Tensor;
  };
  fill: {
    Scalar(self: Tensor, value: Scalar): Tensor;
    Scalar_out(self: Tensor, value: Scalar, options: { out: Tensor }): Tensor;
    Tensor(self: Tensor, value: Tensor): Tensor;
    Tensor_out(self: Tensor, value: Tensor, options: { out: Tensor }): Tensor;
  };
  fill_: {
    Scalar(self: Tensor, value: Scalar): Tensor;
    Tensor(self: Tensor, value: Tensor): Tensor;
  };
  fill_diagonal_(self: Tensor, fill_value: Scalar, wrap?: boolean): Tensor;
  fix: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  fix_(self: Tensor): Tensor;
  flatten: {
    DimnameList(self: Tensor, dims: readonly string[], out_dim: string): Tensor;
    named_out_dim(self: Tensor, start_dim: Integer, end_dim: Integer, out_dim: string): Tensor;
    using_ints(self: Tensor, start_dim?: Integer, end_dim?: Integer): Tensor;
    using_names(self: Tensor, start_dim: string, end_dim: string, out_dim: string): Tensor;
  };
  flatten_dense_tensors(tensors: readonly Tensor[]): Tensor;
  flip: {
    (self: Tensor, dims: readonly Integer[]): Tensor;
    out(self: Tensor, dims: readonly Integer[], options: { out: Tensor }): Tensor;
  };
  fliplr(self: Tensor): Tensor;
  flipud(self: Tensor): Tensor;
  float_power: {
    Scalar(self: Scalar, exponent: Tensor): Tensor;
    Scalar_out(self: Scalar, exponent: Tensor, options: { out: Tensor }): Tensor;
    Tensor_Scalar(self: Tensor, exponent: Scalar): Tensor;
    Tensor_Scalar_out(self: Tensor, exponent: Scalar, options: { out: Tensor }): Tensor;
    Tensor_Tensor(self: Tensor, exponent: Tensor): Tensor;
    Tensor_Tensor_out(self: Tensor, exponent: Tensor, options: { out: Tensor }): Tensor;
  };
  float_power_: {
    Scalar(self: Tensor, exponent: Scalar): Tensor;
    Tensor(self: Tensor, exponent: Tensor): Tensor;
  };
  floor: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  floor_(self: Tensor): Tensor;
  floor_divide: {
    (self: Tensor, other: Tensor): Tensor;
    Scalar(self: Tensor, other: Scalar): Tensor;
    Scalar_out(self: Tensor, other: Scalar, options: { out: Tensor }): Tensor;
    out(self: Tensor, other: Tensor, options: { out: Tensor }): Tensor;
  };
  floor_divide_: {
    Scalar(self: Tensor, other: Scalar): Tensor;
    Tensor(self: Tensor, other: Tensor): Tensor;
  };
  fmax: {
    (self: Tensor, other: Tensor): Tensor;
    out(self: Tensor, other: Tensor, options: { out: Tensor }): Tensor;
  };
  fmin: {
    (self: Tensor, other: Tensor): Tensor;
    out(self: Tensor, other: Tensor, options: { out: Tensor }): Tensor;
  };
  fmod: {
    Scalar(self: Tensor, other: Scalar): Tensor;
    Scalar_out(self: Tensor, other: Scalar, options: { out: Tensor }): Tensor;
    Tensor(self: Tensor, other: Tensor): Tensor;
    Tensor_out(self: Tensor, other: Tensor, options: { out: Tensor }): Tensor;
  };
  fmod_: {
    Scalar(self: Tensor, other: Scalar): Tensor;
    Tensor(self: Tensor, other: Tensor): Tensor;
  };
  frac: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  frac_(self: Tensor): Tensor;
  fractional_max_pool2d: {
    (self: Tensor, kernel_size: readonly Integer[] | Integer, output_size: readonly Integer[] | Integer, random_samples: Tensor): [Tensor, Tensor];
    output(self: Tensor, kernel_size: readonly Integer[] | Integer, output_size: readonly Integer[] | Integer, random_samples: Tensor, options: { output: Tensor; indices: Tensor }): [Tensor, Tensor];
  };
  fractional_max_pool3d: {
    (self: Tensor, kernel_size: readonly Integer[] | Integer, output_size: readonly Integer[] | Integer, random_samples: Tensor): [Tensor, Tensor];
    output(self: Tensor, kernel_size: readonly Integer[] | Integer, output_size: readonly Integer[] | Integer, random_samples: Tensor, options: { output: Tensor; indices: Tensor }): [Tensor, Tensor];
  };
  frexp: {
    Tensor(self: Tensor): [Tensor, Tensor];
    Tensor_out(self: Tensor, options: { mantissa: Tensor; exponent: Tensor }): [Tensor, Tensor];
  };
  frobenius_norm: {
    dim(self: Tensor, dim: readonly Integer[] | Integer, keepdim?: boolean): Tensor;
    out(self: Tensor, dim: readonly Integer[] | Integer, keepdim: boolean | undefined, options: { keepdim?: boolean | undefined; out: Tensor }): Tensor;
  };
  from_file: {
    (filename: string, shared?: boolean | null, size?: Integer | null, options?: { shared?: boolean | null | undefined; size?: Integer | null | undefined; dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
    out(filename: string, shared: boolean | null | undefined, size: Integer | null | undefined, options: { shared?: boolean | null | undefined; size?: Integer | null | undefined; out: Tensor }): Tensor;
  };
  full: {
    (size: readonly Integer[], fill_value: Scalar, options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
    names(size: readonly Integer[], fill_value: Scalar, options?: { names?: readonly string[] | null | undefined; dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
    names_out(size: readonly Integer[], fill_value: Scalar, options: { names?: readonly string[] | null | undefined; out: Tensor }): Tensor;
    out(size: readonly Integer[], fill_value: Scalar, options: { out: Tensor }): Tensor;
  };
  full_like: {
    (self: Tensor, fill_value: Scalar, options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined; memory_format?: MemoryFormat | null | undefined }): Tensor;
    out(self: Tensor, fill_value: Scalar, options: { memory_format?: MemoryFormat | null | undefined; out: Tensor }): Tensor;
  };
  gather: {
    (self: Tensor, dim: Integer, index: Tensor, options?: { sparse_grad?: boolean | undefined }): Tensor;
    dimname(self: Tensor, dim: string, index: Tensor, options?: { sparse_grad?: boolean | undefined }): Tensor;
    dimname_out(self: Tensor, dim: string, index: Tensor, options: { sparse_grad?: boolean | undefined; out: Tensor }): Tensor;
    out(self: Tensor, dim: Integer, index: Tensor, options: { sparse_grad?: boolean | undefined; out: Tensor }): Tensor;
  };
  gcd: {
    (self: Tensor, other: Tensor): Tensor;
    out(self: Tensor, other: Tensor, options: { out: Tensor }): Tensor;
  };
  gcd_(self: Tensor, other: Tensor): Tensor;
  ge: {
    Scalar(self: Tensor, other: Scalar): Tensor;
    Scalar_out(self: Tensor, other: Scalar, options: { out: Tensor }): Tensor;
    Tensor(self: Tensor, other: Tensor): Tensor;
    Tensor_out(self: Tensor, other: Tensor, options: { out: Tensor }): Tensor;
  };
  ge_: {
    Scalar(self: Tensor, other: Scalar): Tensor;
    Tensor(self: Tensor, other: Tensor): Tensor;
  };
  gelu: {
    (self: Tensor, options?: { approximate?: string | undefined }): Tensor;
    out(self: Tensor, options: { approximate?: string | undefined; out: Tensor }): Tensor;
  };
  gelu_(self: Tensor, options?: { approximate?: string | undefined }): Tensor;
  geometric: {
    (self: Tensor, p: number, options?: { generator?: Generator | null | undefined }): Tensor;
    out(self: Tensor, p: number, options: { generator?: Generator | null | undefined; out: Tensor }): Tensor;
  };
  geometric_(self: Tensor, p: number, options?: { generator?: Generator | null | undefined }): Tensor;
  geqrf: {
    (self: Tensor): [Tensor, Tensor];
    a(self: Tensor, options: { a: Tensor; tau: Tensor }): [Tensor, Tensor];
  };
  ger: {
    (self: Tensor, vec2: Tensor): Tensor;
    out(self: Tensor, vec2: Tensor, options: { out: Tensor }): Tensor;
  };
  glu: {
    (self: Tensor, dim?: Integer): Tensor;
    out(self: Tensor, dim: Integer | undefined, options: { dim?: Integer | undefined; out: Tensor }): Tensor;
  };
  glu_backward_jvp: {
    (grad_x: Tensor, grad_glu: Tensor, x: Tensor, dgrad_glu: Tensor, dx: Tensor, dim: Integer): Tensor;
    out(grad_x: Tensor, grad_glu: Tensor, x: Tensor, dgrad_glu: Tensor, dx: Tensor, dim: Integer, options: { out: Tensor }): Tensor;
  };
  glu_jvp: {
    (glu: Tensor, x: Tensor, dx: Tensor, dim: Integer): Tensor;
    out(glu: Tensor, x: Tensor, dx: Tensor, dim: Integer, options: { out: Tensor }): Tensor;
  };
  gradient: {
    array(self: Tensor, options: { dim: readonly Integer[]; edge_order?: Integer | undefined }): Tensor[];
    scalararray(self: Tensor, options: { spacing: Scalar; dim: readonly Integer[]; edge_order?: Integer | undefined }): Tensor[];
    scalarint(self: Tensor, options?: { spacing?: Scalar | null | undefined; dim?: Integer | null | undefined; edge_order?: Integer | undefined }): Tensor[];
    scalarrayarray(self: Tensor, options: { spacing: readonly Scalar[]; dim: readonly Integer[]; edge_order?: Integer | undefined }): Tensor[];
    scalarrayint(self: Tensor, options: { spacing: readonly Scalar[]; dim?: Integer | null | undefined; edge_order?: Integer | undefined }): Tensor[];
    tensorarray(self: Tensor, options: { spacing: readonly Tensor[]; dim: readonly Integer[]; edge_order?: Integer | undefined }): Tensor[];
    tensorarrayint(self: Tensor, options: { spacing: readonly Tensor[]; dim?: Integer | null | undefined; edge_order?: Integer | undefined }): Tensor[];
  };
  greater: {
    Scalar(self: Tensor, other: Scalar): Tensor;
    Scalar_out(self: Tensor, other: Scalar, options: { out: Tensor }): Tensor;
    Tensor(self: Tensor, other: Tensor): Tensor;
    Tensor_out(self: Tensor, other: Tensor, options: { out: Tensor }): Tensor;
  };
  greater_: {
    Scalar(self: Tensor, other: Scalar): Tensor;
    Tensor(self: Tensor, other: Tensor): Tensor;
  };
  greater_equal: {
    Scalar(self: Tensor, other: Scalar): Tensor;
    Scalar_out(self: Tensor, other: Scalar, options: { out: Tensor }): Tensor;
    Tensor(self: Tensor, other: Tensor): Tensor;
    Tensor_out(self: Tensor, other: Tensor, options: { out: Tensor }): Tensor;
  };
  greater_equal_: {
    Scalar(self: Tensor, other: Scalar): Tensor;
    Tensor(self: Tensor, other: Tensor): Tensor;
  };
  grid_sampler(input: Tensor, grid: Tensor, interpolation_mode: Integer, padding_mode: Integer, align_corners: boolean): Tensor;
  grid_sampler_2d: {
    (input: Tensor, grid: Tensor, interpolation_mode: Integer, padding_mode: Integer, align_corners: boolean): Tensor;
    out(input: Tensor, grid: Tensor, interpolation_mode: Integer, padding_mode: Integer, align_corners: boolean, options: { out: Tensor }): Tensor;
  };
  grid_sampler_3d: {
    (input: Tensor, grid: Tensor, interpolation_mode: Integer, padding_mode: Integer, align_corners: boolean): Tensor;
    out(input: Tensor, grid: Tensor, interpolation_mode: Integer, padding_mode: Integer, align_corners: boolean, options: { out: Tensor }): Tensor;
  };
  group_norm(input: Tensor, num_groups: Integer, weight?: Tensor | null, bias?: Tensor | null, eps?: number, cudnn_enabled?: boolean): Tensor;
  gru: {
    data(data: Tensor, batch_sizes: Tensor, hx: Tensor, params: readonly Tensor[], has_biases: boolean, num_layers: Integer, dropout: number, train: boolean, bidirectional: boolean): [Tensor, Tensor];
    input(input: Tensor, hx: Tensor, params: readonly Tensor[], has_biases: boolean, num_layers: Integer, dropout: number, train: boolean, bidirectional: boolean, batch_first: boolean): [Tensor, Tensor];
  };
  gru_cell(input: Tensor, hx: Tensor, w_ih: Tensor, w_hh: Tensor, b_ih?: Tensor | null, b_hh?: Tensor | null): Tensor;
  gt: {
    Scalar(self: Tensor, other: Scalar): Tensor;
    Scalar_out(self: Tensor, other: Scalar, options: { out: Tensor }): Tensor;
    Tensor(self: Tensor, other: Tensor): Tensor;
    Tensor_out(self: Tensor, other: Tensor, options: { out: Tensor }): Tensor;
  };
  gt_: {
    Scalar(self: Tensor, other: Scalar): Tensor;
    Tensor(self: Tensor, other: Tensor): Tensor;
  };
  hann_window: {
    (window_length: Integer, options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
    out(window_length: Integer, options: { out: Tensor }): Tensor;
    periodic(window_length: Integer, periodic: boolean, options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
    periodic_out(window_length: Integer, periodic: boolean, options: { out: Tensor }): Tensor;
  };
  hardshrink: {
    (self: Tensor, lambd?: Scalar): Tensor;
    out(self: Tensor, lambd: Scalar | undefined, options: { lambd?: Scalar | undefined; out: Tensor }): Tensor;
  };
  hardsigmoid: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  hardsigmoid_(self: Tensor): Tensor;
  hardswish: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  hardswish_(self: Tensor): Tensor;
  hardtanh: {
    (self: Tensor, min_val?: Scalar, max_val?: Scalar): Tensor;
    out(self: Tensor, min_val: Scalar | undefined, max_val: Scalar | undefined, options: { min_val?: Scalar | undefined; max_val?: Scalar | undefined; out: Tensor }): Tensor;
  };
  hardtanh_(self: Tensor, min_val?: Scalar, max_val?: Scalar): Tensor;
  hash_tensor: {
    (self: Tensor, dim?: readonly Integer[] | Integer, options?: { dim?: readonly Integer[] | Integer | undefined; keepdim?: boolean | undefined; mode?: Integer | undefined }): Tensor;
    out(self: Tensor, dim: readonly Integer[] | Integer | undefined, options: { dim?: readonly Integer[] | Integer | undefined; keepdim?: boolean | undefined; mode?: Integer | undefined; out: Tensor }): Tensor;
  };
  heaviside: {
    (self: Tensor, values: Tensor): Tensor;
    out(self: Tensor, values: Tensor, options: { out: Tensor }): Tensor;
  };
  heaviside_(self: Tensor, values: Tensor): Tensor;
  hinge_embedding_loss(self: Tensor, target: Tensor, margin?: number, reduction?: Integer): Tensor;
  histc: {
    (self: Tensor, bins?: Integer, min?: Scalar, max?: Scalar): Tensor;
    out(self: Tensor, bins: Integer | undefined, min: Scalar | undefined, max: Scalar | undefined, options: { bins?: Integer | undefined; min?: Scalar | undefined; max?: Scalar | undefined; out: Tensor }): Tensor;
  };
  histogram: {
    bin_ct(self: Tensor, bins?: Integer, options?: { bins?: Integer | undefined; range?: readonly number[] | null | undefined; weight?: Tensor | null | undefined; density?: boolean | undefined }): [Tensor, Tensor];
    bin_ct_out(self: Tensor, bins: Integer | undefined, options: { bins?: Integer | undefined; range?: readonly number[] | null | undefined; weight?: Tensor | null | undefined; density?: boolean | undefined; hist: Tensor; bin_edges: Tensor }): [Tensor, Tensor];
    bins_tensor(self: Tensor, bins: Tensor, options?: { weight?: Tensor | null | undefined; density?: boolean | undefined }): [Tensor, Tensor];
    bins_tensor_out(self: Tensor, bins: Tensor, options: { weight?: Tensor | null | undefined; density?: boolean | undefined; hist: Tensor; bin_edges: Tensor }): [Tensor, Tensor];
  };
  histogramdd: {
    (self: Tensor, bins: readonly Integer[], range?: readonly number[] | null, weight?: Tensor | null, density?: boolean): [Tensor, Tensor[]];
    TensorList_bins(self: Tensor, bins: readonly Tensor[], range?: readonly number[] | null, weight?: Tensor | null, density?: boolean): [Tensor, Tensor[]];
    int_bins(self: Tensor, bins: Integer, range?: readonly number[] | null, weight?: Tensor | null, density?: boolean): [Tensor, Tensor[]];
  };
  hsplit: {
    array(self: Tensor, indices: readonly Integer[]): Tensor[];
    int(self: Tensor, sections: Integer): Tensor[];
  };
  hspmm: {
    (mat1: Tensor, mat2: Tensor): Tensor;
    out(mat1: Tensor, mat2: Tensor, options: { out: Tensor }): Tensor;
  };
  hstack: {
    (tensors: readonly Tensor[]): Tensor;
    out(tensors: readonly Tensor[], options: { out: Tensor }): Tensor;
  };
  huber_loss: {
    (self: Tensor, target: Tensor, reduction?: Integer, delta?: number): Tensor;
    out(self: Tensor, target: Tensor, reduction: Integer | undefined, delta: number | undefined, options: { reduction?: Integer | undefined; delta?: number | undefined; out: Tensor }): Tensor;
  };
  hypot: {
    (self: Tensor, other: Tensor): Tensor;
    out(self: Tensor, other: Tensor, options: { out: Tensor }): Tensor;
  };
  hypot_(self: Tensor, other: Tensor): Tensor;
  i0: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  i0_(self: Tensor): Tensor;
  igamma: {
    (self: Tensor, other: Tensor): Tensor;
    out(self: Tensor, other: Tensor, options: { out: Tensor }): Tensor;
  };
  igamma_(self: Tensor, other: Tensor): Tensor;
  igammac: {
    (self: Tensor, other: Tensor): Tensor;
    out(self: Tensor, other: Tensor, options: { out: Tensor }): Tensor;
  };
  igammac_(self: Tensor, other: Tensor): Tensor;
  im2col: {
    (self: Tensor, kernel_size: readonly Integer[] | Integer, dilation: readonly Integer[] | Integer, padding: readonly Integer[] | Integer, stride: readonly Integer[] | Integer): Tensor;
    out(self: Tensor, kernel_size: readonly Integer[] | Integer, dilation: readonly Integer[] | Integer, padding: readonly Integer[] | Integer, stride: readonly Integer[] | Integer, options: { out: Tensor }): Tensor;
  };
  imag(self: Tensor): Tensor;
  index: {
    Tensor(self: Tensor, indices: readonly (Tensor | null)[]): Tensor;
    Tensor_out(self: Tensor, indices: readonly (Tensor | null)[], options: { out: Tensor }): Tensor;
  };
  index_add: {
    (self: Tensor, dim: Integer, index: Tensor, source: Tensor, options?: { alpha?: Scalar | undefined }): Tensor;
    dimname(self: Tensor, dim: string, index: Tensor, source: Tensor, options?: { alpha?: Scalar | undefined }): Tensor;
    out(self: Tensor, dim: Integer, index: Tensor, source: Tensor, options: { alpha?: Scalar | undefined; out: Tensor }): Tensor;
  };
  index_add_(self: Tensor, dim: Integer, index: Tensor, source: Tensor, options?: { alpha?: Scalar | undefined }): Tensor;
  index_copy: {
    (self: Tensor, dim: Integer, index: Tensor, source: Tensor): Tensor;
    dimname(self: Tensor, dim: string, index: Tensor, source: Tensor): Tensor;
    out(self: Tensor, dim: Integer, index: Tensor, source: Tensor, options: { out: Tensor }): Tensor;
  };
  index_copy_: {
    (self: Tensor, dim: Integer, index: Tensor, source: Tensor): Tensor;
    dimname(self: Tensor, dim: string, index: Tensor, source: Tensor): Tensor;
  };
  index_fill: {
    Dimname_Scalar(self: Tensor, dim: string, index: Tensor, value: Scalar): Tensor;
    Dimname_Tensor(self: Tensor, dim: string, index: Tensor, value: Tensor): Tensor;
    int_Scalar(self: Tensor, dim: Integer, index: Tensor, value: Scalar): Tensor;
    int_Scalar_out(self: Tensor, dim: Integer, index: Tensor, value: Scalar, options: { out: Tensor }): Tensor;
    int_Tensor(self: Tensor, dim: Integer, index: Tensor, value: Tensor): Tensor;
    int_Tensor_out(self: Tensor, dim: Integer, index: Tensor, value: Tensor, options: { out: Tensor }): Tensor;
  };
  index_fill_: {
    Dimname_Scalar(self: Tensor, dim: string, index: Tensor, value: Scalar): Tensor;
    Dimname_Tensor(self: Tensor, dim: string, index: Tensor, value: Tensor): Tensor;
    int_Scalar(self: Tensor, dim: Integer, index: Tensor, value: Scalar): Tensor;
    int_Tensor(self: Tensor, dim: Integer, index: Tensor, value: Tensor): Tensor;
  };
  index_put: {
    (self: Tensor, indices: readonly (Tensor | null)[], values: Tensor, accumulate?: boolean): Tensor;
    out(self: Tensor, indices: readonly (Tensor | null)[], values: Tensor, accumulate: boolean | undefined, options: { accumulate?: boolean | undefined; out: Tensor }): Tensor;
  };
  index_put_(self: Tensor, indices: readonly (Tensor | null)[], values: Tensor, accumulate?: boolean): Tensor;
  index_reduce: {
    (self: Tensor, dim: Integer, index: Tensor, source: Tensor, reduce: string, options?: { include_self?: boolean | undefined }): Tensor;
    out(self: Tensor, dim: Integer, index: Tensor, source: Tensor, reduce: string, options: { include_self?: boolean | undefined; out: Tensor }): Tensor;
  };
  index_reduce_(self: Tensor, dim: Integer, index: Tensor, source: Tensor, reduce: string, options?: { include_self?: boolean | undefined }): Tensor;
  index_select: {
    (self: Tensor, dim: Integer, index: Tensor): Tensor;
    dimname(self: Tensor, dim: string, index: Tensor): Tensor;
    dimname_out(self: Tensor, dim: string, index: Tensor, options: { out: Tensor }): Tensor;
    out(self: Tensor, dim: Integer, index: Tensor, options: { out: Tensor }): Tensor;
  };
  indices(self: Tensor): Tensor;
  indices_copy: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  inner: {
    (self: Tensor, other: Tensor): Tensor;
    out(self: Tensor, other: Tensor, options: { out: Tensor }): Tensor;
  };
  instance_norm(input: Tensor, weight: Tensor | null, bias: Tensor | null, running_mean: Tensor | null, running_var: Tensor | null, use_input_stats: boolean, momentum: number, eps: number, cudnn_enabled: boolean): Tensor;
  int_repr: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  inverse: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  is_coalesced(self: Tensor): boolean;
  is_complex(self: Tensor): boolean;
  is_conj(self: Tensor): boolean;
  is_distributed(self: Tensor): boolean;
  is_floating_point(self: Tensor): boolean;
  is_inference(self: Tensor): boolean;
  is_leaf(self: Tensor): boolean;
  is_neg(self: Tensor): boolean;
  is_nonzero(self: Tensor): boolean;
  is_pinned(self: Tensor, device?: string | null): boolean;
  is_same_size(self: Tensor, other: Tensor): boolean;
  is_set_to(self: Tensor, tensor: Tensor): boolean;
  is_signed(self: Tensor): boolean;
  is_vulkan_available(): boolean;
  isclose(self: Tensor, other: Tensor, rtol?: number, atol?: number, equal_nan?: boolean): Tensor;
  isfinite(self: Tensor): Tensor;
  isin: {
    Scalar_Tensor(element: Scalar, test_elements: Tensor, options?: { assume_unique?: boolean | undefined; invert?: boolean | undefined }): Tensor;
    Scalar_Tensor_out(element: Scalar, test_elements: Tensor, options: { assume_unique?: boolean | undefined; invert?: boolean | undefined; out: Tensor }): Tensor;
    Tensor_Scalar(elements: Tensor, test_element: Scalar, options?: { assume_unique?: boolean | undefined; invert?: boolean | undefined }): Tensor;
    Tensor_Scalar_out(elements: Tensor, test_element: Scalar, options: { assume_unique?: boolean | undefined; invert?: boolean | undefined; out: Tensor }): Tensor;
    Tensor_Tensor(elements: Tensor, test_elements: Tensor, options?: { assume_unique?: boolean | undefined; invert?: boolean | undefined }): Tensor;
    Tensor_Tensor_out(elements: Tensor, test_elements: Tensor, options: { assume_unique?: boolean | undefined; invert?: boolean | undefined; out: Tensor }): Tensor;
  };
  isinf: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  isnan: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  isneginf: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  isposinf: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  isreal(self: Tensor): Tensor;
  istft(self: Tensor, n_fft: Integer, hop_length?: Integer | null, win_length?: Integer | null, window?: Tensor | null, center?: boolean, normalized?: boolean, onesided?: boolean | null, length?: Integer | null, return_complex?: boolean): Tensor;
  item(self: Tensor): number | boolean;
  kl_div(self: Tensor, target: Tensor, reduction?: Integer, options?: { reduction?: Integer | undefined; log_target?: boolean | undefined }): Tensor;
  kron: {
    (self: Tensor, other: Tensor): Tensor;
    out(self: Tensor, other: Tensor, options: { out: Tensor }): Tensor;
  };
  kthvalue: {
    (self: Tensor, k: Integer, dim?: Integer, keepdim?: boolean): [Tensor, Tensor];
    dimname(self: Tensor, k: Integer, dim: string, keepdim?: boolean): [Tensor, Tensor];
    dimname_out(self: Tensor, k: Integer, dim: string, keepdim: boolean | undefined, options: { keepdim?: boolean | undefined; values: Tensor; indices: Tensor }): [Tensor, Tensor];
    values(self: Tensor, k: Integer, dim: Integer | undefined, keepdim: boolean | undefined, options: { dim?: Integer | undefined; keepdim?: boolean | undefined; values: Tensor; indices: Tensor }): [Tensor, Tensor];
  };
  l1_loss(self: Tensor, target: Tensor, reduction?: Integer): Tensor;
  layer_norm(input: Tensor, normalized_shape: readonly Integer[], weight?: Tensor | null, bias?: Tensor | null, eps?: number, cudnn_enable?: boolean): Tensor;
  lcm_(self: Tensor, other: Tensor): Tensor;
  ldexp: {
    Tensor(self: Tensor, other: Tensor): Tensor;
    out(self: Tensor, other: Tensor, options: { out: Tensor }): Tensor;
  };
  ldexp_(self: Tensor, other: Tensor): Tensor;
  le: {
    Scalar(self: Tensor, other: Scalar): Tensor;
    Scalar_out(self: Tensor, other: Scalar, options: { out: Tensor }): Tensor;
    Tensor(self: Tensor, other: Tensor): Tensor;
    Tensor_out(self: Tensor, other: Tensor, options: { out: Tensor }): Tensor;
  };
  le_: {
    Scalar(self: Tensor, other: Scalar): Tensor;
    Tensor(self: Tensor, other: Tensor): Tensor;
  };
  leaky_relu: {
    (self: Tensor, negative_slope?: Scalar): Tensor;
    out(self: Tensor, negative_slope: Scalar | undefined, options: { negative_slope?: Scalar | undefined; out: Tensor }): Tensor;
  };
  leaky_relu_(self: Tensor, negative_slope?: Scalar): Tensor;
  lerp: {
    Scalar(self: Tensor, end: Tensor, weight: Scalar): Tensor;
    Scalar_out(self: Tensor, end: Tensor, weight: Scalar, options: { out: Tensor }): Tensor;
    Tensor(self: Tensor, end: Tensor, weight: Tensor): Tensor;
    Tensor_out(self: Tensor, end: Tensor, weight: Tensor, options: { out: Tensor }): Tensor;
  };
  lerp_: {
    Scalar(self: Tensor, end: Tensor, weight: Scalar): Tensor;
    Tensor(self: Tensor, end: Tensor, weight: Tensor): Tensor;
  };
  less: {
    Scalar(self: Tensor, other: Scalar): Tensor;
    Scalar_out(self: Tensor, other: Scalar, options: { out: Tensor }): Tensor;
    Tensor(self: Tensor, other: Tensor): Tensor;
    Tensor_out(self: Tensor, other: Tensor, options: { out: Tensor }): Tensor;
  };
  less_: {
    Scalar(self: Tensor, other: Scalar): Tensor;
    Tensor(self: Tensor, other: Tensor): Tensor;
  };
  less_equal: {
    Scalar(self: Tensor, other: Scalar): Tensor;
    Scalar_out(self: Tensor, other: Scalar, options: { out: Tensor }): Tensor;
    Tensor(self: Tensor, other: Tensor): Tensor;
    Tensor_out(self: Tensor, other: Tensor, options: { out: Tensor }): Tensor;
  };
  less_equal_: {
    Scalar(self: Tensor, other: Scalar): Tensor;
    Tensor(self: Tensor, other: Tensor): Tensor;
  };
  lgamma: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  lgamma_(self: Tensor): Tensor;
  lift: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  lift_fresh(self: Tensor): Tensor;
  lift_fresh_copy: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  linalg__powsum(self: Tensor, ord?: Scalar, dim?: readonly Integer[] | Integer | null, keepdim?: boolean, options?: { ord?: Scalar | undefined; dim?: readonly Integer[] | Integer | null | undefined; keepdim?: boolean | undefined; dtype?: DType | null | undefined }): Tensor;
  linalg_cholesky: {
    (self: Tensor, options?: { upper?: boolean | undefined }): Tensor;
    out(self: Tensor, options: { upper?: boolean | undefined; out: Tensor }): Tensor;
  };
  linalg_cholesky_ex: {
    (self: Tensor, options?: { upper?: boolean | undefined; check_errors?: boolean | undefined }): [Tensor, Tensor];
    L(self: Tensor, options: { upper?: boolean | undefined; check_errors?: boolean | undefined; L: Tensor; info: Tensor }): [Tensor, Tensor];
  };
  linalg_cond: {
    (self: Tensor, p?: Scalar | null): Tensor;
    out(self: Tensor, p: Scalar | null | undefined, options: { p?: Scalar | null | undefined; out: Tensor }): Tensor;
    p_str(self: Tensor, p: string): Tensor;
    p_str_out(self: Tensor, p: string, options: { out: Tensor }): Tensor;
  };
  linalg_cross: {
    (self: Tensor, other: Tensor, options?: { dim?: Integer | undefined }): Tensor;
    out(self: Tensor, other: Tensor, options: { dim?: Integer | undefined; out: Tensor }): Tensor;
  };
  linalg_det: {
    (A: Tensor): Tensor;
    out(A: Tensor, options: { out: Tensor }): Tensor;
  };
  linalg_diagonal(A: Tensor, options?: { offset?: Integer | undefined; dim1?: Integer | undefined; dim2?: Integer | undefined }): Tensor;
  linalg_eig: {
    (self: Tensor): [Tensor, Tensor];
    out(self: Tensor, options: { eigenvalues: Tensor; eigenvectors: Tensor }): [Tensor, Tensor];
  };
  linalg_eigh: {
    (self: Tensor, UPLO?: string): [Tensor, Tensor];
    eigvals(self: Tensor, UPLO: string | undefined, options: { UPLO?: string | undefined; eigvals: Tensor; eigvecs: Tensor }): [Tensor, Tensor];
  };
  linalg_eigvals: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  linalg_eigvalsh: {
    (self: Tensor, UPLO?: string): Tensor;
    out(self: Tensor, UPLO: string | undefined, options: { UPLO?: string | undefined; out: Tensor }): Tensor;
  };
  linalg_householder_product: {
    (input: Tensor, tau: Tensor): Tensor;
    out(input: Tensor, tau: Tensor, options: { out: Tensor }): Tensor;
  };
  linalg_inv: {
    (A: Tensor): Tensor;
    out(A: Tensor, options: { out: Tensor }): Tensor;
  };
  linalg_inv_ex: {
    (A: Tensor, options?: { check_errors?: boolean | undefined }): [Tensor, Tensor];
    inverse(A: Tensor, options: { check_errors?: boolean | undefined; inverse: Tensor; info: Tensor }): [Tensor, Tensor];
  };
  linalg_ldl_factor: {
    (self: Tensor, options?: { hermitian?: boolean | undefined }): [Tensor, Tensor];
    out(self: Tensor, options: { hermitian?: boolean | undefined; LD: Tensor; pivots: Tensor }): [Tensor, Tensor];
  };
  linalg_ldl_factor_ex: {
    (self: Tensor, options?: { hermitian?: boolean | undefined; check_errors?: boolean | undefined }): [Tensor, Tensor, Tensor];
    out(self: Tensor, options: { hermitian?: boolean | undefined; check_errors?: boolean | undefined; LD: Tensor; pivots: Tensor; info: Tensor }): [Tensor, Tensor, Tensor];
  };
  linalg_lstsq: {
    (self: Tensor, b: Tensor, rcond?: number | null, options?: { rcond?: number | null | undefined; driver?: string | null | undefined }): [Tensor, Tensor, Tensor, Tensor];
    out(self: Tensor, b: Tensor, rcond: number | null | undefined, options: { rcond?: number | null | undefined; driver?: string | null | undefined; solution: Tensor; residuals: Tensor; rank: Tensor; singular_values: Tensor }): [Tensor, Tensor, Tensor, Tensor];
  };
  linalg_lu: {
    (A: Tensor, options?: { pivot?: boolean | undefined }): [Tensor, Tensor, Tensor];
    out(A: Tensor, options: { pivot?: boolean | undefined; P: Tensor; L: Tensor; U: Tensor }): [Tensor, Tensor, Tensor];
  };
  linalg_lu_factor: {
    (A: Tensor, options?: { pivot?: boolean | undefined }): [Tensor, Tensor];
    out(A: Tensor, options: { pivot?: boolean | undefined; LU: Tensor; pivots: Tensor }): [Tensor, Tensor];
  };
  linalg_lu_factor_ex: {
    (A: Tensor, options?: { pivot?: boolean | undefined; check_errors?: boolean | undefined }): [Tensor, Tensor, Tensor];
    out(A: Tensor, options: { pivot?: boolean | undefined; check_errors?: boolean | undefined; LU: Tensor; pivots: Tensor; info: Tensor }): [Tensor, Tensor, Tensor];
  };
  linalg_lu_solve: {
    (LU: Tensor, pivots: Tensor, B: Tensor, options?: { left?: boolean | undefined; adjoint?: boolean | undefined }): Tensor;
    out(LU: Tensor, pivots: Tensor, B: Tensor, options: { left?: boolean | undefined; adjoint?: boolean | undefined; out: Tensor }): Tensor;
  };
  linalg_matmul: {
    (self: Tensor, other: Tensor): Tensor;
    out(self: Tensor, other: Tensor, options: { out: Tensor }): Tensor;
  };
  linalg_matrix_exp: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  linalg_matrix_norm: {
    (self: Tensor, ord: Scalar, dim?: readonly Integer[], keepdim?: boolean, options?: { dim?: readonly Integer[] | undefined; keepdim?: boolean | undefined; dtype?: DType | null | undefined }): Tensor;
    out(self: Tensor, ord: Scalar, dim: readonly Integer[] | undefined, keepdim: boolean | undefined, options: { dim?: readonly Integer[] | undefined; keepdim?: boolean | undefined; dtype?: DType | null | undefined; out: Tensor }): Tensor;
    str_ord(self: Tensor, ord?: string, dim?: readonly Integer[], keepdim?: boolean, options?: { ord?: string | undefined; dim?: readonly Integer[] | undefined; keepdim?: boolean | undefined; dtype?: DType | null | undefined }): Tensor;
    str_ord_out(self: Tensor, ord: string | undefined, dim: readonly Integer[] | undefined, keepdim: boolean | undefined, options: { ord?: string | undefined; dim?: readonly Integer[] | undefined; keepdim?: boolean | undefined; dtype?: DType | null | undefined; out: Tensor }): Tensor;
  };
  linalg_matrix_power: {
    (self: Tensor, n: Integer): Tensor;
    out(self: Tensor, n: Integer, options: { out: Tensor }): Tensor;
  };
  linalg_matrix_rank: {
    (self: Tensor, tol: number, hermitian?: boolean): Tensor;
    atol_rtol_float(self: Tensor, options?: { atol?: number | null | undefined; rtol?: number | null | undefined; hermitian?: boolean | undefined }): Tensor;
    atol_rtol_float_out(self: Tensor, options: { atol?: number | null | undefined; rtol?: number | null | undefined; hermitian?: boolean | undefined; out: Tensor }): Tensor;
    atol_rtol_tensor(input: Tensor, options?: { atol?: Tensor | null | undefined; rtol?: Tensor | null | undefined; hermitian?: boolean | undefined }): Tensor;
    atol_rtol_tensor_out(input: Tensor, options: { atol?: Tensor | null | undefined; rtol?: Tensor | null | undefined; hermitian?: boolean | undefined; out: Tensor }): Tensor;
    out(self: Tensor, tol: number, hermitian: boolean | undefined, options: { hermitian?: boolean | undefined; out: Tensor }): Tensor;
    out_tol_tensor(input: Tensor, tol: Tensor, hermitian: boolean | undefined, options: { hermitian?: boolean | undefined; out: Tensor }): Tensor;
    tol_tensor(input: Tensor, tol: Tensor, hermitian?: boolean): Tensor;
  };
  linalg_multi_dot: {
    (tensors: readonly Tensor[]): Tensor;
    out(tensors: readonly Tensor[], options: { out: Tensor }): Tensor;
  };
  linalg_norm: {
    (self: Tensor, ord?: Scalar | null, dim?: readonly Integer[] | Integer | null, keepdim?: boolean, options?: { ord?: Scalar | null | undefined; dim?: readonly Integer[] | Integer | null | undefined; keepdim?: boolean | undefined; dtype?: DType | null | undefined }): Tensor;
    ord_str(self: Tensor, ord: string, dim?: readonly Integer[] | Integer | null, keepdim?: boolean, options?: { dim?: readonly Integer[] | Integer | null | undefined; keepdim?: boolean | undefined; dtype?: DType | null | undefined }): Tensor;
    ord_str_out(self: Tensor, ord: string, dim: readonly Integer[] | Integer | null | undefined, keepdim: boolean | undefined, options: { dim?: readonly Integer[] | Integer | null | undefined; keepdim?: boolean | undefined; dtype?: DType | null | undefined; out: Tensor }): Tensor;
    out(self: Tensor, ord: Scalar | null | undefined, dim: readonly Integer[] | Integer | null | undefined, keepdim: boolean | undefined, options: { ord?: Scalar | null | undefined; dim?: readonly Integer[] | Integer | null | undefined; keepdim?: boolean | undefined; dtype?: DType | null | undefined; out: Tensor }): Tensor;
  };
  linalg_pinv: {
    (self: Tensor, rcond: number, hermitian?: boolean): Tensor;
    atol_rtol_float(self: Tensor, options?: { atol?: number | null | undefined; rtol?: number | null | undefined; hermitian?: boolean | undefined }): Tensor;
    atol_rtol_float_out(self: Tensor, options: { atol?: number | null | undefined; rtol?: number | null | undefined; hermitian?: boolean | undefined; out: Tensor }): Tensor;
    atol_rtol_tensor(self: Tensor, options?: { atol?: Tensor | null | undefined; rtol?: Tensor | null | undefined; hermitian?: boolean | undefined }): Tensor;
    atol_rtol_tensor_out(self: Tensor, options: { atol?: Tensor | null | undefined; rtol?: Tensor | null | undefined; hermitian?: boolean | undefined; out: Tensor }): Tensor;
    out(self: Tensor, rcond: number, hermitian: boolean | undefined, options: { hermitian?: boolean | undefined; out: Tensor }): Tensor;
    out_rcond_tensor(self: Tensor, rcond: Tensor, hermitian: boolean | undefined, options: { hermitian?: boolean | undefined; out: Tensor }): Tensor;
    rcond_tensor(self: Tensor, rcond: Tensor, hermitian?: boolean): Tensor;
  };
  linalg_qr: {
    (A: Tensor, mode?: string): [Tensor, Tensor];
    out(A: Tensor, mode: string | undefined, options: { mode?: string | undefined; Q: Tensor; R: Tensor }): [Tensor, Tensor];
  };
  linalg_slogdet: {
    (A: Tensor): [Tensor, Tensor];
    out(A: Tensor, options: { sign: Tensor; logabsdet: Tensor }): [Tensor, Tensor];
  };
  linalg_solve: {
    (A: Tensor, B: Tensor, options?: { left?: boolean | undefined }): Tensor;
    out(A: Tensor, B: Tensor, options: { left?: boolean | undefined; out: Tensor }): Tensor;
  };
  linalg_solve_ex: {
    (A: Tensor, B: Tensor, options?: { left?: boolean | undefined; check_errors?: boolean | undefined }): [Tensor, Tensor];
    out(A: Tensor, B: Tensor, options: { left?: boolean | undefined; check_errors?: boolean | undefined; result: Tensor; info: Tensor }): [Tensor, Tensor];
  };
  linalg_solve_triangular: {
    (self: Tensor, B: Tensor, options: { upper: boolean; left?: boolean | undefined; unitriangular?: boolean | undefined }): Tensor;
    out(self: Tensor, B: Tensor, options: { upper: boolean; left?: boolean | undefined; unitriangular?: boolean | undefined; out: Tensor }): Tensor;
  };
  linalg_svd: {
    (A: Tensor, full_matrices?: boolean, options?: { full_matrices?: boolean | undefined; driver?: string | null | undefined }): [Tensor, Tensor, Tensor];
    U(A: Tensor, full_matrices: boolean | undefined, options: { full_matrices?: boolean | undefined; driver?: string | null | undefined; U: Tensor; S: Tensor; Vh: Tensor }): [Tensor, Tensor, Tensor];
  };
  linalg_svdvals: {
    (A: Tensor, options?: { driver?: string | null | undefined }): Tensor;
    out(A: Tensor, options: { driver?: string | null | undefined; out: Tensor }): Tensor;
  };
  linalg_tensorinv: {
    (self: Tensor, ind?: Integer): Tensor;
    out(self: Tensor, ind: Integer | undefined, options: { ind?: Integer | undefined; out: Tensor }): Tensor;
  };
  linalg_tensorsolve: {
    (self: Tensor, other: Tensor, dims?: readonly Integer[] | null): Tensor;
    out(self: Tensor, other: Tensor, dims: readonly Integer[] | null | undefined, options: { dims?: readonly Integer[] | null | undefined; out: Tensor }): Tensor;
  };
  linalg_vander(x: Tensor, options?: { N?: Integer | null | undefined }): Tensor;
  linalg_vecdot: {
    (x: Tensor, y: Tensor, options?: { dim?: Integer | undefined }): Tensor;
    out(x: Tensor, y: Tensor, options: { dim?: Integer | undefined; out: Tensor }): Tensor;
  };
  linalg_vector_norm: {
    (self: Tensor, ord?: Scalar, dim?: readonly Integer[] | Integer | null, keepdim?: boolean, options?: { ord?: Scalar | undefined; dim?: readonly Integer[] | Integer | null | undefined; keepdim?: boolean | undefined; dtype?: DType | null | undefined }): Tensor;
    out(self: Tensor, ord: Scalar | undefined, dim: readonly Integer[] | Integer | null | undefined, keepdim: boolean | undefined, options: { ord?: Scalar | undefined; dim?: readonly Integer[] | Integer | null | undefined; keepdim?: boolean | undefined; dtype?: DType | null | undefined; out: Tensor }): Tensor;
  };
  linear: {
    (input: Tensor, weight: Tensor, bias?: Tensor | null): Tensor;
    out(input: Tensor, weight: Tensor, bias: Tensor | null | undefined, options: { bias?: Tensor | null | undefined; out: Tensor }): Tensor;
  };
  linspace: {
    (start: Scalar, end: Scalar, steps: Integer, options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
    Scalar_Tensor(start: Scalar, end: Tensor, steps: Integer, options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
    Scalar_Tensor_out(start: Scalar, end: Tensor, steps: Integer, options: { out: Tensor }): Tensor;
    Tensor_Scalar(start: Tensor, end: Scalar, steps: Integer, options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
    Tensor_Scalar_out(start: Tensor, end: Scalar, steps: Integer, options: { out: Tensor }): Tensor;
    Tensor_Tensor(start: Tensor, end: Tensor, steps: Integer, options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
    Tensor_Tensor_out(start: Tensor, end: Tensor, steps: Integer, options: { out: Tensor }): Tensor;
    out(start: Scalar, end: Scalar, steps: Integer, options: { out: Tensor }): Tensor;
  };
  log: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  log10: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  log10_(self: Tensor): Tensor;
  log1p: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  log1p_(self: Tensor): Tensor;
  log2: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  log2_(self: Tensor): Tensor;
  log_(self: Tensor): Tensor;
  log_normal: {
    (self: Tensor, mean?: number, std?: number, options?: { mean?: number | undefined; std?: number | undefined; generator?: Generator | null | undefined }): Tensor;
    out(self: Tensor, mean: number | undefined, std: number | undefined, options: { mean?: number | undefined; std?: number | undefined; generator?: Generator | null | undefined; out: Tensor }): Tensor;
  };
  log_normal_(self: Tensor, mean?: number, std?: number, options?: { mean?: number | undefined; std?: number | undefined; generator?: Generator | null | undefined }): Tensor;
  log_sigmoid: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  log_softmax: {
    Dimname(self: Tensor, dim: string, options?: { dtype?: DType | null | undefined }): Tensor;
    int(self: Tensor, dim: Integer, dtype?: DType | null): Tensor;
    int_out(self: Tensor, dim: Integer, dtype: DType | null | undefined, options: { dtype?: DType | null | undefined; out: Tensor }): Tensor;
  };
  logaddexp: {
    (self: Tensor, other: Tensor): Tensor;
    out(self: Tensor, other: Tensor, options: { out: Tensor }): Tensor;
  };
  logaddexp2: {
    (self: Tensor, other: Tensor): Tensor;
    out(self: Tensor, other: Tensor, options: { out: Tensor }): Tensor;
  };
  logcumsumexp: {
    (self: Tensor, dim: Integer): Tensor;
    dimname(self: Tensor, dim: string): Tensor;
    dimname_out(self: Tensor, dim: string, options: { out: Tensor }): Tensor;
    out(self: Tensor, dim: Integer, options: { out: Tensor }): Tensor;
  };
  logdet(self: Tensor): Tensor;
  logical_and: {
    (self: Tensor, other: Tensor): Tensor;
    out(self: Tensor, other: Tensor, options: { out: Tensor }): Tensor;
  };
  logical_and_(self: Tensor, other: Tensor): Tensor;
  logical_not: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  logical_not_(self: Tensor): Tensor;
  logical_or: {
    (self: Tensor, other: Tensor): Tensor;
    out(self: Tensor, other: Tensor, options: { out: Tensor }): Tensor;
  };
  logical_or_(self: Tensor, other: Tensor): Tensor;
  logical_xor: {
    (self: Tensor, other: Tensor): Tensor;
    out(self: Tensor, other: Tensor, options: { out: Tensor }): Tensor;
  };
  logical_xor_(self: Tensor, other: Tensor): Tensor;
  logit: {
    (self: Tensor, eps?: number | null): Tensor;
    out(self: Tensor, eps: number | null | undefined, options: { eps?: number | null | undefined; out: Tensor }): Tensor;
  };
  logit_(self: Tensor, eps?: number | null): Tensor;
  logsumexp: {
    (self: Tensor, dim: readonly Integer[] | Integer, keepdim?: boolean): Tensor;
    names(self: Tensor, dim: readonly string[] | string, keepdim?: boolean): Tensor;
    names_out(self: Tensor, dim: readonly string[] | string, keepdim: boolean | undefined, options: { keepdim?: boolean | undefined; out: Tensor }): Tensor;
    out(self: Tensor, dim: readonly Integer[] | Integer, keepdim: boolean | undefined, options: { keepdim?: boolean | undefined; out: Tensor }): Tensor;
  };
  lstm: {
    data(data: Tensor, batch_sizes: Tensor, hx: readonly Tensor[], params: readonly Tensor[], has_biases: boolean, num_layers: Integer, dropout: number, train: boolean, bidirectional: boolean): [Tensor, Tensor, Tensor];
    input(input: Tensor, hx: readonly Tensor[], params: readonly Tensor[], has_biases: boolean, num_layers: Integer, dropout: number, train: boolean, bidirectional: boolean, batch_first: boolean): [Tensor, Tensor, Tensor];
  };
  lstm_cell(input: Tensor, hx: readonly Tensor[], w_ih: Tensor, w_hh: Tensor, b_ih?: Tensor | null, b_hh?: Tensor | null): [Tensor, Tensor];
  lt: {
    Scalar(self: Tensor, other: Scalar): Tensor;
    Scalar_out(self: Tensor, other: Scalar, options: { out: Tensor }): Tensor;
    Tensor(self: Tensor, other: Tensor): Tensor;
    Tensor_out(self: Tensor, other: Tensor, options: { out: Tensor }): Tensor;
  };
  lt_: {
    Scalar(self: Tensor, other: Scalar): Tensor;
    Tensor(self: Tensor, other: Tensor): Tensor;
  };
  lu_solve: {
    (self: Tensor, LU_data: Tensor, LU_pivots: Tensor): Tensor;
    out(self: Tensor, LU_data: Tensor, LU_pivots: Tensor, options: { out: Tensor }): Tensor;
  };
  mH(self: Tensor): Tensor;
  mT(self: Tensor): Tensor;
  margin_ranking_loss(input1: Tensor, input2: Tensor, target: Tensor, margin?: number, reduction?: Integer): Tensor;
  masked_fill: {
    Scalar(self: Tensor, mask: Tensor, value: Scalar): Tensor;
    Scalar_out(self: Tensor, mask: Tensor, value: Scalar, options: { out: Tensor }): Tensor;
    Tensor(self: Tensor, mask: Tensor, value: Tensor): Tensor;
    Tensor_out(self: Tensor, mask: Tensor, value: Tensor, options: { out: Tensor }): Tensor;
  };
  masked_fill_: {
    Scalar(self: Tensor, mask: Tensor, value: Scalar): Tensor;
    Tensor(self: Tensor, mask: Tensor, value: Tensor): Tensor;
  };
  masked_scatter: {
    (self: Tensor, mask: Tensor, source: Tensor): Tensor;
    out(self: Tensor, mask: Tensor, source: Tensor, options: { out: Tensor }): Tensor;
  };
  masked_scatter_(self: Tensor, mask: Tensor, source: Tensor): Tensor;
  masked_select: {
    (self: Tensor, mask: Tensor): Tensor;
    out(self: Tensor, mask: Tensor, options: { out: Tensor }): Tensor;
  };
  matmul: {
    (self: Tensor, other: Tensor): Tensor;
    out(self: Tensor, other: Tensor, options: { out: Tensor }): Tensor;
  };
  matrix_H(self: Tensor): Tensor;
  matrix_exp(self: Tensor): Tensor;
  matrix_power: {
    (self: Tensor, n: Integer): Tensor;
    out(self: Tensor, n: Integer, options: { out: Tensor }): Tensor;
  };
  max: {
    (self: Tensor): Tensor;
    dim(self: Tensor, dim: Integer, keepdim?: boolean): [Tensor, Tensor];
    dim_max(self: Tensor, dim: Integer, keepdim: boolean | undefined, options: { keepdim?: boolean | undefined; max: Tensor; max_values: Tensor }): [Tensor, Tensor];
    names_dim(self: Tensor, dim: string, keepdim?: boolean): [Tensor, Tensor];
    names_dim_max(self: Tensor, dim: string, keepdim: boolean | undefined, options: { keepdim?: boolean | undefined; max: Tensor; max_values: Tensor }): [Tensor, Tensor];
    other(self: Tensor, other: Tensor): Tensor;
    out(self: Tensor, other: Tensor, options: { out: Tensor }): Tensor;
    unary_out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  max_pool1d(self: Tensor, kernel_size: readonly Integer[] | Integer, stride?: readonly Integer[] | Integer, padding?: readonly Integer[] | Integer, dilation?: readonly Integer[] | Integer, ceil_mode?: boolean): Tensor;
  max_pool1d_with_indices(self: Tensor, kernel_size: readonly Integer[] | Integer, stride?: readonly Integer[] | Integer, padding?: readonly Integer[] | Integer, dilation?: readonly Integer[] | Integer, ceil_mode?: boolean): [Tensor, Tensor];
  max_pool2d(self: Tensor, kernel_size: readonly Integer[] | Integer, stride?: readonly Integer[] | Integer, padding?: readonly Integer[] | Integer, dilation?: readonly Integer[] | Integer, ceil_mode?: boolean): Tensor;
  max_pool2d_with_indices: {
    (self: Tensor, kernel_size: readonly Integer[] | Integer, stride?: readonly Integer[] | Integer, padding?: readonly Integer[] | Integer, dilation?: readonly Integer[] | Integer, ceil_mode?: boolean): [Tensor, Tensor];
    out(self: Tensor, kernel_size: readonly Integer[] | Integer, stride: readonly Integer[] | Integer | undefined, padding: readonly Integer[] | Integer | undefined, dilation: readonly Integer[] | Integer | undefined, ceil_mode: boolean | undefined, options: { stride?: readonly Integer[] | Integer | undefined; padding?: readonly Integer[] | Integer | undefined; dilation?: readonly Integer[] | Integer | undefined; ceil_mode?: boolean | undefined; out: Tensor; indices: Tensor }): [Tensor, Tensor];
  };
  max_pool3d(self: Tensor, kernel_size: readonly Integer[] | Integer, stride?: readonly Integer[] | Integer, padding?: readonly Integer[] | Integer, dilation?: readonly Integer[] | Integer, ceil_mode?: boolean): Tensor;
  max_pool3d_with_indices: {
    (self: Tensor, kernel_size: readonly Integer[] | Integer, stride?: readonly Integer[] | Integer, padding?: readonly Integer[] | Integer, dilation?: readonly Integer[] | Integer, ceil_mode?: boolean): [Tensor, Tensor];
    out(self: Tensor, kernel_size: readonly Integer[] | Integer, stride: readonly Integer[] | Integer | undefined, padding: readonly Integer[] | Integer | undefined, dilation: readonly Integer[] | Integer | undefined, ceil_mode: boolean | undefined, options: { stride?: readonly Integer[] | Integer | undefined; padding?: readonly Integer[] | Integer | undefined; dilation?: readonly Integer[] | Integer | undefined; ceil_mode?: boolean | undefined; out: Tensor; indices: Tensor }): [Tensor, Tensor];
  };
  max_unpool2d: {
    (self: Tensor, indices: Tensor, output_size: readonly Integer[] | Integer): Tensor;
    out(self: Tensor, indices: Tensor, output_size: readonly Integer[] | Integer, options: { out: Tensor }): Tensor;
  };
  max_unpool3d: {
    (self: Tensor, indices: Tensor, output_size: readonly Integer[] | Integer, stride: readonly Integer[] | Integer, padding: readonly Integer[] | Integer): Tensor;
    out(self: Tensor, indices: Tensor, output_size: readonly Integer[] | Integer, stride: readonly Integer[] | Integer, padding: readonly Integer[] | Integer, options: { out: Tensor }): Tensor;
  };
  maximum: {
    (self: Tensor, other: Tensor): Tensor;
    out(self: Tensor, other: Tensor, options: { out: Tensor }): Tensor;
  };
  mean: {
    (self: Tensor, options?: { dtype?: DType | null | undefined }): Tensor;
    dim(self: Tensor, dim?: readonly Integer[] | Integer | null, keepdim?: boolean, options?: { dim?: readonly Integer[] | Integer | null | undefined; keepdim?: boolean | undefined; dtype?: DType | null | undefined }): Tensor;
    dtype_out(self: Tensor, options: { dtype?: DType | null | undefined; out: Tensor }): Tensor;
    names_dim(self: Tensor, dim: readonly string[] | string, keepdim?: boolean, options?: { keepdim?: boolean | undefined; dtype?: DType | null | undefined }): Tensor;
    names_out(self: Tensor, dim: readonly string[] | string, keepdim: boolean | undefined, options: { keepdim?: boolean | undefined; dtype?: DType | null | undefined; out: Tensor }): Tensor;
    out(self: Tensor, dim: readonly Integer[] | Integer | null | undefined, keepdim: boolean | undefined, options: { dim?: readonly Integer[] | Integer | null | undefined; keepdim?: boolean | undefined; dtype?: DType | null | undefined; out: Tensor }): Tensor;
  };
  median: {
    (self: Tensor): Tensor;
    dim(self: Tensor, dim: Integer, keepdim?: boolean): [Tensor, Tensor];
    dim_values(self: Tensor, dim: Integer, keepdim: boolean | undefined, options: { keepdim?: boolean | undefined; values: Tensor; indices: Tensor }): [Tensor, Tensor];
    names_dim(self: Tensor, dim: string, keepdim?: boolean): [Tensor, Tensor];
    names_dim_values(self: Tensor, dim: string, keepdim: boolean | undefined, options: { keepdim?: boolean | undefined; values: Tensor; indices: Tensor }): [Tensor, Tensor];
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  meshgrid: {
    (tensors: readonly Tensor[]): Tensor[];
    indexing(tensors: readonly Tensor[], options: { indexing: string }): Tensor[];
  };
  min: {
    (self: Tensor): Tensor;
    dim(self: Tensor, dim: Integer, keepdim?: boolean): [Tensor, Tensor];
    dim_min(self: Tensor, dim: Integer, keepdim: boolean | undefined, options: { keepdim?: boolean | undefined; min: Tensor; min_indices: Tensor }): [Tensor, Tensor];
    names_dim(self: Tensor, dim: string, keepdim?: boolean): [Tensor, Tensor];
    names_dim_min(self: Tensor, dim: string, keepdim: boolean | undefined, options: { keepdim?: boolean | undefined; min: Tensor; min_indices: Tensor }): [Tensor, Tensor];
    other(self: Tensor, other: Tensor): Tensor;
    out(self: Tensor, other: Tensor, options: { out: Tensor }): Tensor;
    unary_out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  minimum: {
    (self: Tensor, other: Tensor): Tensor;
    out(self: Tensor, other: Tensor, options: { out: Tensor }): Tensor;
  };
  miopen_batch_norm: {
    (input: Tensor, weight: Tensor, bias: Tensor | null, running_mean: Tensor | null, running_var: Tensor | null, training: boolean, exponential_average_factor: number, epsilon: number): [Tensor, Tensor, Tensor];
    out(input: Tensor, weight: Tensor, bias: Tensor | null, running_mean: Tensor | null, running_var: Tensor | null, training: boolean, exponential_average_factor: number, epsilon: number, options: { out0: Tensor; out1: Tensor; out2: Tensor }): [Tensor, Tensor, Tensor];
  };
  miopen_convolution: {
    (self: Tensor, weight: Tensor, bias: Tensor | null, padding: readonly Integer[], stride: readonly Integer[], dilation: readonly Integer[], groups: Integer, benchmark: boolean, deterministic: boolean): Tensor;
    out(self: Tensor, weight: Tensor, bias: Tensor | null, padding: readonly Integer[], stride: readonly Integer[], dilation: readonly Integer[], groups: Integer, benchmark: boolean, deterministic: boolean, options: { out: Tensor }): Tensor;
  };
  miopen_convolution_add_relu(self: Tensor, weight: Tensor, z: Tensor, alpha: Scalar | null, bias: Tensor | null, stride: readonly Integer[], padding: readonly Integer[], dilation: readonly Integer[], groups: Integer): Tensor;
  miopen_convolution_relu(self: Tensor, weight: Tensor, bias: Tensor | null, stride: readonly Integer[], padding: readonly Integer[], dilation: readonly Integer[], groups: Integer): Tensor;
  miopen_convolution_transpose: {
    (self: Tensor, weight: Tensor, bias: Tensor | null, padding: readonly Integer[], output_padding: readonly Integer[], stride: readonly Integer[], dilation: readonly Integer[], groups: Integer, benchmark: boolean, deterministic: boolean): Tensor;
    out(self: Tensor, weight: Tensor, bias: Tensor | null, padding: readonly Integer[], output_padding: readonly Integer[], stride: readonly Integer[], dilation: readonly Integer[], groups: Integer, benchmark: boolean, deterministic: boolean, options: { out: Tensor }): Tensor;
  };
  miopen_ctc_loss: {
    (log_probs: Tensor, targets: Tensor, input_lengths: readonly Integer[], target_lengths: readonly Integer[], blank: Integer, deterministic: boolean, zero_infinity: boolean): [Tensor, Tensor];
    Tensor(log_probs: Tensor, targets: Tensor, input_lengths: Tensor, target_lengths: Tensor, blank: Integer, deterministic: boolean, zero_infinity: boolean): [Tensor, Tensor];
    out(log_probs: Tensor, targets: Tensor, input_lengths: readonly Integer[], target_lengths: readonly Integer[], blank: Integer, deterministic: boolean, zero_infinity: boolean, options: { out0: Tensor; out1: Tensor }): [Tensor, Tensor];
  };
  miopen_depthwise_convolution: {
    (self: Tensor, weight: Tensor, bias: Tensor | null, padding: readonly Integer[], stride: readonly Integer[], dilation: readonly Integer[], groups: Integer, benchmark: boolean, deterministic: boolean): Tensor;
    out(self: Tensor, weight: Tensor, bias: Tensor | null, padding: readonly Integer[], stride: readonly Integer[], dilation: readonly Integer[], groups: Integer, benchmark: boolean, deterministic: boolean, options: { out: Tensor }): Tensor;
  };
  miopen_rnn: {
    (input: Tensor, weight: readonly Tensor[], weight_stride0: Integer, hx: Tensor, cx: Tensor | null, mode: Integer, hidden_size: Integer, num_layers: Integer, batch_first: boolean, dropout: number, train: boolean, bidirectional: boolean, batch_sizes: readonly Integer[], dropout_state?: Tensor | null): [Tensor, Tensor, Tensor, Tensor, Tensor];
    out(input: Tensor, weight: readonly Tensor[], weight_stride0: Integer, hx: Tensor, cx: Tensor | null, mode: Integer, hidden_size: Integer, num_layers: Integer, batch_first: boolean, dropout: number, train: boolean, bidirectional: boolean, batch_sizes: readonly Integer[], dropout_state: Tensor | null | undefined, options: { dropout_state?: Tensor | null | undefined; out0: Tensor; out1: Tensor; out2: Tensor; out3: Tensor; out4: Tensor }): [Tensor, Tensor, Tensor, Tensor, Tensor];
  };
  mish: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  mish_(self: Tensor): Tensor;
  mkldnn_adaptive_avg_pool2d: {
    (self: Tensor, output_size: readonly Integer[] | Integer): Tensor;
    out(self: Tensor, output_size: readonly Integer[] | Integer, options: { out: Tensor }): Tensor;
  };
  mkldnn_convolution: {
    (self: Tensor, weight: Tensor, bias: Tensor | null, padding: readonly Integer[], stride: readonly Integer[], dilation: readonly Integer[], groups: Integer): Tensor;
    out(self: Tensor, weight: Tensor, bias: Tensor | null, padding: readonly Integer[], stride: readonly Integer[], dilation: readonly Integer[], groups: Integer, options: { out: Tensor }): Tensor;
  };
  mkldnn_linear: {
    (self: Tensor, weight: Tensor, bias?: Tensor | null): Tensor;
    out(self: Tensor, weight: Tensor, bias: Tensor | null | undefined, options: { bias?: Tensor | null | undefined; out: Tensor }): Tensor;
  };
  mkldnn_linear_backward_input: {
    (input_size: readonly Integer[], grad_output: Tensor, weight: Tensor): Tensor;
    out(input_size: readonly Integer[], grad_output: Tensor, weight: Tensor, options: { out: Tensor }): Tensor;
  };
  mkldnn_linear_backward_weights: {
    (grad_output: Tensor, input: Tensor, weight: Tensor, bias_defined: boolean): [Tensor, Tensor];
    out(grad_output: Tensor, input: Tensor, weight: Tensor, bias_defined: boolean, options: { out0: Tensor; out1: Tensor }): [Tensor, Tensor];
  };
  mkldnn_max_pool2d: {
    (self: Tensor, kernel_size: readonly Integer[] | Integer, stride?: readonly Integer[] | Integer, padding?: readonly Integer[] | Integer, dilation?: readonly Integer[] | Integer, ceil_mode?: boolean): Tensor;
    out(self: Tensor, kernel_size: readonly Integer[] | Integer, stride: readonly Integer[] | Integer | undefined, padding: readonly Integer[] | Integer | undefined, dilation: readonly Integer[] | Integer | undefined, ceil_mode: boolean | undefined, options: { stride?: readonly Integer[] | Integer | undefined; padding?: readonly Integer[] | Integer | undefined; dilation?: readonly Integer[] | Integer | undefined; ceil_mode?: boolean | undefined; out: Tensor }): Tensor;
  };
  mkldnn_max_pool3d: {
    (self: Tensor, kernel_size: readonly Integer[] | Integer, stride?: readonly Integer[] | Integer, padding?: readonly Integer[] | Integer, dilation?: readonly Integer[] | Integer, ceil_mode?: boolean): Tensor;
    out(self: Tensor, kernel_size: readonly Integer[] | Integer, stride: readonly Integer[] | Integer | undefined, padding: readonly Integer[] | Integer | undefined, dilation: readonly Integer[] | Integer | undefined, ceil_mode: boolean | undefined, options: { stride?: readonly Integer[] | Integer | undefined; padding?: readonly Integer[] | Integer | undefined; dilation?: readonly Integer[] | Integer | undefined; ceil_mode?: boolean | undefined; out: Tensor }): Tensor;
  };
  mkldnn_reorder_conv2d_weight: {
    (self: Tensor, padding?: readonly Integer[] | Integer, stride?: readonly Integer[] | Integer, dilation?: readonly Integer[] | Integer, groups?: Integer, input_size?: readonly Integer[] | null): Tensor;
    out(self: Tensor, padding: readonly Integer[] | Integer | undefined, stride: readonly Integer[] | Integer | undefined, dilation: readonly Integer[] | Integer | undefined, groups: Integer | undefined, input_size: readonly Integer[] | null | undefined, options: { padding?: readonly Integer[] | Integer | undefined; stride?: readonly Integer[] | Integer | undefined; dilation?: readonly Integer[] | Integer | undefined; groups?: Integer | undefined; input_size?: readonly Integer[] | null | undefined; out: Tensor }): Tensor;
  };
  mkldnn_reorder_conv3d_weight: {
    (self: Tensor, padding?: readonly Integer[] | Integer, stride?: readonly Integer[] | Integer, dilation?: readonly Integer[] | Integer, groups?: Integer, input_size?: readonly Integer[] | null): Tensor;
    out(self: Tensor, padding: readonly Integer[] | Integer | undefined, stride: readonly Integer[] | Integer | undefined, dilation: readonly Integer[] | Integer | undefined, groups: Integer | undefined, input_size: readonly Integer[] | null | undefined, options: { padding?: readonly Integer[] | Integer | undefined; stride?: readonly Integer[] | Integer | undefined; dilation?: readonly Integer[] | Integer | undefined; groups?: Integer | undefined; input_size?: readonly Integer[] | null | undefined; out: Tensor }): Tensor;
  };
  mm: {
    (self: Tensor, mat2: Tensor): Tensor;
    dtype(self: Tensor, mat2: Tensor, out_dtype: DType): Tensor;
    dtype_out(self: Tensor, mat2: Tensor, out_dtype: DType, options: { out: Tensor }): Tensor;
    out(self: Tensor, mat2: Tensor, options: { out: Tensor }): Tensor;
  };
  mode: {
    (self: Tensor, dim?: Integer, keepdim?: boolean): [Tensor, Tensor];
    dimname(self: Tensor, dim: string, keepdim?: boolean): [Tensor, Tensor];
    dimname_out(self: Tensor, dim: string, keepdim: boolean | undefined, options: { keepdim?: boolean | undefined; values: Tensor; indices: Tensor }): [Tensor, Tensor];
    values(self: Tensor, dim: Integer | undefined, keepdim: boolean | undefined, options: { dim?: Integer | undefined; keepdim?: boolean | undefined; values: Tensor; indices: Tensor }): [Tensor, Tensor];
  };
  moveaxis: {
    int(self: Tensor, source: Integer, destination: Integer): Tensor;
    intlist(self: Tensor, source: readonly Integer[], destination: readonly Integer[]): Tensor;
  };
  movedim: {
    int(self: Tensor, source: Integer, destination: Integer): Tensor;
    intlist(self: Tensor, source: readonly Integer[], destination: readonly Integer[]): Tensor;
  };
  mse_loss: {
    (self: Tensor, target: Tensor, reduction?: Integer): Tensor;
    out(self: Tensor, target: Tensor, reduction: Integer | undefined, options: { reduction?: Integer | undefined; out: Tensor }): Tensor;
  };
  msort: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  mul: {
    Scalar(self: Tensor, other: Scalar): Tensor;
    Scalar_out(self: Tensor, other: Scalar, options: { out: Tensor }): Tensor;
    Tensor(self: Tensor, other: Tensor): Tensor;
    out(self: Tensor, other: Tensor, options: { out: Tensor }): Tensor;
  };
  mul_: {
    Scalar(self: Tensor, other: Scalar): Tensor;
    Tensor(self: Tensor, other: Tensor): Tensor;
  };
  multi_margin_loss: {
    (self: Tensor, target: Tensor, p?: Scalar, margin?: Scalar, weight?: Tensor | null, reduction?: Integer): Tensor;
    out(self: Tensor, target: Tensor, p: Scalar | undefined, margin: Scalar | undefined, weight: Tensor | null | undefined, reduction: Integer | undefined, options: { p?: Scalar | undefined; margin?: Scalar | undefined; weight?: Tensor | null | undefined; reduction?: Integer | undefined; out: Tensor }): Tensor;
  };
  multilabel_margin_loss: {
    (self: Tensor, target: Tensor, reduction?: Integer): Tensor;
    out(self: Tensor, target: Tensor, reduction: Integer | undefined, options: { reduction?: Integer | undefined; out: Tensor }): Tensor;
  };
  multilabel_margin_loss_forward: {
    (self: Tensor, target: Tensor, reduction: Integer): [Tensor, Tensor];
    output(self: Tensor, target: Tensor, reduction: Integer, options: { output: Tensor; is_target: Tensor }): [Tensor, Tensor];
  };
  multinomial: {
    (self: Tensor, num_samples: Integer, replacement?: boolean, options?: { replacement?: boolean | undefined; generator?: Generator | null | undefined }): Tensor;
    out(self: Tensor, num_samples: Integer, replacement: boolean | undefined, options: { replacement?: boolean | undefined; generator?: Generator | null | undefined; out: Tensor }): Tensor;
  };
  multiply: {
    Scalar(self: Tensor, other: Scalar): Tensor;
    Tensor(self: Tensor, other: Tensor): Tensor;
    out(self: Tensor, other: Tensor, options: { out: Tensor }): Tensor;
  };
  multiply_: {
    Scalar(self: Tensor, other: Scalar): Tensor;
    Tensor(self: Tensor, other: Tensor): Tensor;
  };
  mv: {
    (self: Tensor, vec: Tensor): Tensor;
    out(self: Tensor, vec: Tensor, options: { out: Tensor }): Tensor;
  };
  mvlgamma: {
    (self: Tensor, p: Integer): Tensor;
    out(self: Tensor, p: Integer, options: { out: Tensor }): Tensor;
  };
  mvlgamma_(self: Tensor, p: Integer): Tensor;
  nan_to_num: {
    (self: Tensor, nan?: number | null, posinf?: number | null, neginf?: number | null): Tensor;
    out(self: Tensor, nan: number | null | undefined, posinf: number | null | undefined, neginf: number | null | undefined, options: { nan?: number | null | undefined; posinf?: number | null | undefined; neginf?: number | null | undefined; out: Tensor }): Tensor;
  };
  nan_to_num_(self: Tensor, nan?: number | null, posinf?: number | null, neginf?: number | null): Tensor;
  nanmean: {
    (self: Tensor, dim?: readonly Integer[] | Integer | null, keepdim?: boolean, options?: { dim?: readonly Integer[] | Integer | null | undefined; keepdim?: boolean | undefined; dtype?: DType | null | undefined }): Tensor;
    out(self: Tensor, dim: readonly Integer[] | Integer | null | undefined, keepdim: boolean | undefined, options: { dim?: readonly Integer[] | Integer | null | undefined; keepdim?: boolean | undefined; dtype?: DType | null | undefined; out: Tensor }): Tensor;
  };
  nanmedian: {
    (self: Tensor): Tensor;
    dim(self: Tensor, dim: Integer, keepdim?: boolean): [Tensor, Tensor];
    dim_values(self: Tensor, dim: Integer, keepdim: boolean | undefined, options: { keepdim?: boolean | undefined; values: Tensor; indices: Tensor }): [Tensor, Tensor];
    names_dim(self: Tensor, dim: string, keepdim?: boolean): [Tensor, Tensor];
    names_dim_values(self: Tensor, dim: string, keepdim: boolean | undefined, options: { keepdim?: boolean | undefined; values: Tensor; indices: Tensor }): [Tensor, Tensor];
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  nanquantile: {
    (self: Tensor, q: Tensor, dim?: Integer | null, keepdim?: boolean, options?: { dim?: Integer | null | undefined; keepdim?: boolean | undefined; interpolation?: string | undefined }): Tensor;
    out(self: Tensor, q: Tensor, dim: Integer | null | undefined, keepdim: boolean | undefined, options: { dim?: Integer | null | undefined; keepdim?: boolean | undefined; interpolation?: string | undefined; out: Tensor }): Tensor;
    scalar(self: Tensor, q: number, dim?: Integer | null, keepdim?: boolean, options?: { dim?: Integer | null | undefined; keepdim?: boolean | undefined; interpolation?: string | undefined }): Tensor;
    scalar_out(self: Tensor, q: number, dim: Integer | null | undefined, keepdim: boolean | undefined, options: { dim?: Integer | null | undefined; keepdim?: boolean | undefined; interpolation?: string | undefined; out: Tensor }): Tensor;
  };
  nansum: {
    (self: Tensor, dim?: readonly Integer[] | Integer | null, keepdim?: boolean, options?: { dim?: readonly Integer[] | Integer | null | undefined; keepdim?: boolean | undefined; dtype?: DType | null | undefined }): Tensor;
    out(self: Tensor, dim: readonly Integer[] | Integer | null | undefined, keepdim: boolean | undefined, options: { dim?: readonly Integer[] | Integer | null | undefined; keepdim?: boolean | undefined; dtype?: DType | null | undefined; out: Tensor }): Tensor;
  };
  narrow: {
    (self: Tensor, dim: Integer, start: Integer, length: Integer): Tensor;
    Tensor(self: Tensor, dim: Integer, start: Tensor, length: Integer): Tensor;
  };
  narrow_copy: {
    (self: Tensor, dim: Integer, start: Integer, length: Integer): Tensor;
    out(self: Tensor, dim: Integer, start: Integer, length: Integer, options: { out: Tensor }): Tensor;
  };
  native_channel_shuffle(self: Tensor, groups: Integer): Tensor;
  native_dropout: {
    (input: Tensor, p: number, train?: boolean | null): [Tensor, Tensor];
    out(input: Tensor, p: number, train: boolean | null | undefined, options: { train?: boolean | null | undefined; out0: Tensor; out1: Tensor }): [Tensor, Tensor];
  };
  native_group_norm: {
    (input: Tensor, weight: Tensor | null, bias: Tensor | null, N: Integer, C: Integer, HxW: Integer, group: Integer, eps: number): [Tensor, Tensor, Tensor];
    out(input: Tensor, weight: Tensor | null, bias: Tensor | null, N: Integer, C: Integer, HxW: Integer, group: Integer, eps: number, options: { out0: Tensor; out1: Tensor; out2: Tensor }): [Tensor, Tensor, Tensor];
  };
  native_layer_norm: {
    (input: Tensor, normalized_shape: readonly Integer[], weight: Tensor | null, bias: Tensor | null, eps: number): [Tensor, Tensor, Tensor];
    out(input: Tensor, normalized_shape: readonly Integer[], weight: Tensor | null, bias: Tensor | null, eps: number, options: { out0: Tensor; out1: Tensor; out2: Tensor }): [Tensor, Tensor, Tensor];
  };
  native_norm: {
    (self: Tensor, p?: Scalar): Tensor;
    ScalarOpt_dim_dtype(self: Tensor, p: Scalar | null, dim: readonly Integer[] | Integer, keepdim: boolean, dtype?: DType | null): Tensor;
    ScalarOpt_dim_dtype_out(self: Tensor, p: Scalar | null, dim: readonly Integer[] | Integer, keepdim: boolean, dtype: DType | null | undefined, options: { dtype?: DType | null | undefined; out: Tensor }): Tensor;
    out(self: Tensor, p: Scalar | undefined, options: { p?: Scalar | undefined; out: Tensor }): Tensor;
  };
  ne: {
    Scalar(self: Tensor, other: Scalar): Tensor;
    Scalar_out(self: Tensor, other: Scalar, options: { out: Tensor }): Tensor;
    Tensor(self: Tensor, other: Tensor): Tensor;
    Tensor_out(self: Tensor, other: Tensor, options: { out: Tensor }): Tensor;
  };
  ne_: {
    Scalar(self: Tensor, other: Scalar): Tensor;
    Tensor(self: Tensor, other: Tensor): Tensor;
  };
  neg: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  neg_(self: Tensor): Tensor;
  negative: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  negative_(self: Tensor): Tensor;
  nested_to_padded_tensor(self: Tensor, padding: number, output_size?: readonly Integer[] | null): Tensor;
  new_empty: {
    (self: Tensor, size: readonly Integer[], options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
    out(self: Tensor, size: readonly Integer[], options: { out: Tensor }): Tensor;
  };
  new_empty_strided: {
    (self: Tensor, size: readonly Integer[], stride: readonly Integer[], options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
    out(self: Tensor, size: readonly Integer[], stride: readonly Integer[], options: { out: Tensor }): Tensor;
  };
  new_full: {
    (self: Tensor, size: readonly Integer[], fill_value: Scalar, options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
    out(self: Tensor, size: readonly Integer[], fill_value: Scalar, options: { out: Tensor }): Tensor;
  };
  new_ones: {
    (self: Tensor, size: readonly Integer[], options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
    out(self: Tensor, size: readonly Integer[], options: { out: Tensor }): Tensor;
  };
  new_zeros: {
    (self: Tensor, size: readonly Integer[], options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
    out(self: Tensor, size: readonly Integer[], options: { out: Tensor }): Tensor;
  };
  nextafter: {
    (self: Tensor, other: Tensor): Tensor;
    out(self: Tensor, other: Tensor, options: { out: Tensor }): Tensor;
  };
  nextafter_(self: Tensor, other: Tensor): Tensor;
  nll_loss: {
    (self: Tensor, target: Tensor, weight?: Tensor | null, reduction?: Integer, ignore_index?: Integer): Tensor;
    out(self: Tensor, target: Tensor, weight: Tensor | null | undefined, reduction: Integer | undefined, ignore_index: Integer | undefined, options: { weight?: Tensor | null | undefined; reduction?: Integer | undefined; ignore_index?: Integer | undefined; out: Tensor }): Tensor;
  };
  nll_loss2d: {
    (self: Tensor, target: Tensor, weight?: Tensor | null, reduction?: Integer, ignore_index?: Integer): Tensor;
    out(self: Tensor, target: Tensor, weight: Tensor | null | undefined, reduction: Integer | undefined, ignore_index: Integer | undefined, options: { weight?: Tensor | null | undefined; reduction?: Integer | undefined; ignore_index?: Integer | undefined; out: Tensor }): Tensor;
  };
  nll_loss2d_forward: {
    (self: Tensor, target: Tensor, weight: Tensor | null, reduction: Integer, ignore_index: Integer): [Tensor, Tensor];
    output(self: Tensor, target: Tensor, weight: Tensor | null, reduction: Integer, ignore_index: Integer, options: { output: Tensor; total_weight: Tensor }): [Tensor, Tensor];
  };
  nll_loss_forward: {
    (self: Tensor, target: Tensor, weight: Tensor | null, reduction: Integer, ignore_index: Integer): [Tensor, Tensor];
    output(self: Tensor, target: Tensor, weight: Tensor | null, reduction: Integer, ignore_index: Integer, options: { output: Tensor; total_weight: Tensor }): [Tensor, Tensor];
  };
  nll_loss_nd(self: Tensor, target: Tensor, weight?: Tensor | null, reduction?: Integer, ignore_index?: Integer): Tensor;
  nonzero: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  nonzero_numpy(self: Tensor): Tensor[];
  nonzero_static: {
    (self: Tensor, options: { size: Integer; fill_value?: Integer | undefined }): Tensor;
    out(self: Tensor, options: { size: Integer; fill_value?: Integer | undefined; out: Tensor }): Tensor;
  };
  norm: {
    Scalar(self: Tensor, p?: Scalar): Tensor;
    ScalarOpt_dim(self: Tensor, p: Scalar | null, dim: readonly Integer[] | Integer, keepdim?: boolean): Tensor;
    ScalarOpt_dim_dtype(self: Tensor, p: Scalar | null, dim: readonly Integer[] | Integer, keepdim: boolean, options: { dtype: DType }): Tensor;
    ScalarOpt_dtype(self: Tensor, p: Scalar | null | undefined, options: { p?: Scalar | null | undefined; dtype: DType }): Tensor;
    ScalarOpt_dtype_out(self: Tensor, p: Scalar | null | undefined, options: { p?: Scalar | null | undefined; dtype: DType; out: Tensor }): Tensor;
    Scalar_out(self: Tensor, p: Scalar | undefined, options: { p?: Scalar | undefined; out: Tensor }): Tensor;
    dtype_out(self: Tensor, p: Scalar | null, dim: readonly Integer[] | Integer, keepdim: boolean, options: { dtype: DType; out: Tensor }): Tensor;
    names_ScalarOpt_dim(self: Tensor, p: Scalar | null, dim: readonly string[] | string, keepdim?: boolean): Tensor;
    names_ScalarOpt_dim_dtype(self: Tensor, p: Scalar | null, dim: readonly string[] | string, keepdim: boolean, options: { dtype: DType }): Tensor;
    names_dtype_out(self: Tensor, p: Scalar | null, dim: readonly string[] | string, keepdim: boolean, options: { dtype: DType; out: Tensor }): Tensor;
    names_out(self: Tensor, p: Scalar | null, dim: readonly string[] | string, keepdim: boolean | undefined, options: { keepdim?: boolean | undefined; out: Tensor }): Tensor;
    out(self: Tensor, p: Scalar | null, dim: readonly Integer[] | Integer, keepdim: boolean | undefined, options: { keepdim?: boolean | undefined; out: Tensor }): Tensor;
  };
  norm_except_dim(v: Tensor, pow?: Integer, dim?: Integer): Tensor;
  normal: {
    Tensor_Tensor(mean: Tensor, std: Tensor, options?: { generator?: Generator | null | undefined }): Tensor;
    Tensor_Tensor_out(mean: Tensor, std: Tensor, options: { generator?: Generator | null | undefined; out: Tensor }): Tensor;
    Tensor_float(mean: Tensor, std?: number, options?: { std?: number | undefined; generator?: Generator | null | undefined }): Tensor;
    Tensor_float_out(mean: Tensor, std: number | undefined, options: { std?: number | undefined; generator?: Generator | null | undefined; out: Tensor }): Tensor;
    float_Tensor(mean: number, std: Tensor, options?: { generator?: Generator | null | undefined }): Tensor;
    float_Tensor_out(mean: number, std: Tensor, options: { generator?: Generator | null | undefined; out: Tensor }): Tensor;
    float_float(mean: number, std: number, size: readonly Integer[], options?: { generator?: Generator | null | undefined; dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
    float_float_out(mean: number, std: number, size: readonly Integer[], options: { generator?: Generator | null | undefined; out: Tensor }): Tensor;
    out(self: Tensor, mean: number | undefined, std: number | undefined, options: { mean?: number | undefined; std?: number | undefined; generator?: Generator | null | undefined; out: Tensor }): Tensor;
  };
  normal_(self: Tensor, mean?: number, std?: number, options?: { mean?: number | undefined; std?: number | undefined; generator?: Generator | null | undefined }): Tensor;
  normal_functional(self: Tensor, mean?: number, std?: number, options?: { mean?: number | undefined; std?: number | undefined; generator?: Generator | null | undefined }): Tensor;
  not_equal: {
    Scalar(self: Tensor, other: Scalar): Tensor;
    Scalar_out(self: Tensor, other: Scalar, options: { out: Tensor }): Tensor;
    Tensor(self: Tensor, other: Tensor): Tensor;
    Tensor_out(self: Tensor, other: Tensor, options: { out: Tensor }): Tensor;
  };
  not_equal_: {
    Scalar(self: Tensor, other: Scalar): Tensor;
    Tensor(self: Tensor, other: Tensor): Tensor;
  };
  nuclear_norm: {
    (self: Tensor, keepdim?: boolean): Tensor;
    dim(self: Tensor, dim: readonly Integer[] | Integer, keepdim?: boolean): Tensor;
    dim_out(self: Tensor, dim: readonly Integer[] | Integer, keepdim: boolean | undefined, options: { keepdim?: boolean | undefined; out: Tensor }): Tensor;
    out(self: Tensor, keepdim: boolean | undefined, options: { keepdim?: boolean | undefined; out: Tensor }): Tensor;
  };
  numpy_T(self: Tensor): Tensor;
  one_hot(self: Tensor, num_classes?: Integer): Tensor;
  ones: {
    (size: readonly Integer[], options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
    names(size: readonly Integer[], options?: { names?: readonly string[] | null | undefined; dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
    names_out(size: readonly Integer[], options: { names?: readonly string[] | null | undefined; out: Tensor }): Tensor;
    out(size: readonly Integer[], options: { out: Tensor }): Tensor;
  };
  ones_like: {
    (self: Tensor, options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined; memory_format?: MemoryFormat | null | undefined }): Tensor;
    out(self: Tensor, options: { memory_format?: MemoryFormat | null | undefined; out: Tensor }): Tensor;
  };
  orgqr: {
    (self: Tensor, input2: Tensor): Tensor;
    out(self: Tensor, input2: Tensor, options: { out: Tensor }): Tensor;
  };
  ormqr: {
    (self: Tensor, input2: Tensor, input3: Tensor, left?: boolean, transpose?: boolean): Tensor;
    out(self: Tensor, input2: Tensor, input3: Tensor, left: boolean | undefined, transpose: boolean | undefined, options: { left?: boolean | undefined; transpose?: boolean | undefined; out: Tensor }): Tensor;
  };
  outer: {
    (self: Tensor, vec2: Tensor): Tensor;
    out(self: Tensor, vec2: Tensor, options: { out: Tensor }): Tensor;
  };
  output_nr(self: Tensor): number;
  pad(self: Tensor, pad: readonly Integer[], mode?: string, value?: number | null): Tensor;
  pad_sequence(sequences: readonly Tensor[], batch_first?: boolean, padding_value?: number, padding_side?: string): Tensor;
  pairwise_distance(x1: Tensor, x2: Tensor, p?: number, eps?: number, keepdim?: boolean): Tensor;
  pdist(self: Tensor, p?: number): Tensor;
  permute(self: Tensor, dims: readonly Integer[]): Tensor;
  permute_copy: {
    (self: Tensor, dims: readonly Integer[]): Tensor;
    out(self: Tensor, dims: readonly Integer[], options: { out: Tensor }): Tensor;
  };
  pin_memory(self: Tensor, device?: string | null): Tensor;
  pinverse(self: Tensor, rcond?: number): Tensor;
  pixel_shuffle: {
    (self: Tensor, upscale_factor: Integer): Tensor;
    out(self: Tensor, upscale_factor: Integer, options: { out: Tensor }): Tensor;
  };
  pixel_unshuffle: {
    (self: Tensor, downscale_factor: Integer): Tensor;
    out(self: Tensor, downscale_factor: Integer, options: { out: Tensor }): Tensor;
  };
  poisson: {
    (self: Tensor, generator?: Generator | null): Tensor;
    out(self: Tensor, generator: Generator | null | undefined, options: { generator?: Generator | null | undefined; out: Tensor }): Tensor;
  };
  poisson_nll_loss(input: Tensor, target: Tensor, log_input: boolean, full: boolean, eps: number, reduction: Integer): Tensor;
  polar: {
    (abs: Tensor, angle: Tensor): Tensor;
    out(abs: Tensor, angle: Tensor, options: { out: Tensor }): Tensor;
  };
  polygamma: {
    (n: Integer, self: Tensor): Tensor;
    out(n: Integer, self: Tensor, options: { out: Tensor }): Tensor;
  };
  polygamma_(self: Tensor, n: Integer): Tensor;
  positive(self: Tensor): Tensor;
  pow: {
    Scalar(self: Scalar, exponent: Tensor): Tensor;
    Scalar_out(self: Scalar, exponent: Tensor, options: { out: Tensor }): Tensor;
    Tensor_Scalar(self: Tensor, exponent: Scalar): Tensor;
    Tensor_Scalar_out(self: Tensor, exponent: Scalar, options: { out: Tensor }): Tensor;
    Tensor_Tensor(self: Tensor, exponent: Tensor): Tensor;
    Tensor_Tensor_out(self: Tensor, exponent: Tensor, options: { out: Tensor }): Tensor;
  };
  pow_: {
    Scalar(self: Tensor, exponent: Scalar): Tensor;
    Tensor(self: Tensor, exponent: Tensor): Tensor;
  };
  prelu(self: Tensor, weight: Tensor): Tensor;
  prod: {
    (self: Tensor, options?: { dtype?: DType | null | undefined }): Tensor;
    Dimname_out(self: Tensor, dim: string, keepdim: boolean | undefined, options: { keepdim?: boolean | undefined; dtype?: DType | null | undefined; out: Tensor }): Tensor;
    dim_Dimname(self: Tensor, dim: string, keepdim?: boolean, options?: { keepdim?: boolean | undefined; dtype?: DType | null | undefined }): Tensor;
    dim_int(self: Tensor, dim: Integer, keepdim?: boolean, options?: { keepdim?: boolean | undefined; dtype?: DType | null | undefined }): Tensor;
    int_out(self: Tensor, dim: Integer, keepdim: boolean | undefined, options: { keepdim?: boolean | undefined; dtype?: DType | null | undefined; out: Tensor }): Tensor;
    out(self: Tensor, options: { dtype?: DType | null | undefined; out: Tensor }): Tensor;
  };
  promote_types(type1: DType, type2: DType): DType;
  put: {
    (self: Tensor, index: Tensor, source: Tensor, accumulate?: boolean): Tensor;
    out(self: Tensor, index: Tensor, source: Tensor, accumulate: boolean | undefined, options: { accumulate?: boolean | undefined; out: Tensor }): Tensor;
  };
  put_(self: Tensor, index: Tensor, source: Tensor, accumulate?: boolean): Tensor;
  q_per_channel_axis(self: Tensor): number;
  q_per_channel_scales: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  q_per_channel_zero_points: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  q_scale(self: Tensor): number;
  q_zero_point(self: Tensor): number;
  qr: {
    (self: Tensor, some?: boolean): [Tensor, Tensor];
    Q(self: Tensor, some: boolean | undefined, options: { some?: boolean | undefined; Q: Tensor; R: Tensor }): [Tensor, Tensor];
  };
  quantile: {
    (self: Tensor, q: Tensor, dim?: Integer | null, keepdim?: boolean, options?: { dim?: Integer | null | undefined; keepdim?: boolean | undefined; interpolation?: string | undefined }): Tensor;
    out(self: Tensor, q: Tensor, dim: Integer | null | undefined, keepdim: boolean | undefined, options: { dim?: Integer | null | undefined; keepdim?: boolean | undefined; interpolation?: string | undefined; out: Tensor }): Tensor;
    scalar(self: Tensor, q: number, dim?: Integer | null, keepdim?: boolean, options?: { dim?: Integer | null | undefined; keepdim?: boolean | undefined; interpolation?: string | undefined }): Tensor;
    scalar_out(self: Tensor, q: number, dim: Integer | null | undefined, keepdim: boolean | undefined, options: { dim?: Integer | null | undefined; keepdim?: boolean | undefined; interpolation?: string | undefined; out: Tensor }): Tensor;
  };
  quantize_per_channel: {
    (self: Tensor, scales: Tensor, zero_points: Tensor, axis: Integer, dtype: DType): Tensor;
    out(self: Tensor, scales: Tensor, zero_points: Tensor, axis: Integer, dtype: DType, options: { out: Tensor }): Tensor;
  };
  quantize_per_tensor: {
    (self: Tensor, scale: number, zero_point: Integer, dtype: DType): Tensor;
    out(self: Tensor, scale: number, zero_point: Integer, dtype: DType, options: { out: Tensor }): Tensor;
    tensor_qparams(self: Tensor, scale: Tensor, zero_point: Tensor, dtype: DType): Tensor;
    tensor_qparams_out(self: Tensor, scale: Tensor, zero_point: Tensor, dtype: DType, options: { out: Tensor }): Tensor;
    tensors(tensors: readonly Tensor[], scales: Tensor, zero_points: Tensor, dtype: DType): Tensor[];
    tensors_out(tensors: readonly Tensor[], scales: Tensor, zero_points: Tensor, dtype: DType, options: { out: readonly Tensor[] }): void;
  };
  quantize_per_tensor_dynamic: {
    (self: Tensor, dtype: DType, reduce_range: boolean): Tensor;
    out(self: Tensor, dtype: DType, reduce_range: boolean, options: { out: Tensor }): Tensor;
  };
  quantized_batch_norm: {
    (input: Tensor, weight: Tensor | null, bias: Tensor | null, mean: Tensor, var_: Tensor, eps: number, output_scale: number, output_zero_point: Integer): Tensor;
    out(input: Tensor, weight: Tensor | null, bias: Tensor | null, mean: Tensor, var_: Tensor, eps: number, output_scale: number, output_zero_point: Integer, options: { out: Tensor }): Tensor;
  };
  quantized_gru: {
    data_legacy(data: Tensor, batch_sizes: Tensor, hx: Tensor, params: readonly Tensor[], has_biases: boolean, num_layers: Integer, dropout: number, train: boolean, bidirectional: boolean): [Tensor, Tensor];
    input_legacy(input: Tensor, hx: Tensor, params: readonly Tensor[], has_biases: boolean, num_layers: Integer, dropout: number, train: boolean, bidirectional: boolean, batch_first: boolean): [Tensor, Tensor];
  };
  quantized_gru_cell(input: Tensor, hx: Tensor, w_ih: Tensor, w_hh: Tensor, b_ih: Tensor, b_hh: Tensor, packed_ih: Tensor, packed_hh: Tensor, col_offsets_ih: Tensor, col_offsets_hh: Tensor, scale_ih: Scalar, scale_hh: Scalar, zero_point_ih: Scalar, zero_point_hh: Scalar): Tensor;
  quantized_lstm: {
    data_legacy(data: Tensor, batch_sizes: Tensor, hx: readonly Tensor[], params: readonly Tensor[], has_biases: boolean, num_layers: Integer, dropout: number, train: boolean, bidirectional: boolean, options?: { dtype?: DType | null | undefined; use_dynamic?: boolean | undefined }): [Tensor, Tensor, Tensor];
    input_legacy(input: Tensor, hx: readonly Tensor[], params: readonly Tensor[], has_biases: boolean, num_layers: Integer, dropout: number, train: boolean, bidirectional: boolean, batch_first: boolean, options?: { dtype?: DType | null | undefined; use_dynamic?: boolean | undefined }): [Tensor, Tensor, Tensor];
  };
  quantized_max_pool1d: {
    (self: Tensor, kernel_size: readonly Integer[] | Integer, stride?: readonly Integer[] | Integer, padding?: readonly Integer[] | Integer, dilation?: readonly Integer[] | Integer, ceil_mode?: boolean): Tensor;
    out(self: Tensor, kernel_size: readonly Integer[] | Integer, stride: readonly Integer[] | Integer | undefined, padding: readonly Integer[] | Integer | undefined, dilation: readonly Integer[] | Integer | undefined, ceil_mode: boolean | undefined, options: { stride?: readonly Integer[] | Integer | undefined; padding?: readonly Integer[] | Integer | undefined; dilation?: readonly Integer[] | Integer | undefined; ceil_mode?: boolean | undefined; out: Tensor }): Tensor;
  };
  quantized_max_pool2d: {
    (self: Tensor, kernel_size: readonly Integer[] | Integer, stride?: readonly Integer[] | Integer, padding?: readonly Integer[] | Integer, dilation?: readonly Integer[] | Integer, ceil_mode?: boolean): Tensor;
    out(self: Tensor, kernel_size: readonly Integer[] | Integer, stride: readonly Integer[] | Integer | undefined, padding: readonly Integer[] | Integer | undefined, dilation: readonly Integer[] | Integer | undefined, ceil_mode: boolean | undefined, options: { stride?: readonly Integer[] | Integer | undefined; padding?: readonly Integer[] | Integer | undefined; dilation?: readonly Integer[] | Integer | undefined; ceil_mode?: boolean | undefined; out: Tensor }): Tensor;
  };
  quantized_max_pool3d: {
    (self: Tensor, kernel_size: readonly Integer[] | Integer, stride?: readonly Integer[] | Integer, padding?: readonly Integer[] | Integer, dilation?: readonly Integer[] | Integer, ceil_mode?: boolean): Tensor;
    out(self: Tensor, kernel_size: readonly Integer[] | Integer, stride: readonly Integer[] | Integer | undefined, padding: readonly Integer[] | Integer | undefined, dilation: readonly Integer[] | Integer | undefined, ceil_mode: boolean | undefined, options: { stride?: readonly Integer[] | Integer | undefined; padding?: readonly Integer[] | Integer | undefined; dilation?: readonly Integer[] | Integer | undefined; ceil_mode?: boolean | undefined; out: Tensor }): Tensor;
  };
  quantized_rnn_relu_cell(input: Tensor, hx: Tensor, w_ih: Tensor, w_hh: Tensor, b_ih: Tensor, b_hh: Tensor, packed_ih: Tensor, packed_hh: Tensor, col_offsets_ih: Tensor, col_offsets_hh: Tensor, scale_ih: Scalar, scale_hh: Scalar, zero_point_ih: Scalar, zero_point_hh: Scalar): Tensor;
  quantized_rnn_tanh_cell(input: Tensor, hx: Tensor, w_ih: Tensor, w_hh: Tensor, b_ih: Tensor, b_hh: Tensor, packed_ih: Tensor, packed_hh: Tensor, col_offsets_ih: Tensor, col_offsets_hh: Tensor, scale_ih: Scalar, scale_hh: Scalar, zero_point_ih: Scalar, zero_point_hh: Scalar): Tensor;
  rad2deg: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  rad2deg_(self: Tensor): Tensor;
  rand: {
    (size: readonly Integer[], options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
    generator(size: readonly Integer[], options?: { generator?: Generator | null | undefined; dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
    generator_out(size: readonly Integer[], options: { generator?: Generator | null | undefined; out: Tensor }): Tensor;
    generator_with_names(size: readonly Integer[], options?: { generator?: Generator | null | undefined; names?: readonly string[] | null | undefined; dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
    generator_with_names_out(size: readonly Integer[], options: { generator?: Generator | null | undefined; names?: readonly string[] | null | undefined; out: Tensor }): Tensor;
    names(size: readonly Integer[], options?: { names?: readonly string[] | null | undefined; dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
    names_out(size: readonly Integer[], options: { names?: readonly string[] | null | undefined; out: Tensor }): Tensor;
    out(size: readonly Integer[], options: { out: Tensor }): Tensor;
  };
  rand_like: {
    (self: Tensor, options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined; memory_format?: MemoryFormat | null | undefined }): Tensor;
    generator(self: Tensor, options?: { generator?: Generator | null | undefined; dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined; memory_format?: MemoryFormat | null | undefined }): Tensor;
    generator_out(self: Tensor, options: { generator?: Generator | null | undefined; memory_format?: MemoryFormat | null | undefined; out: Tensor }): Tensor;
    out(self: Tensor, options: { memory_format?: MemoryFormat | null | undefined; out: Tensor }): Tensor;
  };
  randint: {
    (high: Integer, size: readonly Integer[], options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
    generator(high: Integer, size: readonly Integer[], options?: { generator?: Generator | null | undefined; dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
    generator_out(high: Integer, size: readonly Integer[], options: { generator?: Generator | null | undefined; out: Tensor }): Tensor;
    low(low: Integer, high: Integer, size: readonly Integer[], options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
    low_generator(low: Integer, high: Integer, size: readonly Integer[], options?: { generator?: Generator | null | undefined; dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
    low_generator_out(low: Integer, high: Integer, size: readonly Integer[], options: { generator?: Generator | null | undefined; out: Tensor }): Tensor;
    low_out(low: Integer, high: Integer, size: readonly Integer[], options: { out: Tensor }): Tensor;
    out(high: Integer, size: readonly Integer[], options: { out: Tensor }): Tensor;
  };
  randint_like: {
    (self: Tensor, high: Integer, options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined; memory_format?: MemoryFormat | null | undefined }): Tensor;
    Tensor(self: Tensor, high: Tensor, options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined; memory_format?: MemoryFormat | null | undefined }): Tensor;
    Tensor_generator(self: Tensor, high: Tensor, options?: { generator?: Generator | null | undefined; dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined; memory_format?: MemoryFormat | null | undefined }): Tensor;
    Tensor_generator_out(self: Tensor, high: Tensor, options: { generator?: Generator | null | undefined; memory_format?: MemoryFormat | null | undefined; out: Tensor }): Tensor;
    Tensor_out(self: Tensor, high: Tensor, options: { memory_format?: MemoryFormat | null | undefined; out: Tensor }): Tensor;
    generator(self: Tensor, high: Integer, options?: { generator?: Generator | null | undefined; dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined; memory_format?: MemoryFormat | null | undefined }): Tensor;
    generator_out(self: Tensor, high: Integer, options: { generator?: Generator | null | undefined; memory_format?: MemoryFormat | null | undefined; out: Tensor }): Tensor;
    low_dtype(self: Tensor, low: Integer, high: Integer, options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined; memory_format?: MemoryFormat | null | undefined }): Tensor;
    low_dtype_out(self: Tensor, low: Integer, high: Integer, options: { memory_format?: MemoryFormat | null | undefined; out: Tensor }): Tensor;
    low_generator_dtype(self: Tensor, low: Integer, high: Integer, options?: { generator?: Generator | null | undefined; dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined; memory_format?: MemoryFormat | null | undefined }): Tensor;
    low_generator_dtype_out(self: Tensor, low: Integer, high: Integer, options: { generator?: Generator | null | undefined; memory_format?: MemoryFormat | null | undefined; out: Tensor }): Tensor;
    out(self: Tensor, high: Integer, options: { memory_format?: MemoryFormat | null | undefined; out: Tensor }): Tensor;
  };
  randn: {
    (size: readonly Integer[], options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
    generator(size: readonly Integer[], options?: { generator?: Generator | null | undefined; dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
    generator_out(size: readonly Integer[], options: { generator?: Generator | null | undefined; out: Tensor }): Tensor;
    generator_with_names(size: readonly Integer[], options?: { generator?: Generator | null | undefined; names?: readonly string[] | null | undefined; dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
    generator_with_names_out(size: readonly Integer[], options: { generator?: Generator | null | undefined; names?: readonly string[] | null | undefined; out: Tensor }): Tensor;
    names(size: readonly Integer[], options?: { names?: readonly string[] | null | undefined; dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
    names_out(size: readonly Integer[], options: { names?: readonly string[] | null | undefined; out: Tensor }): Tensor;
    out(size: readonly Integer[], options: { out: Tensor }): Tensor;
  };
  randn_like: {
    (self: Tensor, options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined; memory_format?: MemoryFormat | null | undefined }): Tensor;
    generator(self: Tensor, options?: { generator?: Generator | null | undefined; dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined; memory_format?: MemoryFormat | null | undefined }): Tensor;
    generator_out(self: Tensor, options: { generator?: Generator | null | undefined; memory_format?: MemoryFormat | null | undefined; out: Tensor }): Tensor;
    out(self: Tensor, options: { memory_format?: MemoryFormat | null | undefined; out: Tensor }): Tensor;
  };
  random: {
    (self: Tensor, options?: { generator?: Generator | null | undefined }): Tensor;
    from(self: Tensor, from: Integer, to?: Integer | null, options?: { to?: Integer | null | undefined; generator?: Generator | null | undefined }): Tensor;
    from_out(self: Tensor, from: Integer, to: Integer | null | undefined, options: { to?: Integer | null | undefined; generator?: Generator | null | undefined; out: Tensor }): Tensor;
    out(self: Tensor, options: { generator?: Generator | null | undefined; out: Tensor }): Tensor;
    to(self: Tensor, to: Integer, options?: { generator?: Generator | null | undefined }): Tensor;
    to_out(self: Tensor, to: Integer, options: { generator?: Generator | null | undefined; out: Tensor }): Tensor;
  };
  random_: {
    (self: Tensor, options?: { generator?: Generator | null | undefined }): Tensor;
    from(self: Tensor, from: Integer, to?: Integer | null, options?: { to?: Integer | null | undefined; generator?: Generator | null | undefined }): Tensor;
    to(self: Tensor, to: Integer, options?: { generator?: Generator | null | undefined }): Tensor;
  };
  randperm: {
    (n: Integer, options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
    generator(n: Integer, options?: { generator?: Generator | null | undefined; dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
    generator_out(n: Integer, options: { generator?: Generator | null | undefined; out: Tensor }): Tensor;
    out(n: Integer, options: { out: Tensor }): Tensor;
  };
  range: {
    (start: Scalar, end: Scalar, options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
    out(start: Scalar, end: Scalar, step: Scalar | undefined, options: { step?: Scalar | undefined; out: Tensor }): Tensor;
    out_(start: Scalar, end: Scalar, options: { out: Tensor }): Tensor;
    step(start: Scalar, end: Scalar, step?: Scalar, options?: { step?: Scalar | undefined; dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
  };
  ravel(self: Tensor): Tensor;
  real(self: Tensor): Tensor;
  reciprocal: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  reciprocal_(self: Tensor): Tensor;
  refine_names(self: Tensor, names: readonly string[]): Tensor;
  reflection_pad1d: {
    (self: Tensor, padding: readonly Integer[] | Integer): Tensor;
    out(self: Tensor, padding: readonly Integer[] | Integer, options: { out: Tensor }): Tensor;
  };
  reflection_pad2d: {
    (self: Tensor, padding: readonly Integer[] | Integer): Tensor;
    out(self: Tensor, padding: readonly Integer[] | Integer, options: { out: Tensor }): Tensor;
  };
  reflection_pad3d: {
    (self: Tensor, padding: readonly Integer[] | Integer): Tensor;
    out(self: Tensor, padding: readonly Integer[] | Integer, options: { out: Tensor }): Tensor;
  };
  relu: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  relu6(self: Tensor): Tensor;
  relu6_(self: Tensor): Tensor;
  relu_(self: Tensor): Tensor;
  remainder: {
    Scalar(self: Tensor, other: Scalar): Tensor;
    Scalar_Tensor(self: Scalar, other: Tensor): Tensor;
    Scalar_Tensor_out(self: Scalar, other: Tensor, options: { out: Tensor }): Tensor;
    Scalar_out(self: Tensor, other: Scalar, options: { out: Tensor }): Tensor;
    Tensor(self: Tensor, other: Tensor): Tensor;
    Tensor_out(self: Tensor, other: Tensor, options: { out: Tensor }): Tensor;
  };
  remainder_: {
    Scalar(self: Tensor, other: Scalar): Tensor;
    Tensor(self: Tensor, other: Tensor): Tensor;
  };
  rename(self: Tensor, names?: readonly string[] | null): Tensor;
  rename_(self: Tensor, names?: readonly string[] | null): Tensor;
  renorm: {
    (self: Tensor, p: Scalar, dim: Integer, maxnorm: Scalar): Tensor;
    out(self: Tensor, p: Scalar, dim: Integer, maxnorm: Scalar, options: { out: Tensor }): Tensor;
  };
  renorm_(self: Tensor, p: Scalar, dim: Integer, maxnorm: Scalar): Tensor;
  repeat: {
    (self: Tensor, repeats: readonly Integer[]): Tensor;
    out(self: Tensor, repeats: readonly Integer[], options: { out: Tensor }): Tensor;
  };
  repeat_interleave: {
    Tensor(repeats: Tensor, options?: { output_size?: Integer | null | undefined }): Tensor;
    Tensor_out(repeats: Tensor, options: { output_size?: Integer | null | undefined; out: Tensor }): Tensor;
    self_Tensor(self: Tensor, repeats: Tensor, dim?: Integer | null, options?: { dim?: Integer | null | undefined; output_size?: Integer | null | undefined }): Tensor;
    self_int(self: Tensor, repeats: Integer, dim?: Integer | null, options?: { dim?: Integer | null | undefined; output_size?: Integer | null | undefined }): Tensor;
  };
  replication_pad1d: {
    (self: Tensor, padding: readonly Integer[] | Integer): Tensor;
    out(self: Tensor, padding: readonly Integer[] | Integer, options: { out: Tensor }): Tensor;
  };
  replication_pad2d: {
    (self: Tensor, padding: readonly Integer[] | Integer): Tensor;
    out(self: Tensor, padding: readonly Integer[] | Integer, options: { out: Tensor }): Tensor;
  };
  replication_pad3d: {
    (self: Tensor, padding: readonly Integer[] | Integer): Tensor;
    out(self: Tensor, padding: readonly Integer[] | Integer, options: { out: Tensor }): Tensor;
  };
  requires_grad_(self: Tensor, requires_grad?: boolean): Tensor;
  reshape(self: Tensor, shape: readonly Integer[]): Tensor;
  reshape_as(self: Tensor, other: Tensor): Tensor;
  resize: {
    (self: Tensor, size: readonly Integer[], options?: { memory_format?: MemoryFormat | null | undefined }): Tensor;
    out(self: Tensor, size: readonly Integer[], options: { memory_format?: MemoryFormat | null | undefined; out: Tensor }): Tensor;
  };
  resize_(self: Tensor, size: readonly Integer[], options?: { memory_format?: MemoryFormat | null | undefined }): Tensor;
  resize_as: {
    (self: Tensor, the_template: Tensor, options?: { memory_format?: MemoryFormat | null | undefined }): Tensor;
    out(self: Tensor, the_template: Tensor, options: { memory_format?: MemoryFormat | null | undefined; out: Tensor }): Tensor;
  };
  resize_as_(self: Tensor, the_template: Tensor, options?: { memory_format?: MemoryFormat | null | undefined }): Tensor;
  resize_as_sparse: {
    (self: Tensor, the_template: Tensor): Tensor;
    out(self: Tensor, the_template: Tensor, options: { out: Tensor }): Tensor;
  };
  resize_as_sparse_(self: Tensor, the_template: Tensor): Tensor;
  resolve_conj(self: Tensor): Tensor;
  resolve_neg(self: Tensor): Tensor;
  result_type: {
    Scalar(tensor: Tensor, other: Scalar): DType;
    Scalar_Scalar(scalar1: Scalar, scalar2: Scalar): DType;
    Scalar_Tensor(scalar: Scalar, tensor: Tensor): DType;
    Tensor(tensor: Tensor, other: Tensor): DType;
  };
  retain_grad(self: Tensor): void;
  retains_grad(self: Tensor): boolean;
  rms_norm(input: Tensor, normalized_shape: readonly Integer[], weight?: Tensor | null, eps?: number | null): Tensor;
  rnn_relu: {
    data(data: Tensor, batch_sizes: Tensor, hx: Tensor, params: readonly Tensor[], has_biases: boolean, num_layers: Integer, dropout: number, train: boolean, bidirectional: boolean): [Tensor, Tensor];
    input(input: Tensor, hx: Tensor, params: readonly Tensor[], has_biases: boolean, num_layers: Integer, dropout: number, train: boolean, bidirectional: boolean, batch_first: boolean): [Tensor, Tensor];
  };
  rnn_relu_cell(input: Tensor, hx: Tensor, w_ih: Tensor, w_hh: Tensor, b_ih?: Tensor | null, b_hh?: Tensor | null): Tensor;
  rnn_tanh: {
    data(data: Tensor, batch_sizes: Tensor, hx: Tensor, params: readonly Tensor[], has_biases: boolean, num_layers: Integer, dropout: number, train: boolean, bidirectional: boolean): [Tensor, Tensor];
    input(input: Tensor, hx: Tensor, params: readonly Tensor[], has_biases: boolean, num_layers: Integer, dropout: number, train: boolean, bidirectional: boolean, batch_first: boolean): [Tensor, Tensor];
  };
  rnn_tanh_cell(input: Tensor, hx: Tensor, w_ih: Tensor, w_hh: Tensor, b_ih?: Tensor | null, b_hh?: Tensor | null): Tensor;
  roll: {
    (self: Tensor, shifts: readonly Integer[] | Integer, dims?: readonly Integer[] | Integer): Tensor;
    out(self: Tensor, shifts: readonly Integer[] | Integer, dims: readonly Integer[] | Integer | undefined, options: { dims?: readonly Integer[] | Integer | undefined; out: Tensor }): Tensor;
  };
  rot90: {
    (self: Tensor, k?: Integer, dims?: readonly Integer[]): Tensor;
    out(self: Tensor, k: Integer | undefined, dims: readonly Integer[] | undefined, options: { k?: Integer | undefined; dims?: readonly Integer[] | undefined; out: Tensor }): Tensor;
  };
  round: {
    (self: Tensor): Tensor;
    decimals(self: Tensor, options: { decimals: Integer }): Tensor;
    decimals_out(self: Tensor, options: { decimals: Integer; out: Tensor }): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  round_: {
    (self: Tensor): Tensor;
    decimals(self: Tensor, options: { decimals: Integer }): Tensor;
  };
  row_indices(self: Tensor): Tensor;
  row_indices_copy: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  row_stack: {
    (tensors: readonly Tensor[]): Tensor;
    out(tensors: readonly Tensor[], options: { out: Tensor }): Tensor;
  };
  rrelu(self: Tensor, lower?: Scalar, upper?: Scalar, training?: boolean, generator?: Generator | null): Tensor;
  rrelu_(self: Tensor, lower?: Scalar, upper?: Scalar, training?: boolean, generator?: Generator | null): Tensor;
  rsqrt: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  rsqrt_(self: Tensor): Tensor;
  rsub: {
    Scalar(self: Tensor, other: Scalar, alpha?: Scalar): Tensor;
    Scalar_out(self: Tensor, other: Scalar, alpha: Scalar | undefined, options: { alpha?: Scalar | undefined; out: Tensor }): Tensor;
    Tensor(self: Tensor, other: Tensor, options?: { alpha?: Scalar | undefined }): Tensor;
    Tensor_out(self: Tensor, other: Tensor, options: { alpha?: Scalar | undefined; out: Tensor }): Tensor;
  };
  scalar_tensor: {
    (s: Scalar, options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
    out(s: Scalar, options: { out: Tensor }): Tensor;
  };
  scaled_dot_product_attention(query: Tensor, key: Tensor, value: Tensor, attn_mask?: Tensor | null, dropout_p?: number, is_causal?: boolean, options?: { attn_mask?: Tensor | null | undefined; dropout_p?: number | undefined; is_causal?: boolean | undefined; scale?: number | null | undefined; enable_gqa?: boolean | undefined }): Tensor;
  scatter: {
    dimname_src(self: Tensor, dim: string, index: Tensor, src: Tensor): Tensor;
    dimname_value(self: Tensor, dim: string, index: Tensor, value: Scalar): Tensor;
    reduce(self: Tensor, dim: Integer, index: Tensor, src: Tensor, options: { reduce: string }): Tensor;
    reduce_out(self: Tensor, dim: Integer, index: Tensor, src: Tensor, options: { reduce: string; out: Tensor }): Tensor;
    src(self: Tensor, dim: Integer, index: Tensor, src: Tensor): Tensor;
    src_out(self: Tensor, dim: Integer, index: Tensor, src: Tensor, options: { out: Tensor }): Tensor;
    value(self: Tensor, dim: Integer, index: Tensor, value: Scalar): Tensor;
    value_out(self: Tensor, dim: Integer, index: Tensor, value: Scalar, options: { out: Tensor }): Tensor;
    value_reduce(self: Tensor, dim: Integer, index: Tensor, value: Scalar, options: { reduce: string }): Tensor;
    value_reduce_out(self: Tensor, dim: Integer, index: Tensor, value: Scalar, options: { reduce: string; out: Tensor }): Tensor;
  };
  scatter_: {
    reduce(self: Tensor, dim: Integer, index: Tensor, src: Tensor, options: { reduce: string }): Tensor;
    src(self: Tensor, dim: Integer, index: Tensor, src: Tensor): Tensor;
    value(self: Tensor, dim: Integer, index: Tensor, value: Scalar): Tensor;
    value_reduce(self: Tensor, dim: Integer, index: Tensor, value: Scalar, options: { reduce: string }): Tensor;
  };
  scatter_add: {
    (self: Tensor, dim: Integer, index: Tensor, src: Tensor): Tensor;
    dimname(self: Tensor, dim: string, index: Tensor, src: Tensor): Tensor;
    out(self: Tensor, dim: Integer, index: Tensor, src: Tensor, options: { out: Tensor }): Tensor;
  };
  scatter_add_(self: Tensor, dim: Integer, index: Tensor, src: Tensor): Tensor;
  scatter_reduce: {
    two(self: Tensor, dim: Integer, index: Tensor, src: Tensor, reduce: string, options?: { include_self?: boolean | undefined }): Tensor;
    two_out(self: Tensor, dim: Integer, index: Tensor, src: Tensor, reduce: string, options: { include_self?: boolean | undefined; out: Tensor }): Tensor;
  };
  scatter_reduce_: {
    two(self: Tensor, dim: Integer, index: Tensor, src: Tensor, reduce: string, options?: { include_self?: boolean | undefined }): Tensor;
  };
  searchsorted: {
    Scalar(sorted_sequence: Tensor, self: Scalar, options?: { out_int32?: boolean | undefined; right?: boolean | undefined; side?: string | null | undefined; sorter?: Tensor | null | undefined }): Tensor;
    Scalar_out(sorted_sequence: Tensor, self: Scalar, options: { out_int32?: boolean | undefined; right?: boolean | undefined; side?: string | null | undefined; sorter?: Tensor | null | undefined; out: Tensor }): Tensor;
    Tensor(sorted_sequence: Tensor, self: Tensor, options?: { out_int32?: boolean | undefined; right?: boolean | undefined; side?: string | null | undefined; sorter?: Tensor | null | undefined }): Tensor;
    Tensor_out(sorted_sequence: Tensor, self: Tensor, options: { out_int32?: boolean | undefined; right?: boolean | undefined; side?: string | null | undefined; sorter?: Tensor | null | undefined; out: Tensor }): Tensor;
  };
  select: {
    Dimname(self: Tensor, dim: string, index: Integer): Tensor;
    int(self: Tensor, dim: Integer, index: Integer): Tensor;
  };
  select_copy: {
    int(self: Tensor, dim: Integer, index: Integer): Tensor;
    int_out(self: Tensor, dim: Integer, index: Integer, options: { out: Tensor }): Tensor;
  };
  select_scatter: {
    (self: Tensor, src: Tensor, dim: Integer, index: Integer): Tensor;
    out(self: Tensor, src: Tensor, dim: Integer, index: Integer, options: { out: Tensor }): Tensor;
  };
  selu(self: Tensor): Tensor;
  selu_(self: Tensor): Tensor;
  set: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
    source_Tensor(self: Tensor, source: Tensor): Tensor;
    source_Tensor_out(self: Tensor, source: Tensor, options: { out: Tensor }): Tensor;
  };
  set_data(self: Tensor, new_data: Tensor): void;
  sgn: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  sgn_(self: Tensor): Tensor;
  sigmoid: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  sigmoid_(self: Tensor): Tensor;
  sign: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  sign_(self: Tensor): Tensor;
  signbit: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  silu: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  silu_(self: Tensor): Tensor;
  sin: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  sin_(self: Tensor): Tensor;
  sinc: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  sinc_(self: Tensor): Tensor;
  sinh: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  sinh_(self: Tensor): Tensor;
  size: {
    Dimname(self: Tensor, dim: string): number;
    int(self: Tensor, dim: Integer): number;
  };
  slice: {
    Tensor(self: Tensor, dim?: Integer, start?: Integer | null, end?: Integer | null, step?: Integer): Tensor;
  };
  slice_copy: {
    Tensor(self: Tensor, dim?: Integer, start?: Integer | null, end?: Integer | null, step?: Integer): Tensor;
    Tensor_out(self: Tensor, dim: Integer | undefined, start: Integer | null | undefined, end: Integer | null | undefined, step: Integer | undefined, options: { dim?: Integer | undefined; start?: Integer | null | undefined; end?: Integer | null | undefined; step?: Integer | undefined; out: Tensor }): Tensor;
  };
  slice_inverse(self: Tensor, src: Tensor, dim?: Integer, start?: Integer | null, end?: Integer | null, step?: Integer): Tensor;
  slice_scatter: {
    (self: Tensor, src: Tensor, dim?: Integer, start?: Integer | null, end?: Integer | null, step?: Integer): Tensor;
    out(self: Tensor, src: Tensor, dim: Integer | undefined, start: Integer | null | undefined, end: Integer | null | undefined, step: Integer | undefined, options: { dim?: Integer | undefined; start?: Integer | null | undefined; end?: Integer | null | undefined; step?: Integer | undefined; out: Tensor }): Tensor;
  };
  slogdet: {
    (self: Tensor): [Tensor, Tensor];
    out(self: Tensor, options: { sign: Tensor; logabsdet: Tensor }): [Tensor, Tensor];
  };
  slow_conv_dilated2d: {
    (self: Tensor, weight: Tensor, kernel_size: readonly Integer[] | Integer, bias?: Tensor | null, stride?: readonly Integer[] | Integer, padding?: readonly Integer[] | Integer, dilation?: readonly Integer[] | Integer): Tensor;
    out(self: Tensor, weight: Tensor, kernel_size: readonly Integer[] | Integer, bias: Tensor | null | undefined, stride: readonly Integer[] | Integer | undefined, padding: readonly Integer[] | Integer | undefined, dilation: readonly Integer[] | Integer | undefined, options: { bias?: Tensor | null | undefined; stride?: readonly Integer[] | Integer | undefined; padding?: readonly Integer[] | Integer | undefined; dilation?: readonly Integer[] | Integer | undefined; out: Tensor }): Tensor;
  };
  slow_conv_dilated3d: {
    (self: Tensor, weight: Tensor, kernel_size: readonly Integer[] | Integer, bias?: Tensor | null, stride?: readonly Integer[] | Integer, padding?: readonly Integer[] | Integer, dilation?: readonly Integer[] | Integer): Tensor;
    out(self: Tensor, weight: Tensor, kernel_size: readonly Integer[] | Integer, bias: Tensor | null | undefined, stride: readonly Integer[] | Integer | undefined, padding: readonly Integer[] | Integer | undefined, dilation: readonly Integer[] | Integer | undefined, options: { bias?: Tensor | null | undefined; stride?: readonly Integer[] | Integer | undefined; padding?: readonly Integer[] | Integer | undefined; dilation?: readonly Integer[] | Integer | undefined; out: Tensor }): Tensor;
  };
  smm(self: Tensor, mat2: Tensor): Tensor;
  smooth_l1_loss: {
    (self: Tensor, target: Tensor, reduction?: Integer, beta?: number): Tensor;
    out(self: Tensor, target: Tensor, reduction: Integer | undefined, beta: number | undefined, options: { reduction?: Integer | undefined; beta?: number | undefined; out: Tensor }): Tensor;
  };
  soft_margin_loss: {
    (self: Tensor, target: Tensor, reduction?: Integer): Tensor;
    out(self: Tensor, target: Tensor, reduction: Integer | undefined, options: { reduction?: Integer | undefined; out: Tensor }): Tensor;
  };
  softmax: {
    Dimname(self: Tensor, dim: string, options?: { dtype?: DType | null | undefined }): Tensor;
    int(self: Tensor, dim: Integer, dtype?: DType | null): Tensor;
    int_out(self: Tensor, dim: Integer, dtype: DType | null | undefined, options: { dtype?: DType | null | undefined; out: Tensor }): Tensor;
  };
  softplus: {
    (self: Tensor, beta?: Scalar, threshold?: Scalar): Tensor;
    out(self: Tensor, beta: Scalar | undefined, threshold: Scalar | undefined, options: { beta?: Scalar | undefined; threshold?: Scalar | undefined; out: Tensor }): Tensor;
  };
  softshrink: {
    (self: Tensor, lambd?: Scalar): Tensor;
    out(self: Tensor, lambd: Scalar | undefined, options: { lambd?: Scalar | undefined; out: Tensor }): Tensor;
  };
  sort: {
    (self: Tensor, dim?: Integer, descending?: boolean): [Tensor, Tensor];
    dimname(self: Tensor, dim: string, descending?: boolean): [Tensor, Tensor];
    dimname_stable(self: Tensor, options: { stable?: boolean | null | undefined; dim: string; descending?: boolean | undefined }): [Tensor, Tensor];
    dimname_values(self: Tensor, dim: string, descending: boolean | undefined, options: { descending?: boolean | undefined; values: Tensor; indices: Tensor }): [Tensor, Tensor];
    dimname_values_stable(self: Tensor, options: { stable?: boolean | null | undefined; dim: string; descending?: boolean | undefined; values: Tensor; indices: Tensor }): [Tensor, Tensor];
    stable(self: Tensor, options?: { stable?: boolean | null | undefined; dim?: Integer | undefined; descending?: boolean | undefined }): [Tensor, Tensor];
    values(self: Tensor, dim: Integer | undefined, descending: boolean | undefined, options: { dim?: Integer | undefined; descending?: boolean | undefined; values: Tensor; indices: Tensor }): [Tensor, Tensor];
    values_stable(self: Tensor, options: { stable?: boolean | null | undefined; dim?: Integer | undefined; descending?: boolean | undefined; values: Tensor; indices: Tensor }): [Tensor, Tensor];
  };
  sparse_bsc_tensor: {
    ccol_row_value(ccol_indices: Tensor, row_indices: Tensor, values: Tensor, options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
    ccol_row_value_size(ccol_indices: Tensor, row_indices: Tensor, values: Tensor, size: readonly Integer[], options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
  };
  sparse_bsr_tensor: {
    crow_col_value(crow_indices: Tensor, col_indices: Tensor, values: Tensor, options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
    crow_col_value_size(crow_indices: Tensor, col_indices: Tensor, values: Tensor, size: readonly Integer[], options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
  };
  sparse_compressed_tensor: {
    comp_plain_value(compressed_indices: Tensor, plain_indices: Tensor, values: Tensor, options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
    comp_plain_value_size(compressed_indices: Tensor, plain_indices: Tensor, values: Tensor, size: readonly Integer[], options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
  };
  sparse_coo_tensor: {
    indices(indices: Tensor, values: Tensor, options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined; is_coalesced?: boolean | null | undefined }): Tensor;
    indices_size(indices: Tensor, values: Tensor, size: readonly Integer[], options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined; is_coalesced?: boolean | null | undefined }): Tensor;
    size(size: readonly Integer[], options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
    size_out(size: readonly Integer[], options: { out: Tensor }): Tensor;
  };
  sparse_csc_tensor: {
    ccol_row_value(ccol_indices: Tensor, row_indices: Tensor, values: Tensor, options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
    ccol_row_value_size(ccol_indices: Tensor, row_indices: Tensor, values: Tensor, size: readonly Integer[], options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
  };
  sparse_csr_tensor: {
    crow_col_value(crow_indices: Tensor, col_indices: Tensor, values: Tensor, options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
    crow_col_value_size(crow_indices: Tensor, col_indices: Tensor, values: Tensor, size: readonly Integer[], options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
  };
  sparse_dim(self: Tensor): number;
  sparse_mask: {
    (self: Tensor, mask: Tensor): Tensor;
    out(self: Tensor, mask: Tensor, options: { out: Tensor }): Tensor;
  };
  sparse_resize: {
    (self: Tensor, size: readonly Integer[], sparse_dim: Integer, dense_dim: Integer): Tensor;
    out(self: Tensor, size: readonly Integer[], sparse_dim: Integer, dense_dim: Integer, options: { out: Tensor }): Tensor;
  };
  sparse_resize_(self: Tensor, size: readonly Integer[], sparse_dim: Integer, dense_dim: Integer): Tensor;
  sparse_resize_and_clear: {
    (self: Tensor, size: readonly Integer[], sparse_dim: Integer, dense_dim: Integer): Tensor;
    out(self: Tensor, size: readonly Integer[], sparse_dim: Integer, dense_dim: Integer, options: { out: Tensor }): Tensor;
  };
  sparse_resize_and_clear_(self: Tensor, size: readonly Integer[], sparse_dim: Integer, dense_dim: Integer): Tensor;
  sparse_sampled_addmm: {
    (self: Tensor, mat1: Tensor, mat2: Tensor, options?: { beta?: Scalar | undefined; alpha?: Scalar | undefined }): Tensor;
    out(self: Tensor, mat1: Tensor, mat2: Tensor, options: { beta?: Scalar | undefined; alpha?: Scalar | undefined; out: Tensor }): Tensor;
  };
  special_airy_ai: {
    (x: Tensor): Tensor;
    out(x: Tensor, options: { out: Tensor }): Tensor;
  };
  special_bessel_j0: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  special_bessel_j1: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  special_bessel_y0: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  special_bessel_y1: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  special_digamma: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  special_entr: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  special_erf: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  special_erfc: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  special_erfcx: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  special_erfinv: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  special_exp2: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  special_expit: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  special_expm1: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  special_gammainc: {
    (self: Tensor, other: Tensor): Tensor;
    out(self: Tensor, other: Tensor, options: { out: Tensor }): Tensor;
  };
  special_gammaincc: {
    (self: Tensor, other: Tensor): Tensor;
    out(self: Tensor, other: Tensor, options: { out: Tensor }): Tensor;
  };
  special_gammaln: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  special_hermite_polynomial_h: {
    (x: Tensor, n: Tensor): Tensor;
    n_scalar(x: Tensor, n: Scalar): Tensor;
    n_scalar_out(x: Tensor, n: Scalar, options: { out: Tensor }): Tensor;
    out(x: Tensor, n: Tensor, options: { out: Tensor }): Tensor;
    x_scalar(x: Scalar, n: Tensor): Tensor;
    x_scalar_out(x: Scalar, n: Tensor, options: { out: Tensor }): Tensor;
  };
  special_hermite_polynomial_he: {
    (x: Tensor, n: Tensor): Tensor;
    n_scalar(x: Tensor, n: Scalar): Tensor;
    n_scalar_out(x: Tensor, n: Scalar, options: { out: Tensor }): Tensor;
    out(x: Tensor, n: Tensor, options: { out: Tensor }): Tensor;
    x_scalar(x: Scalar, n: Tensor): Tensor;
    x_scalar_out(x: Scalar, n: Tensor, options: { out: Tensor }): Tensor;
  };
  special_i0: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  special_i0e: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  special_i1: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  special_i1e: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  special_log1p: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  special_log_ndtr: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  special_log_softmax(self: Tensor, dim: Integer, options?: { dtype?: DType | null | undefined }): Tensor;
  special_logit: {
    (self: Tensor, eps?: number | null): Tensor;
    out(self: Tensor, eps: number | null | undefined, options: { eps?: number | null | undefined; out: Tensor }): Tensor;
  };
  special_logsumexp: {
    (self: Tensor, dim: readonly Integer[] | Integer, keepdim?: boolean): Tensor;
    out(self: Tensor, dim: readonly Integer[] | Integer, keepdim: boolean | undefined, options: { keepdim?: boolean | undefined; out: Tensor }): Tensor;
  };
  special_modified_bessel_i0: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  special_modified_bessel_i1: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  special_modified_bessel_k0: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  special_modified_bessel_k1: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  special_multigammaln: {
    (self: Tensor, p: Integer): Tensor;
    out(self: Tensor, p: Integer, options: { out: Tensor }): Tensor;
  };
  special_ndtr: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  special_ndtri: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  special_polygamma: {
    (n: Integer, self: Tensor): Tensor;
    out(n: Integer, self: Tensor, options: { out: Tensor }): Tensor;
  };
  special_psi: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  special_round: {
    (self: Tensor, options?: { decimals?: Integer | undefined }): Tensor;
    out(self: Tensor, options: { decimals?: Integer | undefined; out: Tensor }): Tensor;
  };
  special_scaled_modified_bessel_k0: {
    (x: Tensor): Tensor;
    out(x: Tensor, options: { out: Tensor }): Tensor;
  };
  special_scaled_modified_bessel_k1: {
    (x: Tensor): Tensor;
    out(x: Tensor, options: { out: Tensor }): Tensor;
  };
  special_sinc: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  special_softmax(self: Tensor, dim: Integer, dtype?: DType | null): Tensor;
  special_spherical_bessel_j0: {
    (x: Tensor): Tensor;
    out(x: Tensor, options: { out: Tensor }): Tensor;
  };
  special_xlog1py: {
    (self: Tensor, other: Tensor): Tensor;
    other_scalar(self: Tensor, other: Scalar): Tensor;
    other_scalar_out(self: Tensor, other: Scalar, options: { out: Tensor }): Tensor;
    out(self: Tensor, other: Tensor, options: { out: Tensor }): Tensor;
    self_scalar(self: Scalar, other: Tensor): Tensor;
    self_scalar_out(self: Scalar, other: Tensor, options: { out: Tensor }): Tensor;
  };
  special_xlogy: {
    (self: Tensor, other: Tensor): Tensor;
    other_scalar(self: Tensor, other: Scalar): Tensor;
    other_scalar_out(self: Tensor, other: Scalar, options: { out: Tensor }): Tensor;
    out(self: Tensor, other: Tensor, options: { out: Tensor }): Tensor;
    self_scalar(self: Scalar, other: Tensor): Tensor;
    self_scalar_out(self: Scalar, other: Tensor, options: { out: Tensor }): Tensor;
  };
  special_zeta: {
    (self: Tensor, other: Tensor): Tensor;
    other_scalar(self: Tensor, other: Scalar): Tensor;
    other_scalar_out(self: Tensor, other: Scalar, options: { out: Tensor }): Tensor;
    out(self: Tensor, other: Tensor, options: { out: Tensor }): Tensor;
    self_scalar(self: Scalar, other: Tensor): Tensor;
    self_scalar_out(self: Scalar, other: Tensor, options: { out: Tensor }): Tensor;
  };
  split: {
    Tensor(self: Tensor, split_size: Integer, dim?: Integer): Tensor[];
    sizes(self: Tensor, split_size: readonly Integer[], dim?: Integer): Tensor[];
  };
  split_copy: {
    Tensor(self: Tensor, split_size: Integer, dim?: Integer): Tensor[];
    Tensor_out(self: Tensor, split_size: Integer, dim: Integer | undefined, options: { dim?: Integer | undefined; out: readonly Tensor[] }): void;
  };
  split_with_sizes(self: Tensor, split_sizes: readonly Integer[], dim?: Integer): Tensor[];
  split_with_sizes_copy: {
    (self: Tensor, split_sizes: readonly Integer[], dim?: Integer): Tensor[];
    out(self: Tensor, split_sizes: readonly Integer[], dim: Integer | undefined, options: { dim?: Integer | undefined; out: readonly Tensor[] }): void;
  };
  sqrt: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  sqrt_(self: Tensor): Tensor;
  square: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  square_(self: Tensor): Tensor;
  squeeze: {
    (self: Tensor): Tensor;
    dim(self: Tensor, dim: Integer): Tensor;
    dimname(self: Tensor, dim: string): Tensor;
    dims(self: Tensor, dim: readonly Integer[]): Tensor;
  };
  squeeze_: {
    (self: Tensor): Tensor;
    dim(self: Tensor, dim: Integer): Tensor;
    dimname(self: Tensor, dim: string): Tensor;
    dims(self: Tensor, dim: readonly Integer[]): Tensor;
  };
  squeeze_copy: {
    (self: Tensor): Tensor;
    dim(self: Tensor, dim: Integer): Tensor;
    dim_out(self: Tensor, dim: Integer, options: { out: Tensor }): Tensor;
    dims(self: Tensor, dim: readonly Integer[]): Tensor;
    dims_out(self: Tensor, dim: readonly Integer[], options: { out: Tensor }): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  sspaddmm: {
    (self: Tensor, mat1: Tensor, mat2: Tensor, options?: { beta?: Scalar | undefined; alpha?: Scalar | undefined }): Tensor;
    out(self: Tensor, mat1: Tensor, mat2: Tensor, options: { beta?: Scalar | undefined; alpha?: Scalar | undefined; out: Tensor }): Tensor;
  };
  stack: {
    (tensors: readonly Tensor[], dim?: Integer): Tensor;
    out(tensors: readonly Tensor[], dim: Integer | undefined, options: { dim?: Integer | undefined; out: Tensor }): Tensor;
  };
  std: {
    (self: Tensor, unbiased?: boolean): Tensor;
    correction(self: Tensor, dim?: readonly Integer[] | Integer | null, options?: { dim?: readonly Integer[] | Integer | null | undefined; correction?: Scalar | null | undefined; keepdim?: boolean | undefined }): Tensor;
    correction_names(self: Tensor, dim: readonly string[] | string, options?: { correction?: Scalar | null | undefined; keepdim?: boolean | undefined }): Tensor;
    correction_names_out(self: Tensor, dim: readonly string[] | string, options: { correction?: Scalar | null | undefined; keepdim?: boolean | undefined; out: Tensor }): Tensor;
    correction_out(self: Tensor, dim: readonly Integer[] | Integer | null | undefined, options: { dim?: readonly Integer[] | Integer | null | undefined; correction?: Scalar | null | undefined; keepdim?: boolean | undefined; out: Tensor }): Tensor;
    dim(self: Tensor, dim?: readonly Integer[] | Integer | null, unbiased?: boolean, keepdim?: boolean): Tensor;
    names_dim(self: Tensor, dim: readonly string[] | string, unbiased?: boolean, keepdim?: boolean): Tensor;
    names_out(self: Tensor, dim: readonly string[] | string, unbiased: boolean | undefined, keepdim: boolean | undefined, options: { unbiased?: boolean | undefined; keepdim?: boolean | undefined; out: Tensor }): Tensor;
    out(self: Tensor, dim: readonly Integer[] | Integer | null | undefined, unbiased: boolean | undefined, keepdim: boolean | undefined, options: { dim?: readonly Integer[] | Integer | null | undefined; unbiased?: boolean | undefined; keepdim?: boolean | undefined; out: Tensor }): Tensor;
  };
  std_mean: {
    (self: Tensor, unbiased?: boolean): [Tensor, Tensor];
    correction(self: Tensor, dim?: readonly Integer[] | Integer | null, options?: { dim?: readonly Integer[] | Integer | null | undefined; correction?: Scalar | null | undefined; keepdim?: boolean | undefined }): [Tensor, Tensor];
    correction_names(self: Tensor, dim: readonly string[] | string, options?: { correction?: Scalar | null | undefined; keepdim?: boolean | undefined }): [Tensor, Tensor];
    correction_out(self: Tensor, dim: readonly Integer[] | Integer | null | undefined, options: { dim?: readonly Integer[] | Integer | null | undefined; correction?: Scalar | null | undefined; keepdim?: boolean | undefined; out0: Tensor; out1: Tensor }): [Tensor, Tensor];
    dim(self: Tensor, dim?: readonly Integer[] | Integer | null, unbiased?: boolean, keepdim?: boolean): [Tensor, Tensor];
    names_dim(self: Tensor, dim: readonly string[] | string, unbiased?: boolean, keepdim?: boolean): [Tensor, Tensor];
  };
  stft: {
    (self: Tensor, n_fft: Integer, hop_length?: Integer | null, win_length?: Integer | null, window?: Tensor | null, normalized?: boolean, onesided?: boolean | null, return_complex?: boolean | null, align_to_window?: boolean | null): Tensor;
    center(self: Tensor, n_fft: Integer, hop_length?: Integer | null, win_length?: Integer | null, window?: Tensor | null, center?: boolean, pad_mode?: string, normalized?: boolean, onesided?: boolean | null, return_complex?: boolean | null, align_to_window?: boolean | null): Tensor;
  };
  stride: {
    Dimname(self: Tensor, dim: string): number;
    int(self: Tensor, dim: Integer): number;
  };
  sub: {
    Scalar(self: Tensor, other: Scalar, alpha?: Scalar): Tensor;
    Scalar_out(self: Tensor, other: Scalar, alpha: Scalar | undefined, options: { alpha?: Scalar | undefined; out: Tensor }): Tensor;
    Tensor(self: Tensor, other: Tensor, options?: { alpha?: Scalar | undefined }): Tensor;
    out(self: Tensor, other: Tensor, options: { alpha?: Scalar | undefined; out: Tensor }): Tensor;
  };
  sub_: {
    Scalar(self: Tensor, other: Scalar, alpha?: Scalar): Tensor;
    Tensor(self: Tensor, other: Tensor, options?: { alpha?: Scalar | undefined }): Tensor;
  };
  subtract: {
    Scalar(self: Tensor, other: Scalar, alpha?: Scalar): Tensor;
    Tensor(self: Tensor, other: Tensor, options?: { alpha?: Scalar | undefined }): Tensor;
    out(self: Tensor, other: Tensor, options: { alpha?: Scalar | undefined; out: Tensor }): Tensor;
  };
  subtract_: {
    Scalar(self: Tensor, other: Scalar, alpha?: Scalar): Tensor;
    Tensor(self: Tensor, other: Tensor, options?: { alpha?: Scalar | undefined }): Tensor;
  };
  sum: {
    (self: Tensor, options?: { dtype?: DType | null | undefined }): Tensor;
    DimnameList_out(self: Tensor, dim: readonly string[] | string, keepdim: boolean | undefined, options: { keepdim?: boolean | undefined; dtype?: DType | null | undefined; out: Tensor }): Tensor;
    IntList_out(self: Tensor, dim: readonly Integer[] | Integer | null | undefined, keepdim: boolean | undefined, options: { dim?: readonly Integer[] | Integer | null | undefined; keepdim?: boolean | undefined; dtype?: DType | null | undefined; out: Tensor }): Tensor;
    dim_DimnameList(self: Tensor, dim: readonly string[] | string, keepdim?: boolean, options?: { keepdim?: boolean | undefined; dtype?: DType | null | undefined }): Tensor;
    dim_IntList(self: Tensor, dim?: readonly Integer[] | Integer | null, keepdim?: boolean, options?: { dim?: readonly Integer[] | Integer | null | undefined; keepdim?: boolean | undefined; dtype?: DType | null | undefined }): Tensor;
    out(self: Tensor, options: { dtype?: DType | null | undefined; out: Tensor }): Tensor;
  };
  sum_to_size(self: Tensor, size: readonly Integer[]): Tensor;
  svd: {
    (self: Tensor, some?: boolean, compute_uv?: boolean): [Tensor, Tensor, Tensor];
    U(self: Tensor, some: boolean | undefined, compute_uv: boolean | undefined, options: { some?: boolean | undefined; compute_uv?: boolean | undefined; U: Tensor; S: Tensor; V: Tensor }): [Tensor, Tensor, Tensor];
  };
  swapaxes(self: Tensor, axis0: Integer, axis1: Integer): Tensor;
  swapaxes_(self: Tensor, axis0: Integer, axis1: Integer): Tensor;
  swapdims(self: Tensor, dim0: Integer, dim1: Integer): Tensor;
  swapdims_(self: Tensor, dim0: Integer, dim1: Integer): Tensor;
  sym_constrain_range(size: Scalar, options?: { min?: Integer | null | undefined; max?: Integer | null | undefined }): void;
  sym_constrain_range_for_size(size: Scalar, options?: { min?: Integer | null | undefined; max?: Integer | null | undefined }): void;
  sym_is_contiguous(self: Tensor, memory_format?: MemoryFormat): boolean;
  sym_numel(self: Tensor): number;
  sym_size: {
    int(self: Tensor, dim: Integer): number;
  };
  sym_storage_offset(self: Tensor): number;
  sym_stride: {
    int(self: Tensor, dim: Integer): number;
  };
  t(self: Tensor): Tensor;
  t_(self: Tensor): Tensor;
  t_copy: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  take: {
    (self: Tensor, index: Tensor): Tensor;
    out(self: Tensor, index: Tensor, options: { out: Tensor }): Tensor;
  };
  take_along_dim: {
    (self: Tensor, indices: Tensor, dim?: Integer | null): Tensor;
    out(self: Tensor, indices: Tensor, dim: Integer | null | undefined, options: { dim?: Integer | null | undefined; out: Tensor }): Tensor;
  };
  tan: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  tan_(self: Tensor): Tensor;
  tanh: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  tanh_(self: Tensor): Tensor;
  tensor_split: {
    indices(self: Tensor, indices: readonly Integer[], dim?: Integer): Tensor[];
    sections(self: Tensor, sections: Integer, dim?: Integer): Tensor[];
    tensor_indices_or_sections(self: Tensor, tensor_indices_or_sections: Tensor, dim?: Integer): Tensor[];
  };
  tensordot: {
    (self: Tensor, other: Tensor, dims_self: readonly Integer[], dims_other: readonly Integer[]): Tensor;
    out(self: Tensor, other: Tensor, dims_self: readonly Integer[], dims_other: readonly Integer[], options: { out: Tensor }): Tensor;
  };
  thnn_conv2d: {
    (self: Tensor, weight: Tensor, kernel_size: readonly Integer[] | Integer, bias?: Tensor | null, stride?: readonly Integer[] | Integer, padding?: readonly Integer[] | Integer): Tensor;
    out(self: Tensor, weight: Tensor, kernel_size: readonly Integer[] | Integer, bias: Tensor | null | undefined, stride: readonly Integer[] | Integer | undefined, padding: readonly Integer[] | Integer | undefined, options: { bias?: Tensor | null | undefined; stride?: readonly Integer[] | Integer | undefined; padding?: readonly Integer[] | Integer | undefined; out: Tensor }): Tensor;
  };
  threshold: {
    (self: Tensor, threshold: Scalar, value: Scalar): Tensor;
    out(self: Tensor, threshold: Scalar, value: Scalar, options: { out: Tensor }): Tensor;
  };
  threshold_(self: Tensor, threshold: Scalar, value: Scalar): Tensor;
  tile(self: Tensor, dims: readonly Integer[]): Tensor;
  to: {
    device(self: Tensor, device: string, dtype: DType, non_blocking?: boolean, copy?: boolean, memory_format?: MemoryFormat | null): Tensor;
    dtype(self: Tensor, dtype: DType, non_blocking?: boolean, copy?: boolean, memory_format?: MemoryFormat | null): Tensor;
    dtype_layout(self: Tensor, options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined; non_blocking?: boolean | undefined; copy?: boolean | undefined; memory_format?: MemoryFormat | null | undefined }): Tensor;
    other(self: Tensor, other: Tensor, non_blocking?: boolean, copy?: boolean, memory_format?: MemoryFormat | null): Tensor;
  };
  to_dense(self: Tensor, dtype?: DType | null, options?: { dtype?: DType | null | undefined; masked_grad?: boolean | null | undefined }): Tensor;
  to_mkldnn: {
    (self: Tensor, dtype?: DType | null): Tensor;
    out(self: Tensor, dtype: DType | null | undefined, options: { dtype?: DType | null | undefined; out: Tensor }): Tensor;
  };
  to_padded_tensor: {
    (self: Tensor, padding: number, output_size?: readonly Integer[] | null): Tensor;
    out(self: Tensor, padding: number, output_size: readonly Integer[] | null | undefined, options: { output_size?: readonly Integer[] | null | undefined; out: Tensor }): Tensor;
  };
  to_sparse: {
    (self: Tensor, options?: { layout?: Layout | null | undefined; blocksize?: readonly Integer[] | Integer | null | undefined; dense_dim?: Integer | null | undefined }): Tensor;
    sparse_dim(self: Tensor, sparse_dim: Integer): Tensor;
  };
  to_sparse_bsc(self: Tensor, blocksize: readonly Integer[] | Integer, dense_dim?: Integer | null): Tensor;
  to_sparse_bsr(self: Tensor, blocksize: readonly Integer[] | Integer, dense_dim?: Integer | null): Tensor;
  to_sparse_csc(self: Tensor, dense_dim?: Integer | null): Tensor;
  to_sparse_csr(self: Tensor, dense_dim?: Integer | null): Tensor;
  topk: {
    (self: Tensor, k: Integer, dim?: Integer, largest?: boolean, sorted?: boolean): [Tensor, Tensor];
    values(self: Tensor, k: Integer, dim: Integer | undefined, largest: boolean | undefined, sorted: boolean | undefined, options: { dim?: Integer | undefined; largest?: boolean | undefined; sorted?: boolean | undefined; values: Tensor; indices: Tensor }): [Tensor, Tensor];
  };
  trace: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  transpose: {
    Dimname(self: Tensor, dim0: string, dim1: string): Tensor;
    int(self: Tensor, dim0: Integer, dim1: Integer): Tensor;
  };
  transpose_(self: Tensor, dim0: Integer, dim1: Integer): Tensor;
  transpose_copy: {
    int(self: Tensor, dim0: Integer, dim1: Integer): Tensor;
    int_out(self: Tensor, dim0: Integer, dim1: Integer, options: { out: Tensor }): Tensor;
  };
  trapezoid: {
    dx(y: Tensor, options?: { dx?: Scalar | undefined; dim?: Integer | undefined }): Tensor;
    x(y: Tensor, x: Tensor, options?: { dim?: Integer | undefined }): Tensor;
  };
  trapz: {
    dx(y: Tensor, options?: { dx?: number | undefined; dim?: Integer | undefined }): Tensor;
    x(y: Tensor, x: Tensor, options?: { dim?: Integer | undefined }): Tensor;
  };
  triangular_solve: {
    (self: Tensor, A: Tensor, upper?: boolean, transpose?: boolean, unitriangular?: boolean): [Tensor, Tensor];
    X(self: Tensor, A: Tensor, upper: boolean | undefined, transpose: boolean | undefined, unitriangular: boolean | undefined, options: { upper?: boolean | undefined; transpose?: boolean | undefined; unitriangular?: boolean | undefined; X: Tensor; M: Tensor }): [Tensor, Tensor];
  };
  tril: {
    (self: Tensor, diagonal?: Integer): Tensor;
    out(self: Tensor, diagonal: Integer | undefined, options: { diagonal?: Integer | undefined; out: Tensor }): Tensor;
  };
  tril_(self: Tensor, diagonal?: Integer): Tensor;
  tril_indices: {
    (row: Integer, col: Integer, offset?: Integer, options?: { offset?: Integer | undefined; dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
    out(row: Integer, col: Integer, offset: Integer | undefined, options: { offset?: Integer | undefined; out: Tensor }): Tensor;
  };
  triplet_margin_loss(anchor: Tensor, positive: Tensor, negative: Tensor, margin?: number, p?: number, eps?: number, swap?: boolean, reduction?: Integer): Tensor;
  triu: {
    (self: Tensor, diagonal?: Integer): Tensor;
    out(self: Tensor, diagonal: Integer | undefined, options: { diagonal?: Integer | undefined; out: Tensor }): Tensor;
  };
  triu_(self: Tensor, diagonal?: Integer): Tensor;
  triu_indices: {
    (row: Integer, col: Integer, offset?: Integer, options?: { offset?: Integer | undefined; dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
    out(row: Integer, col: Integer, offset: Integer | undefined, options: { offset?: Integer | undefined; out: Tensor }): Tensor;
  };
  true_divide: {
    Scalar(self: Tensor, other: Scalar): Tensor;
    Tensor(self: Tensor, other: Tensor): Tensor;
    out(self: Tensor, other: Tensor, options: { out: Tensor }): Tensor;
  };
  true_divide_: {
    Scalar(self: Tensor, other: Scalar): Tensor;
    Tensor(self: Tensor, other: Tensor): Tensor;
  };
  trunc: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  trunc_(self: Tensor): Tensor;
  type_as(self: Tensor, other: Tensor): Tensor;
  unbind: {
    Dimname(self: Tensor, dim: string): Tensor[];
    int(self: Tensor, dim?: Integer): Tensor[];
  };
  unbind_copy: {
    int(self: Tensor, dim?: Integer): Tensor[];
    int_out(self: Tensor, dim: Integer | undefined, options: { dim?: Integer | undefined; out: readonly Tensor[] }): void;
  };
  unflatten: {
    Dimname(self: Tensor, dim: string, sizes: readonly Integer[], names: readonly string[]): Tensor;
    int(self: Tensor, dim: Integer, sizes: readonly Integer[]): Tensor;
  };
  unflatten_dense_tensors(flat: Tensor, tensors: readonly Tensor[]): Tensor[];
  unfold(self: Tensor, dimension: Integer, size: Integer, step: Integer): Tensor;
  unfold_copy: {
    (self: Tensor, dimension: Integer, size: Integer, step: Integer): Tensor;
    out(self: Tensor, dimension: Integer, size: Integer, step: Integer, options: { out: Tensor }): Tensor;
  };
  uniform: {
    (self: Tensor, from?: number, to?: number, options?: { from?: number | undefined; to?: number | undefined; generator?: Generator | null | undefined }): Tensor;
    out(self: Tensor, from: number | undefined, to: number | undefined, options: { from?: number | undefined; to?: number | undefined; generator?: Generator | null | undefined; out: Tensor }): Tensor;
  };
  uniform_(self: Tensor, from?: number, to?: number, options?: { from?: number | undefined; to?: number | undefined; generator?: Generator | null | undefined }): Tensor;
  unique_consecutive: {
    (self: Tensor, return_inverse?: boolean, return_counts?: boolean, dim?: Integer | null): [Tensor, Tensor, Tensor];
    out(self: Tensor, return_inverse: boolean | undefined, return_counts: boolean | undefined, dim: Integer | null | undefined, options: { return_inverse?: boolean | undefined; return_counts?: boolean | undefined; dim?: Integer | null | undefined; out0: Tensor; out1: Tensor; out2: Tensor }): [Tensor, Tensor, Tensor];
  };
  unique_dim: {
    (self: Tensor, dim: Integer, sorted?: boolean, return_inverse?: boolean, return_counts?: boolean): [Tensor, Tensor, Tensor];
    out(self: Tensor, dim: Integer, sorted: boolean | undefined, return_inverse: boolean | undefined, return_counts: boolean | undefined, options: { sorted?: boolean | undefined; return_inverse?: boolean | undefined; return_counts?: boolean | undefined; out0: Tensor; out1: Tensor; out2: Tensor }): [Tensor, Tensor, Tensor];
  };
  unique_dim_consecutive: {
    (self: Tensor, dim: Integer, return_inverse?: boolean, return_counts?: boolean): [Tensor, Tensor, Tensor];
    out(self: Tensor, dim: Integer, return_inverse: boolean | undefined, return_counts: boolean | undefined, options: { return_inverse?: boolean | undefined; return_counts?: boolean | undefined; out0: Tensor; out1: Tensor; out2: Tensor }): [Tensor, Tensor, Tensor];
  };
  unsafe_chunk(self: Tensor, chunks: Integer, dim?: Integer): Tensor[];
  unsafe_split: {
    Tensor(self: Tensor, split_size: Integer, dim?: Integer): Tensor[];
    Tensor_out(self: Tensor, split_size: Integer, dim: Integer | undefined, options: { dim?: Integer | undefined; out: readonly Tensor[] }): void;
  };
  unsafe_split_with_sizes: {
    (self: Tensor, split_sizes: readonly Integer[], dim?: Integer): Tensor[];
    out(self: Tensor, split_sizes: readonly Integer[], dim: Integer | undefined, options: { dim?: Integer | undefined; out: readonly Tensor[] }): void;
  };
  unsqueeze(self: Tensor, dim: Integer): Tensor;
  unsqueeze_(self: Tensor, dim: Integer): Tensor;
  unsqueeze_copy: {
    (self: Tensor, dim: Integer): Tensor;
    out(self: Tensor, dim: Integer, options: { out: Tensor }): Tensor;
  };
  upsample_bicubic2d: {
    (self: Tensor, output_size: readonly Integer[] | Integer, align_corners: boolean, scales_h?: number | null, scales_w?: number | null): Tensor;
    out(self: Tensor, output_size: readonly Integer[] | Integer, align_corners: boolean, scales_h: number | null | undefined, scales_w: number | null | undefined, options: { scales_h?: number | null | undefined; scales_w?: number | null | undefined; out: Tensor }): Tensor;
    vec(input: Tensor, output_size: readonly Integer[] | null, align_corners: boolean, scale_factors?: readonly number[] | null): Tensor;
  };
  upsample_bilinear2d: {
    (self: Tensor, output_size: readonly Integer[] | Integer, align_corners: boolean, scales_h?: number | null, scales_w?: number | null): Tensor;
    out(self: Tensor, output_size: readonly Integer[] | Integer, align_corners: boolean, scales_h: number | null | undefined, scales_w: number | null | undefined, options: { scales_h?: number | null | undefined; scales_w?: number | null | undefined; out: Tensor }): Tensor;
    vec(input: Tensor, output_size: readonly Integer[] | null, align_corners: boolean, scale_factors?: readonly number[] | null): Tensor;
    vec_out(input: Tensor, output_size: readonly Integer[] | null, align_corners: boolean, scale_factors: readonly number[] | null | undefined, options: { scale_factors?: readonly number[] | null | undefined; out: Tensor }): Tensor;
  };
  upsample_linear1d: {
    (self: Tensor, output_size: readonly Integer[] | Integer, align_corners: boolean, scales?: number | null): Tensor;
    out(self: Tensor, output_size: readonly Integer[] | Integer, align_corners: boolean, scales: number | null | undefined, options: { scales?: number | null | undefined; out: Tensor }): Tensor;
    vec(input: Tensor, output_size: readonly Integer[] | null, align_corners: boolean, scale_factors?: readonly number[] | null): Tensor;
  };
  upsample_nearest1d: {
    (self: Tensor, output_size: readonly Integer[] | Integer, scales?: number | null): Tensor;
    out(self: Tensor, output_size: readonly Integer[] | Integer, scales: number | null | undefined, options: { scales?: number | null | undefined; out: Tensor }): Tensor;
    vec(input: Tensor, output_size?: readonly Integer[] | null, scale_factors?: readonly number[] | null): Tensor;
  };
  upsample_nearest2d: {
    (self: Tensor, output_size: readonly Integer[] | Integer, scales_h?: number | null, scales_w?: number | null): Tensor;
    out(self: Tensor, output_size: readonly Integer[] | Integer, scales_h: number | null | undefined, scales_w: number | null | undefined, options: { scales_h?: number | null | undefined; scales_w?: number | null | undefined; out: Tensor }): Tensor;
    vec(input: Tensor, output_size?: readonly Integer[] | null, scale_factors?: readonly number[] | null): Tensor;
    vec_out(input: Tensor, output_size: readonly Integer[] | null | undefined, scale_factors: readonly number[] | null | undefined, options: { output_size?: readonly Integer[] | null | undefined; scale_factors?: readonly number[] | null | undefined; out: Tensor }): Tensor;
  };
  upsample_nearest3d: {
    (self: Tensor, output_size: readonly Integer[] | Integer, scales_d?: number | null, scales_h?: number | null, scales_w?: number | null): Tensor;
    out(self: Tensor, output_size: readonly Integer[] | Integer, scales_d: number | null | undefined, scales_h: number | null | undefined, scales_w: number | null | undefined, options: { scales_d?: number | null | undefined; scales_h?: number | null | undefined; scales_w?: number | null | undefined; out: Tensor }): Tensor;
    vec(input: Tensor, output_size?: readonly Integer[] | null, scale_factors?: readonly number[] | null): Tensor;
  };
  upsample_trilinear3d: {
    (self: Tensor, output_size: readonly Integer[] | Integer, align_corners: boolean, scales_d?: number | null, scales_h?: number | null, scales_w?: number | null): Tensor;
    out(self: Tensor, output_size: readonly Integer[] | Integer, align_corners: boolean, scales_d: number | null | undefined, scales_h: number | null | undefined, scales_w: number | null | undefined, options: { scales_d?: number | null | undefined; scales_h?: number | null | undefined; scales_w?: number | null | undefined; out: Tensor }): Tensor;
    vec(input: Tensor, output_size: readonly Integer[] | null, align_corners: boolean, scale_factors?: readonly number[] | null): Tensor;
  };
  values(self: Tensor): Tensor;
  values_copy: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  vander(x: Tensor, N?: Integer | null, increasing?: boolean): Tensor;
  var: {
    (self: Tensor, unbiased?: boolean): Tensor;
    correction(self: Tensor, dim?: readonly Integer[] | Integer | null, options?: { dim?: readonly Integer[] | Integer | null | undefined; correction?: Scalar | null | undefined; keepdim?: boolean | undefined }): Tensor;
    correction_names(self: Tensor, dim: readonly string[] | string, options?: { correction?: Scalar | null | undefined; keepdim?: boolean | undefined }): Tensor;
    correction_names_out(self: Tensor, dim: readonly string[] | string, options: { correction?: Scalar | null | undefined; keepdim?: boolean | undefined; out: Tensor }): Tensor;
    correction_out(self: Tensor, dim: readonly Integer[] | Integer | null | undefined, options: { dim?: readonly Integer[] | Integer | null | undefined; correction?: Scalar | null | undefined; keepdim?: boolean | undefined; out: Tensor }): Tensor;
    dim(self: Tensor, dim?: readonly Integer[] | Integer | null, unbiased?: boolean, keepdim?: boolean): Tensor;
    names_dim(self: Tensor, dim: readonly string[] | string, unbiased?: boolean, keepdim?: boolean): Tensor;
    names_out(self: Tensor, dim: readonly string[] | string, unbiased: boolean | undefined, keepdim: boolean | undefined, options: { unbiased?: boolean | undefined; keepdim?: boolean | undefined; out: Tensor }): Tensor;
    out(self: Tensor, dim: readonly Integer[] | Integer | null | undefined, unbiased: boolean | undefined, keepdim: boolean | undefined, options: { dim?: readonly Integer[] | Integer | null | undefined; unbiased?: boolean | undefined; keepdim?: boolean | undefined; out: Tensor }): Tensor;
  };
  var_mean: {
    (self: Tensor, unbiased?: boolean): [Tensor, Tensor];
    correction(self: Tensor, dim?: readonly Integer[] | Integer | null, options?: { dim?: readonly Integer[] | Integer | null | undefined; correction?: Scalar | null | undefined; keepdim?: boolean | undefined }): [Tensor, Tensor];
    correction_names(self: Tensor, dim: readonly string[] | string, options?: { correction?: Scalar | null | undefined; keepdim?: boolean | undefined }): [Tensor, Tensor];
    correction_out(self: Tensor, dim: readonly Integer[] | Integer | null | undefined, options: { dim?: readonly Integer[] | Integer | null | undefined; correction?: Scalar | null | undefined; keepdim?: boolean | undefined; out0: Tensor; out1: Tensor }): [Tensor, Tensor];
    dim(self: Tensor, dim?: readonly Integer[] | Integer | null, unbiased?: boolean, keepdim?: boolean): [Tensor, Tensor];
    names_dim(self: Tensor, dim: readonly string[] | string, unbiased?: boolean, keepdim?: boolean): [Tensor, Tensor];
  };
  vdot: {
    (self: Tensor, other: Tensor): Tensor;
    out(self: Tensor, other: Tensor, options: { out: Tensor }): Tensor;
  };
  view: {
    (self: Tensor, size: readonly Integer[]): Tensor;
    dtype(self: Tensor, dtype: DType): Tensor;
  };
  view_as(self: Tensor, other: Tensor): Tensor;
  view_as_complex(self: Tensor): Tensor;
  view_as_complex_copy: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  view_as_real(self: Tensor): Tensor;
  view_as_real_copy: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  view_copy: {
    (self: Tensor, size: readonly Integer[]): Tensor;
    dtype(self: Tensor, dtype: DType): Tensor;
    dtype_out(self: Tensor, dtype: DType, options: { out: Tensor }): Tensor;
    out(self: Tensor, size: readonly Integer[], options: { out: Tensor }): Tensor;
  };
  vsplit: {
    array(self: Tensor, indices: readonly Integer[]): Tensor[];
    int(self: Tensor, sections: Integer): Tensor[];
  };
  vstack: {
    (tensors: readonly Tensor[]): Tensor;
    out(tensors: readonly Tensor[], options: { out: Tensor }): Tensor;
  };
  where: {
    (condition: Tensor): Tensor[];
    Scalar(condition: Tensor, self: Scalar, other: Scalar): Tensor;
    ScalarOther(condition: Tensor, self: Tensor, other: Scalar): Tensor;
    ScalarSelf(condition: Tensor, self: Scalar, other: Tensor): Tensor;
    self(condition: Tensor, self: Tensor, other: Tensor): Tensor;
    self_out(condition: Tensor, self: Tensor, other: Tensor, options: { out: Tensor }): Tensor;
  };
  xlogy: {
    OutScalar_Other(self: Tensor, other: Scalar, options: { out: Tensor }): Tensor;
    OutScalar_Self(self: Scalar, other: Tensor, options: { out: Tensor }): Tensor;
    OutTensor(self: Tensor, other: Tensor, options: { out: Tensor }): Tensor;
    Scalar_Other(self: Tensor, other: Scalar): Tensor;
    Scalar_Self(self: Scalar, other: Tensor): Tensor;
    Tensor(self: Tensor, other: Tensor): Tensor;
  };
  xlogy_: {
    Scalar_Other(self: Tensor, other: Scalar): Tensor;
    Tensor(self: Tensor, other: Tensor): Tensor;
  };
  zero: {
    (self: Tensor): Tensor;
    out(self: Tensor, options: { out: Tensor }): Tensor;
  };
  zero_(self: Tensor): Tensor;
  zeros: {
    (size: readonly Integer[], options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
    names(size: readonly Integer[], options?: { names?: readonly string[] | null | undefined; dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined }): Tensor;
    names_out(size: readonly Integer[], options: { names?: readonly string[] | null | undefined; out: Tensor }): Tensor;
    out(size: readonly Integer[], options: { out: Tensor }): Tensor;
  };
  zeros_like: {
    (self: Tensor, options?: { dtype?: DType | null | undefined; layout?: Layout | null | undefined; device?: string | null | undefined; pin_memory?: boolean | null | undefined; memory_format?: MemoryFormat | null | undefined }): Tensor;
    out(self: Tensor, options: { memory_format?: MemoryFormat | null | undefined; out: Tensor }): Tensor;
  };
}

/** The project's own operators. */
export interface Kernels {
  adamw_(parameters: readonly Tensor[], gradients: readonly Tensor[], first_moments: readonly Tensor[], second_moments: readonly Tensor[], copies: readonly (Tensor | null)[], options: { step: Integer; lr: number; beta1: number; beta2: number; eps: number; weight_decay: number; gradient_scale?: number | undefined }): void;
  adamw_8bit_(parameters: readonly Tensor[], gradients: readonly Tensor[], first_codes: readonly Tensor[], first_scales: readonly Tensor[], second_codes: readonly Tensor[], second_scales: readonly Tensor[], copies: readonly (Tensor | null)[], first_map: Tensor, second_map: Tensor, options: { step: Integer; lr: number; beta1: number; beta2: number; eps: number; weight_decay: number; gradient_scale?: number | undefined }): void;
  add_product_(sum: Tensor, left: Tensor, right: Tensor, options?: { accumulate?: boolean | undefined }): Tensor;
  add_rms_norm: {
    (input: Tensor, residual: Tensor, weight: Tensor, eps: number): [Tensor, Tensor];
    composed(input: Tensor, residual: Tensor, weight: Tensor, eps: number): [Tensor, Tensor];
  };
  dequantize(codes: Tensor, scales: Tensor, nested: Tensor | null, outputs: Integer, options: { dtype: DType }): Tensor;
  embedding(parameter: Tensor, indices: Tensor, options: { dtype: DType; padding_index?: Integer | undefined }): Tensor;
  geglu: {
    (gate: Tensor, up: Tensor): Tensor;
    composed(gate: Tensor, up: Tensor): Tensor;
  };
  keyed_dropout(input: Tensor, keys: Tensor, probability: number, options?: { stream?: Integer | undefined }): Tensor;
  linear(input: Tensor, weight: Tensor, parameter?: Tensor | null): Tensor;
  pack_linear(weight: Tensor): Tensor;
  packed_attention: {
    (query: Tensor, key: Tensor, value: Tensor, lengths: readonly Integer[], options?: { scale?: number | null | undefined; window?: Integer | undefined; softcap?: number | undefined }): Tensor;
    composed(query: Tensor, key: Tensor, value: Tensor, lengths: readonly Integer[], options?: { scale?: number | null | undefined; window?: Integer | undefined; softcap?: number | undefined }): Tensor;
  };
  packed_linear(input: Tensor, packed: Tensor, outputs: Integer, bias?: Tensor | null): Tensor;
  paged_attention: {
    (query: Tensor, key_cache: Tensor, value_cache: Tensor, tables: Tensor, counts: readonly Integer[], lengths: readonly Integer[], options?: { scale?: number | null | undefined; window?: Integer | undefined; softcap?: number | undefined }): Tensor;
    composed(query: Tensor, key_cache: Tensor, value_cache: Tensor, tables: Tensor, counts: readonly Integer[], lengths: readonly Integer[], options?: { scale?: number | null | undefined; window?: Integer | undefined; softcap?: number | undefined }): Tensor;
  };
  philox_uniform: {
    (keys: Tensor, count: Integer): Tensor;
    composed(keys: Tensor, count: Integer): Tensor;
  };
  quantize_nf4(weight: Tensor): [Tensor, Tensor];
  quantized_linear(input: Tensor, codes: Tensor, scales: Tensor, nested: Tensor | null, outputs: Integer): Tensor;
  rms_norm: {
    (input: Tensor, weight: Tensor, eps: number): Tensor;
    composed(input: Tensor, weight: Tensor, eps: number): Tensor;
  };
  rotary: {
    (heads: Tensor, cosine: Tensor, sine: Tensor, weight?: Tensor | null, eps?: number): Tensor;
    composed(heads: Tensor, cosine: Tensor, sine: Tensor, weight?: Tensor | null, eps?: number): Tensor;
  };
  store_in_blocks_: {
    (key_cache: Tensor, value_cache: Tensor, key: Tensor, value: Tensor, tables: Tensor, counts: readonly Integer[], lengths: readonly Integer[]): void;
    composed(key_cache: Tensor, value_cache: Tensor, key: Tensor, value: Tensor, tables: Tensor, counts: readonly Integer[], lengths: readonly Integer[]): void;
  };
  swiglu: {
    (gate: Tensor, up: Tensor): Tensor;
    composed(gate: Tensor, up: Tensor): Tensor;
  };
  token_objective_(logits: Tensor, targets: Tensor, weights: Tensor, statistics: Tensor, options?: { target?: number | undefined; target_probability?: number | undefined; uniform?: number | undefined; entropy?: number | undefined; estimator?: string | undefined; num_samples?: Integer | undefined; temperature?: number | undefined; other_reward?: number | undefined; baseline?: string | undefined; importance_correction?: boolean | undefined; value_coef?: number | undefined; keys?: Tensor | null | undefined; values?: Tensor | null | undefined; softcap?: number | undefined; needs_gradient?: boolean | undefined }): void;
}

/** ATen operators without a place in {@link Aten}, and why. */
export const LEFT_OUT: Readonly<Record<string, string>> = {
  "_adaptive_avg_pool2d_backward": "trusts its arguments without checking them",
  "_adaptive_avg_pool2d_backward.out": "trusts its arguments without checking them",
  "_adaptive_avg_pool3d_backward": "trusts its arguments without checking them",
  "_adaptive_avg_pool3d_backward.out": "trusts its arguments without checking them",
  "_backward": "trusts its arguments without checking them",
  "_batch_norm_impl_index_backward": "trusts its arguments without checking them",
  "_batch_norm_no_update": "trusts its arguments without checking them",
  "_batch_norm_no_update.out": "trusts its arguments without checking them",
  "_batch_norm_with_update": "trusts its arguments without checking them",
  "_batch_norm_with_update.out": "trusts its arguments without checking them",
  "_batch_norm_with_update_functional": "trusts its arguments without checking them",
  "_cdist_backward": "trusts its arguments without checking them",
  "_cdist_backward.out": "trusts its arguments without checking them",
  "_cholesky_solve_helper": "trusts its arguments without checking them",
  "_cholesky_solve_helper.out": "trusts its arguments without checking them",
  "_chunk_cat": "trusts its arguments without checking them",
  "_chunk_cat.out": "trusts its arguments without checking them",
  "_compute_linear_combination": "trusts its arguments without checking them",
  "_compute_linear_combination.out": "trusts its arguments without checking them",
  "_convert_indices_from_coo_to_csr": "trusts its arguments without checking them",
  "_convert_indices_from_coo_to_csr.out": "trusts its arguments without checking them",
  "_convert_indices_from_csr_to_coo": "trusts its arguments without checking them",
  "_convert_indices_from_csr_to_coo.out": "trusts its arguments without checking them",
  "_convolution_double_backward": "trusts its arguments without checking them",
  "_ctc_loss": "trusts its arguments without checking them",
  "_ctc_loss.Tensor": "trusts its arguments without checking them",
  "_ctc_loss.Tensor_out": "trusts its arguments without checking them",
  "_ctc_loss.out": "trusts its arguments without checking them",
  "_ctc_loss_backward": "trusts its arguments without checking them",
  "_ctc_loss_backward.Tensor": "trusts its arguments without checking them",
  "_ctc_loss_backward.out": "trusts its arguments without checking them",
  "_cudnn_attention_backward": "trusts its arguments without checking them",
  "_cudnn_rnn_backward": "trusts its arguments without checking them",
  "_cudnn_rnn_backward.out": "trusts its arguments without checking them",
  "_cummax_helper": "trusts its arguments without checking them",
  "_cummin_helper": "trusts its arguments without checking them",
  "_dyn_quant_matmul_4bit": "trusts its arguments without checking them",
  "_dyn_quant_pack_4bit_weight": "trusts its arguments without checking them",
  "_efficient_attention_backward": "trusts its arguments without checking them",
  "_embedding_bag": "trusts its arguments without checking them",
  "_embedding_bag.out": "trusts its arguments without checking them",
  "_embedding_bag_backward": "trusts its arguments without checking them",
  "_embedding_bag_dense_backward": "trusts its arguments without checking them",
  "_embedding_bag_dense_backward.out": "trusts its arguments without checking them",
  "_embedding_bag_forward_only": "trusts its arguments without checking them",
  "_embedding_bag_forward_only.out": "trusts its arguments without checking them",
  "_embedding_bag_per_sample_weights_backward": "trusts its arguments without checking them",
  "_embedding_bag_per_sample_weights_backward.out": "trusts its arguments without checking them",
  "_embedding_bag_sparse_backward": "trusts its arguments without checking them",
  "_fake_quantize_learnable_per_channel_affine_backward": "trusts its arguments without checking them",
  "_fake_quantize_learnable_per_tensor_affine_backward": "trusts its arguments without checking them",
  "_fft_c2c": "trusts its arguments without checking them",
  "_fft_c2c.out": "trusts its arguments without checking them",
  "_fft_c2r": "trusts its arguments without checking them",
  "_fft_c2r.out": "trusts its arguments without checking them",
  "_fft_r2c": "trusts its arguments without checking them",
  "_fft_r2c.out": "trusts its arguments without checking them",
  "_flash_attention_backward": "trusts its arguments without checking them",
  "_foreach_copy": "trusts its arguments without checking them",
  "_foreach_copy.out": "trusts its arguments without checking them",
  "_fused_adagrad": "trusts its arguments without checking them",
  "_fused_adagrad.out": "trusts its arguments without checking them",
  "_fused_adagrad.tensor_lr": "trusts its arguments without checking them",
  "_fused_adagrad.tensor_lr_out": "trusts its arguments without checking them",
  "_fused_adagrad_": "trusts its arguments without checking them",
  "_fused_adagrad_.tensor_lr": "trusts its arguments without checking them",
  "_fused_adam": "trusts its arguments without checking them",
  "_fused_adam.out": "trusts its arguments without checking them",
  "_fused_adam.tensor_lr": "trusts its arguments without checking them",
  "_fused_adam.tensor_lr_out": "trusts its arguments without checking them",
  "_fused_adam_": "trusts its arguments without checking them",
  "_fused_adam_.tensor_lr": "trusts its arguments without checking them",
  "_fused_adamw": "trusts its arguments without checking them",
  "_fused_adamw.out": "trusts its arguments without checking them",
  "_fused_adamw.tensor_lr": "trusts its arguments without checking them",
  "_fused_adamw.tensor_lr_out": "trusts its arguments without checking them",
  "_fused_moving_avg_obs_fq_helper": "trusts its arguments without checking them",
  "_fused_moving_avg_obs_fq_helper.out": "trusts its arguments without checking them",
  "_fused_rms_norm_backward": "trusts its arguments without checking them",
  "_fused_sgd": "trusts its arguments without checking them",
  "_fused_sgd.out": "trusts its arguments without checking them",
  "_fused_sgd.tensor_lr": "trusts its arguments without checking them",
  "_fused_sgd.tensor_lr_out": "trusts its arguments without checking them",
  "_fused_sgd_": "trusts its arguments without checking them",
  "_fused_sgd_.tensor_lr": "trusts its arguments without checking them",
  "_gather_sparse_backward": "trusts its arguments without checking them",
  "_grid_sampler_2d_cpu_fallback_backward": "trusts its arguments without checking them",
  "_log_softmax_backward_data": "trusts its arguments without checking them",
  "_log_softmax_backward_data.out": "trusts its arguments without checking them",
  "_logcumsumexp": "trusts its arguments without checking them",
  "_logcumsumexp.out": "trusts its arguments without checking them",
  "_masked_softmax_backward": "trusts its arguments without checking them",
  "_masked_softmax_backward.out": "trusts its arguments without checking them",
  "_native_batch_norm_legit": "trusts its arguments without checking them",
  "_native_batch_norm_legit.no_stats": "trusts its arguments without checking them",
  "_native_batch_norm_legit.no_stats_out": "trusts its arguments without checking them",
  "_native_batch_norm_legit.out": "trusts its arguments without checking them",
  "_native_batch_norm_legit_functional": "trusts its arguments without checking them",
  "_native_batch_norm_legit_no_training": "trusts its arguments without checking them",
  "_native_batch_norm_legit_no_training.out": "trusts its arguments without checking them",
  "_nested_compute_contiguous_strides_offsets": "trusts its arguments without checking them",
  "_nested_select_backward": "trusts its arguments without checking them",
  "_nested_sum_backward": "trusts its arguments without checking them",
  "_new_zeros_with_same_feature_meta": "trusts its arguments without checking them",
  "_new_zeros_with_same_feature_meta.out": "trusts its arguments without checking them",
  "_nnpack_spatial_convolution": "trusts its arguments without checking them",
  "_nnpack_spatial_convolution.out": "trusts its arguments without checking them",
  "_pack_padded_sequence_backward": "trusts its arguments without checking them",
  "_pad_packed_sequence": "trusts its arguments without checking them",
  "_pdist_backward": "trusts its arguments without checking them",
  "_pdist_backward.out": "trusts its arguments without checking them",
  "_pdist_forward": "trusts its arguments without checking them",
  "_pdist_forward.out": "trusts its arguments without checking them",
  "_prelu_kernel_backward": "trusts its arguments without checking them",
  "_remove_batch_dim": "trusts its arguments without checking them",
  "_reshape_alias_copy": "trusts its arguments without checking them",
  "_reshape_alias_copy.out": "trusts its arguments without checking them",
  "_scaled_dot_product_cudnn_attention_backward": "trusts its arguments without checking them",
  "_scaled_dot_product_efficient_attention_backward": "trusts its arguments without checking them",
  "_scaled_dot_product_flash_attention_backward": "trusts its arguments without checking them",
  "_scaled_dot_product_flash_attention_for_cpu": "trusts its arguments without checking them",
  "_scaled_dot_product_flash_attention_for_cpu_backward": "trusts its arguments without checking them",
  "_scaled_dot_product_fused_attention_overrideable_backward": "trusts its arguments without checking them",
  "_segment_reduce_backward": "trusts its arguments without checking them",
  "_segment_reduce_backward.out": "trusts its arguments without checking them",
  "_slow_conv2d_backward.grad_input": "trusts its arguments without checking them",
  "_slow_conv2d_backward.output_mask": "trusts its arguments without checking them",
  "_slow_conv2d_backward.output_mask_out": "trusts its arguments without checking them",
  "_sobol_engine_draw": "trusts its arguments without checking them",
  "_sobol_engine_ff_": "trusts its arguments without checking them",
  "_sobol_engine_initialize_state_": "trusts its arguments without checking them",
  "_sobol_engine_scramble_": "trusts its arguments without checking them",
  "_softmax_backward_data": "trusts its arguments without checking them",
  "_softmax_backward_data.out": "trusts its arguments without checking them",
  "_sparse_log_softmax_backward_data": "trusts its arguments without checking them",
  "_sparse_log_softmax_backward_data.out": "trusts its arguments without checking them",
  "_sparse_mm_reduce_impl_backward": "trusts its arguments without checking them",
  "_sparse_softmax_backward_data": "trusts its arguments without checking them",
  "_sparse_softmax_backward_data.out": "trusts its arguments without checking them",
  "_sparse_sum_backward": "trusts its arguments without checking them",
  "_sparse_sum_backward.out": "trusts its arguments without checking them",
  "_stack": "trusts its arguments without checking them",
  "_stack.out": "trusts its arguments without checking them",
  "_thnn_differentiable_gru_cell_backward": "trusts its arguments without checking them",
  "_thnn_differentiable_lstm_cell_backward": "trusts its arguments without checking them",
  "_thnn_fused_gru_cell_backward": "trusts its arguments without checking them",
  "_thnn_fused_gru_cell_backward.out": "trusts its arguments without checking them",
  "_thnn_fused_lstm_cell_backward": "trusts its arguments without checking them",
  "_transform_bias_rescale_qkv": "trusts its arguments without checking them",
  "_transform_bias_rescale_qkv.out": "trusts its arguments without checking them",
  "_upsample_bicubic2d_aa": "trusts its arguments without checking them",
  "_upsample_bicubic2d_aa.out": "trusts its arguments without checking them",
  "_upsample_bicubic2d_aa.vec": "trusts its arguments without checking them",
  "_upsample_bicubic2d_aa_backward": "trusts its arguments without checking them",
  "_upsample_bicubic2d_aa_backward.grad_input": "trusts its arguments without checking them",
  "_upsample_bilinear2d_aa": "trusts its arguments without checking them",
  "_upsample_bilinear2d_aa.out": "trusts its arguments without checking them",
  "_upsample_bilinear2d_aa.vec": "trusts its arguments without checking them",
  "_upsample_bilinear2d_aa_backward": "trusts its arguments without checking them",
  "_upsample_bilinear2d_aa_backward.grad_input": "trusts its arguments without checking them",
  "_upsample_nearest_exact1d_backward": "trusts its arguments without checking them",
  "_upsample_nearest_exact1d_backward.grad_input": "trusts its arguments without checking them",
  "_upsample_nearest_exact2d_backward": "trusts its arguments without checking them",
  "_upsample_nearest_exact2d_backward.grad_input": "trusts its arguments without checking them",
  "_upsample_nearest_exact3d_backward": "trusts its arguments without checking them",
  "_upsample_nearest_exact3d_backward.grad_input": "trusts its arguments without checking them",
  "_weight_int4pack_mm_for_cpu": "trusts its arguments without checking them",
  "_weight_norm": "trusts its arguments without checking them",
  "_weight_norm_differentiable_backward": "trusts its arguments without checking them",
  "_weight_norm_interface": "trusts its arguments without checking them",
  "_weight_norm_interface.out": "trusts its arguments without checking them",
  "_weight_norm_interface_backward": "trusts its arguments without checking them",
  "_weight_norm_interface_backward.out": "trusts its arguments without checking them",
  "adaptive_avg_pool3d_backward.grad_input": "trusts its arguments without checking them",
  "adaptive_max_pool2d_backward": "trusts its arguments without checking them",
  "adaptive_max_pool2d_backward.grad_input": "trusts its arguments without checking them",
  "adaptive_max_pool3d_backward": "trusts its arguments without checking them",
  "adaptive_max_pool3d_backward.grad_input": "trusts its arguments without checking them",
  "affine_grid_generator_backward": "trusts its arguments without checking them",
  "align_tensors": "trusts its arguments without checking them",
  "align_to": "trusts its arguments without checking them",
  "align_to.ellipsis_idx": "trusts its arguments without checking them",
  "avg_pool2d_backward": "trusts its arguments without checking them",
  "avg_pool2d_backward.grad_input": "trusts its arguments without checking them",
  "avg_pool3d_backward": "trusts its arguments without checking them",
  "avg_pool3d_backward.grad_input": "trusts its arguments without checking them",
  "batch_norm_backward": "trusts its arguments without checking them",
  "batch_norm_update_stats": "trusts its arguments without checking them",
  "batch_norm_update_stats.out": "trusts its arguments without checking them",
  "binary_cross_entropy_backward": "trusts its arguments without checking them",
  "binary_cross_entropy_backward.grad_input": "trusts its arguments without checking them",
  "choose_qparams_optimized": "trusts its arguments without checking them",
  "conv_tbc_backward": "trusts its arguments without checking them",
  "convolution_backward": "trusts its arguments without checking them",
  "convolution_backward.out": "trusts its arguments without checking them",
  "ctc_loss.IntList": "trusts its arguments without checking them",
  "ctc_loss.Tensor": "trusts its arguments without checking them",
  "cudnn_affine_grid_generator_backward": "trusts its arguments without checking them",
  "cudnn_affine_grid_generator_backward.out": "trusts its arguments without checking them",
  "cudnn_batch_norm_backward": "trusts its arguments without checking them",
  "cudnn_batch_norm_backward.out": "trusts its arguments without checking them",
  "cudnn_grid_sampler_backward": "trusts its arguments without checking them",
  "cudnn_grid_sampler_backward.out": "trusts its arguments without checking them",
  "cummaxmin_backward": "trusts its arguments without checking them",
  "cumprod_backward": "trusts its arguments without checking them",
  "diagonal_backward": "trusts its arguments without checking them",
  "diagonal_backward.out": "trusts its arguments without checking them",
  "elu_backward": "trusts its arguments without checking them",
  "elu_backward.grad_input": "trusts its arguments without checking them",
  "embedding_backward": "trusts its arguments without checking them",
  "embedding_bag": "trusts its arguments without checking them",
  "embedding_bag.padding_idx": "trusts its arguments without checking them",
  "embedding_dense_backward": "trusts its arguments without checking them",
  "embedding_dense_backward.out": "trusts its arguments without checking them",
  "embedding_sparse_backward": "trusts its arguments without checking them",
  "fake_quantize_per_channel_affine_cachemask_backward": "trusts its arguments without checking them",
  "fake_quantize_per_tensor_affine_cachemask_backward": "trusts its arguments without checking them",
  "fractional_max_pool2d_backward": "trusts its arguments without checking them",
  "fractional_max_pool2d_backward.grad_input": "trusts its arguments without checking them",
  "fractional_max_pool3d_backward": "trusts its arguments without checking them",
  "fractional_max_pool3d_backward.grad_input": "trusts its arguments without checking them",
  "fused_moving_avg_obs_fake_quant": "trusts its arguments without checking them",
  "gather_backward": "trusts its arguments without checking them",
  "gelu_backward": "trusts its arguments without checking them",
  "gelu_backward.grad_input": "trusts its arguments without checking them",
  "get_gradients": "result of a type without a JavaScript form",
  "glu_backward": "trusts its arguments without checking them",
  "glu_backward.grad_input": "trusts its arguments without checking them",
  "grid_sampler_2d_backward": "trusts its arguments without checking them",
  "grid_sampler_2d_backward.out": "trusts its arguments without checking them",
  "grid_sampler_3d_backward": "trusts its arguments without checking them",
  "grid_sampler_3d_backward.out": "trusts its arguments without checking them",
  "hamming_window": "trusts its arguments without checking them",
  "hamming_window.out": "trusts its arguments without checking them",
  "hamming_window.periodic": "trusts its arguments without checking them",
  "hamming_window.periodic_alpha": "trusts its arguments without checking them",
  "hamming_window.periodic_alpha_beta": "trusts its arguments without checking them",
  "hamming_window.periodic_alpha_beta_out": "trusts its arguments without checking them",
  "hamming_window.periodic_alpha_out": "trusts its arguments without checking them",
  "hamming_window.periodic_out": "trusts its arguments without checking them",
  "hardshrink_backward": "trusts its arguments without checking them",
  "hardshrink_backward.grad_input": "trusts its arguments without checking them",
  "hardsigmoid_backward": "trusts its arguments without checking them",
  "hardsigmoid_backward.grad_input": "trusts its arguments without checking them",
  "hardswish_backward": "trusts its arguments without checking them",
  "hardswish_backward.out": "trusts its arguments without checking them",
  "hardtanh_backward": "trusts its arguments without checking them",
  "hardtanh_backward.grad_input": "trusts its arguments without checking them",
  "huber_loss_backward": "trusts its arguments without checking them",
  "huber_loss_backward.out": "trusts its arguments without checking them",
  "index_select_backward": "trusts its arguments without checking them",
  "infinitely_differentiable_gelu_backward": "trusts its arguments without checking them",
  "kaiser_window": "trusts its arguments without checking them",
  "kaiser_window.beta": "trusts its arguments without checking them",
  "kaiser_window.beta_out": "trusts its arguments without checking them",
  "kaiser_window.out": "trusts its arguments without checking them",
  "kaiser_window.periodic": "trusts its arguments without checking them",
  "kaiser_window.periodic_out": "trusts its arguments without checking them",
  "lcm": "trusts its arguments without checking them",
  "lcm.out": "trusts its arguments without checking them",
  "leaky_relu_backward": "trusts its arguments without checking them",
  "leaky_relu_backward.grad_input": "trusts its arguments without checking them",
  "linalg_ldl_solve": "trusts its arguments without checking them",
  "linalg_ldl_solve.out": "trusts its arguments without checking them",
  "linear_backward": "trusts its arguments without checking them",
  "linear_backward.out": "trusts its arguments without checking them",
  "log_sigmoid_backward": "trusts its arguments without checking them",
  "log_sigmoid_backward.grad_input": "trusts its arguments without checking them",
  "log_sigmoid_forward": "trusts its arguments without checking them",
  "log_sigmoid_forward.output": "trusts its arguments without checking them",
  "logit_backward": "trusts its arguments without checking them",
  "logit_backward.grad_input": "trusts its arguments without checking them",
  "logspace": "trusts its arguments without checking them",
  "logspace.Scalar_Tensor": "trusts its arguments without checking them",
  "logspace.Scalar_Tensor_out": "trusts its arguments without checking them",
  "logspace.Tensor_Scalar": "trusts its arguments without checking them",
  "logspace.Tensor_Scalar_out": "trusts its arguments without checking them",
  "logspace.Tensor_Tensor": "trusts its arguments without checking them",
  "logspace.Tensor_Tensor_out": "trusts its arguments without checking them",
  "logspace.out": "trusts its arguments without checking them",
  "lstm_mps_backward": "trusts its arguments without checking them",
  "lstm_mps_backward.out": "trusts its arguments without checking them",
  "lu_unpack": "trusts its arguments without checking them",
  "lu_unpack.out": "trusts its arguments without checking them",
  "masked_scatter_backward": "trusts its arguments without checking them",
  "masked_select_backward": "trusts its arguments without checking them",
  "matmul_backward": "trusts its arguments without checking them",
  "matmul_backward.out": "trusts its arguments without checking them",
  "matrix_exp_backward": "trusts its arguments without checking them",
  "max_pool2d_backward": "trusts its arguments without checking them",
  "max_pool2d_backward.out": "trusts its arguments without checking them",
  "max_pool2d_with_indices_backward": "trusts its arguments without checking them",
  "max_pool2d_with_indices_backward.grad_input": "trusts its arguments without checking them",
  "max_pool3d_with_indices_backward": "trusts its arguments without checking them",
  "max_pool3d_with_indices_backward.grad_input": "trusts its arguments without checking them",
  "miopen_batch_norm_backward": "trusts its arguments without checking them",
  "miopen_batch_norm_backward.out": "trusts its arguments without checking them",
  "miopen_rnn_backward": "trusts its arguments without checking them",
  "miopen_rnn_backward.out": "trusts its arguments without checking them",
  "mish_backward": "trusts its arguments without checking them",
  "mkldnn_adaptive_avg_pool2d_backward": "trusts its arguments without checking them",
  "mkldnn_adaptive_avg_pool2d_backward.out": "trusts its arguments without checking them",
  "mkldnn_linear_backward": "trusts its arguments without checking them",
  "mkldnn_linear_backward.out": "trusts its arguments without checking them",
  "mkldnn_max_pool2d_backward": "trusts its arguments without checking them",
  "mkldnn_max_pool2d_backward.out": "trusts its arguments without checking them",
  "mkldnn_max_pool3d_backward": "trusts its arguments without checking them",
  "mkldnn_max_pool3d_backward.out": "trusts its arguments without checking them",
  "mkldnn_rnn_layer": "trusts its arguments without checking them",
  "mkldnn_rnn_layer.out": "trusts its arguments without checking them",
  "mkldnn_rnn_layer_backward": "trusts its arguments without checking them",
  "mkldnn_rnn_layer_backward.out": "trusts its arguments without checking them",
  "mps_convolution_backward": "trusts its arguments without checking them",
  "mps_convolution_backward.out": "trusts its arguments without checking them",
  "mps_convolution_transpose_backward": "trusts its arguments without checking them",
  "mps_convolution_transpose_backward.out": "trusts its arguments without checking them",
  "mse_loss_backward": "trusts its arguments without checking them",
  "mse_loss_backward.grad_input": "trusts its arguments without checking them",
  "multi_margin_loss_backward": "trusts its arguments without checking them",
  "multi_margin_loss_backward.grad_input": "trusts its arguments without checking them",
  "multilabel_margin_loss_backward": "trusts its arguments without checking them",
  "multilabel_margin_loss_backward.grad_input": "trusts its arguments without checking them",
  "native_batch_norm": "trusts its arguments without checking them",
  "native_batch_norm.out": "trusts its arguments without checking them",
  "native_batch_norm_backward": "trusts its arguments without checking them",
  "native_batch_norm_backward.out": "trusts its arguments without checking them",
  "native_dropout_backward": "trusts its arguments without checking them",
  "native_dropout_backward.out": "trusts its arguments without checking them",
  "native_group_norm_backward": "trusts its arguments without checking them",
  "native_group_norm_backward.out": "trusts its arguments without checking them",
  "native_layer_norm_backward": "trusts its arguments without checking them",
  "native_layer_norm_backward.out": "trusts its arguments without checking them",
  "nll_loss2d_backward": "trusts its arguments without checking them",
  "nll_loss2d_backward.grad_input": "trusts its arguments without checking them",
  "nll_loss_backward": "trusts its arguments without checking them",
  "nll_loss_backward.grad_input": "trusts its arguments without checking them",
  "qscheme": "result of a type without a JavaScript form",
  "quantized_gru.data": "argument of type __torch__.torch.classes.rnn.CellParamsBase[]",
  "quantized_gru.input": "argument of type __torch__.torch.classes.rnn.CellParamsBase[]",
  "quantized_lstm.data": "argument of type __torch__.torch.classes.rnn.CellParamsBase[]",
  "quantized_lstm.input": "argument of type __torch__.torch.classes.rnn.CellParamsBase[]",
  "quantized_lstm_cell": "trusts its arguments without checking them",
  "record_stream": "argument of type Stream",
  "reflection_pad1d_backward": "trusts its arguments without checking them",
  "reflection_pad1d_backward.grad_input": "trusts its arguments without checking them",
  "reflection_pad2d_backward": "trusts its arguments without checking them",
  "reflection_pad2d_backward.grad_input": "trusts its arguments without checking them",
  "reflection_pad3d_backward": "trusts its arguments without checking them",
  "reflection_pad3d_backward.grad_input": "trusts its arguments without checking them",
  "replication_pad1d_backward": "trusts its arguments without checking them",
  "replication_pad1d_backward.grad_input": "trusts its arguments without checking them",
  "replication_pad2d_backward": "trusts its arguments without checking them",
  "replication_pad2d_backward.grad_input": "trusts its arguments without checking them",
  "replication_pad3d_backward": "trusts its arguments without checking them",
  "replication_pad3d_backward.grad_input": "trusts its arguments without checking them",
  "rrelu_with_noise": "trusts its arguments without checking them",
  "rrelu_with_noise.out": "trusts its arguments without checking them",
  "rrelu_with_noise_": "trusts its arguments without checking them",
  "rrelu_with_noise_backward": "trusts its arguments without checking them",
  "rrelu_with_noise_backward.out": "trusts its arguments without checking them",
  "rrelu_with_noise_functional": "trusts its arguments without checking them",
  "segment_reduce": "trusts its arguments without checking them",
  "segment_reduce.out": "trusts its arguments without checking them",
  "select_backward": "trusts its arguments without checking them",
  "select_backward.out": "trusts its arguments without checking them",
  "set.source_Storage": "argument of type Storage",
  "set.source_Storage_out": "argument of type Storage",
  "set.source_Storage_storage_offset": "argument of type Storage",
  "set.source_Storage_storage_offset_out": "argument of type Storage",
  "set_": "trusts its arguments without checking them",
  "set_.source_Storage": "trusts its arguments without checking them",
  "set_.source_Storage_storage_offset": "trusts its arguments without checking them",
  "set_.source_Tensor": "trusts its arguments without checking them",
  "set_.source_Tensor_storage_offset": "trusts its arguments without checking them",
  "sigmoid_backward": "trusts its arguments without checking them",
  "sigmoid_backward.grad_input": "trusts its arguments without checking them",
  "silu_backward": "trusts its arguments without checking them",
  "silu_backward.grad_input": "trusts its arguments without checking them",
  "slice_backward": "trusts its arguments without checking them",
  "slice_backward.out": "trusts its arguments without checking them",
  "slow_conv3d": "trusts its arguments without checking them",
  "slow_conv3d.out": "trusts its arguments without checking them",
  "slow_conv3d_forward": "trusts its arguments without checking them",
  "slow_conv3d_forward.output": "trusts its arguments without checking them",
  "slow_conv_transpose2d": "trusts its arguments without checking them",
  "slow_conv_transpose2d.out": "trusts its arguments without checking them",
  "slow_conv_transpose3d": "trusts its arguments without checking them",
  "slow_conv_transpose3d.out": "trusts its arguments without checking them",
  "smooth_l1_loss_backward": "trusts its arguments without checking them",
  "smooth_l1_loss_backward.grad_input": "trusts its arguments without checking them",
  "soft_margin_loss_backward": "trusts its arguments without checking them",
  "soft_margin_loss_backward.grad_input": "trusts its arguments without checking them",
  "softplus_backward": "trusts its arguments without checking them",
  "softplus_backward.grad_input": "trusts its arguments without checking them",
  "softshrink_backward": "trusts its arguments without checking them",
  "softshrink_backward.grad_input": "trusts its arguments without checking them",
  "special_chebyshev_polynomial_t": "trusts its arguments without checking them",
  "special_chebyshev_polynomial_t.n_scalar": "trusts its arguments without checking them",
  "special_chebyshev_polynomial_t.n_scalar_out": "trusts its arguments without checking them",
  "special_chebyshev_polynomial_t.out": "trusts its arguments without checking them",
  "special_chebyshev_polynomial_t.x_scalar": "trusts its arguments without checking them",
  "special_chebyshev_polynomial_t.x_scalar_out": "trusts its arguments without checking them",
  "special_chebyshev_polynomial_u": "trusts its arguments without checking them",
  "special_chebyshev_polynomial_u.n_scalar": "trusts its arguments without checking them",
  "special_chebyshev_polynomial_u.n_scalar_out": "trusts its arguments without checking them",
  "special_chebyshev_polynomial_u.out": "trusts its arguments without checking them",
  "special_chebyshev_polynomial_u.x_scalar": "trusts its arguments without checking them",
  "special_chebyshev_polynomial_u.x_scalar_out": "trusts its arguments without checking them",
  "special_chebyshev_polynomial_v": "trusts its arguments without checking them",
  "special_chebyshev_polynomial_v.n_scalar": "trusts its arguments without checking them",
  "special_chebyshev_polynomial_v.n_scalar_out": "trusts its arguments without checking them",
  "special_chebyshev_polynomial_v.out": "trusts its arguments without checking them",
  "special_chebyshev_polynomial_v.x_scalar": "trusts its arguments without checking them",
  "special_chebyshev_polynomial_v.x_scalar_out": "trusts its arguments without checking them",
  "special_chebyshev_polynomial_w": "trusts its arguments without checking them",
  "special_chebyshev_polynomial_w.n_scalar": "trusts its arguments without checking them",
  "special_chebyshev_polynomial_w.n_scalar_out": "trusts its arguments without checking them",
  "special_chebyshev_polynomial_w.out": "trusts its arguments without checking them",
  "special_chebyshev_polynomial_w.x_scalar": "trusts its arguments without checking them",
  "special_chebyshev_polynomial_w.x_scalar_out": "trusts its arguments without checking them",
  "special_laguerre_polynomial_l": "trusts its arguments without checking them",
  "special_laguerre_polynomial_l.n_scalar": "trusts its arguments without checking them",
  "special_laguerre_polynomial_l.n_scalar_out": "trusts its arguments without checking them",
  "special_laguerre_polynomial_l.out": "trusts its arguments without checking them",
  "special_laguerre_polynomial_l.x_scalar": "trusts its arguments without checking them",
  "special_laguerre_polynomial_l.x_scalar_out": "trusts its arguments without checking them",
  "special_legendre_polynomial_p": "trusts its arguments without checking them",
  "special_legendre_polynomial_p.n_scalar": "trusts its arguments without checking them",
  "special_legendre_polynomial_p.n_scalar_out": "trusts its arguments without checking them",
  "special_legendre_polynomial_p.out": "trusts its arguments without checking them",
  "special_legendre_polynomial_p.x_scalar": "trusts its arguments without checking them",
  "special_legendre_polynomial_p.x_scalar_out": "trusts its arguments without checking them",
  "special_shifted_chebyshev_polynomial_t": "trusts its arguments without checking them",
  "special_shifted_chebyshev_polynomial_t.n_scalar": "trusts its arguments without checking them",
  "special_shifted_chebyshev_polynomial_t.n_scalar_out": "trusts its arguments without checking them",
  "special_shifted_chebyshev_polynomial_t.out": "trusts its arguments without checking them",
  "special_shifted_chebyshev_polynomial_t.x_scalar": "trusts its arguments without checking them",
  "special_shifted_chebyshev_polynomial_t.x_scalar_out": "trusts its arguments without checking them",
  "special_shifted_chebyshev_polynomial_u": "trusts its arguments without checking them",
  "special_shifted_chebyshev_polynomial_u.n_scalar": "trusts its arguments without checking them",
  "special_shifted_chebyshev_polynomial_u.n_scalar_out": "trusts its arguments without checking them",
  "special_shifted_chebyshev_polynomial_u.out": "trusts its arguments without checking them",
  "special_shifted_chebyshev_polynomial_u.x_scalar": "trusts its arguments without checking them",
  "special_shifted_chebyshev_polynomial_u.x_scalar_out": "trusts its arguments without checking them",
  "special_shifted_chebyshev_polynomial_v": "trusts its arguments without checking them",
  "special_shifted_chebyshev_polynomial_v.n_scalar": "trusts its arguments without checking them",
  "special_shifted_chebyshev_polynomial_v.n_scalar_out": "trusts its arguments without checking them",
  "special_shifted_chebyshev_polynomial_v.out": "trusts its arguments without checking them",
  "special_shifted_chebyshev_polynomial_v.x_scalar": "trusts its arguments without checking them",
  "special_shifted_chebyshev_polynomial_v.x_scalar_out": "trusts its arguments without checking them",
  "special_shifted_chebyshev_polynomial_w": "trusts its arguments without checking them",
  "special_shifted_chebyshev_polynomial_w.n_scalar": "trusts its arguments without checking them",
  "special_shifted_chebyshev_polynomial_w.n_scalar_out": "trusts its arguments without checking them",
  "special_shifted_chebyshev_polynomial_w.out": "trusts its arguments without checking them",
  "special_shifted_chebyshev_polynomial_w.x_scalar": "trusts its arguments without checking them",
  "special_shifted_chebyshev_polynomial_w.x_scalar_out": "trusts its arguments without checking them",
  "tanh_backward": "trusts its arguments without checking them",
  "tanh_backward.grad_input": "trusts its arguments without checking them",
  "threshold_backward": "trusts its arguments without checking them",
  "threshold_backward.grad_input": "trusts its arguments without checking them",
  "to_dense_backward": "trusts its arguments without checking them",
  "to_mkldnn_backward": "trusts its arguments without checking them",
  "trace_backward": "trusts its arguments without checking them",
  "unfold_backward": "trusts its arguments without checking them",
  "unfold_backward.out": "trusts its arguments without checking them",
  "upsample_bicubic2d_backward": "trusts its arguments without checking them",
  "upsample_bicubic2d_backward.grad_input": "trusts its arguments without checking them",
  "upsample_bilinear2d_backward": "trusts its arguments without checking them",
  "upsample_bilinear2d_backward.grad_input": "trusts its arguments without checking them",
  "upsample_linear1d_backward": "trusts its arguments without checking them",
  "upsample_linear1d_backward.grad_input": "trusts its arguments without checking them",
  "upsample_nearest1d_backward": "trusts its arguments without checking them",
  "upsample_nearest1d_backward.grad_input": "trusts its arguments without checking them",
  "upsample_nearest2d_backward": "trusts its arguments without checking them",
  "upsample_nearest2d_backward.grad_input": "trusts its arguments without checking them",
  "upsample_nearest3d_backward": "trusts its arguments without checking them",
  "upsample_nearest3d_backward.grad_input": "trusts its arguments without checking them",
  "upsample_trilinear3d_backward": "trusts its arguments without checking them",
  "upsample_trilinear3d_backward.grad_input": "trusts its arguments without checking them",
  "value_selecting_reduction_backward": "trusts its arguments without checking them",
};
