/** The names of the files that make a folder a model. */

/** NeoBERT's weights. */
export const WEIGHTS_FILE = 'model.safetensors';

/** ONNX exports as transformers.js lays them out, and at the top, where older exports have them. */
export const EXACT_GRAPHS: readonly string[] = ['onnx/model.onnx', 'model.onnx'];
export const HALF_GRAPHS: readonly string[] = ['onnx/model_fp16.onnx'];
export const QUANTIZED_GRAPHS: readonly string[] = [
  'onnx/model_quantized.onnx',
  'onnx/model_int8.onnx',
  'onnx/model_uint8.onnx',
  'model_quantized.onnx',
];

/** All of them, in the order of preference on a CPU. */
export const GRAPH_FILES: readonly string[] = [...EXACT_GRAPHS, ...QUANTIZED_GRAPHS, ...HALF_GRAPHS];
