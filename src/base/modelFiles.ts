/** The names of the files that make a folder a model. */

/** NeoBERT's weights. */
export const WEIGHTS_FILE = 'model.safetensors';

/** ONNX exports: as transformers.js lays them out, in the order of preference on a CPU, or at the top. */
export const GRAPH_FILES: readonly string[] = [
  'onnx/model.onnx',
  'onnx/model_quantized.onnx',
  'onnx/model_int8.onnx',
  'onnx/model_fp16.onnx',
  'model.onnx',
];
