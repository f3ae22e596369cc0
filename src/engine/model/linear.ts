/** Weights in a graph, and what is computed with them: rows of the embedding table, and x W^T. */
import { type GraphBuilder, MICROSOFT } from './graphBuilder';
import type { Safetensors } from './safetensors';
import type { Matrix, Weight } from './weights';

/** ONNX's number of the type float32. */
const FLOAT = 1;
/** Activations are quantised to 255 levels around this one: -127 to 127. */
const ZERO_POINT = 128;
const LEVELS = 127;
/** No row counts as smaller than this, so that one of zeros stays finite. */
const SMALLEST_MAXIMUM = 1e-12;

/** Puts weights into a graph, by reference into the checkpoint's file. */
export class WeightGraph {
  constructor(
    private readonly graph: GraphBuilder,
    private readonly file: Safetensors,
  ) {}

  /** A weight as float32, whatever its type in the file. */
  float(weight: Weight): string {
    return this.toFloat(this.reference(weight), weight);
  }

  /** Rows of a table as float32. @param rows their numbers, of any shape */
  rowsOf({ weight, scale }: Matrix, rows: string): string {
    const { graph } = this;
    // Converted after they are taken: the table stays as small as it is.
    const taken = this.toFloat(graph.node('Gather', [this.reference(weight), rows]), weight);
    if (scale === undefined) return taken;
    const scales = this.toFloat(graph.node('Gather', [this.reference(scale), rows]), scale);
    return graph.node('Mul', [taken, graph.node('Unsqueeze', [scales, graph.integers([-1])])]);
  }

  /** x W^T for W as it lies in the file, [out, in]. @param x [rows, in] */
  linear(x: string, { weight, scale }: Matrix): string {
    if (scale === undefined) return this.graph.node('Gemm', [x, this.float(weight)], { transB: 1 });
    return this.quantizedLinear(x, this.reference(weight), this.float(scale));
  }

  /**
   * Each row of x is quantised with a scale of its own, so that a text's vector does not depend on what else is
   * in its batch; one scale for all (DynamicQuantizeMatMul) is 5% faster and its error four times as large.
   */
  private quantizedLinear(x: string, weight: string, scale: string): string {
    const { graph } = this;
    const maximum = graph.node('Max', [
      graph.node('ReduceMax', [graph.node('Abs', [x])], { axes: [1], keepdims: 0 }),
      graph.floats([SMALLEST_MAXIMUM], []),
    ]);
    const rowScale = graph.node('Div', [maximum, graph.floats([LEVELS], [])]);
    const zeroPoints = graph.node('Expand', [graph.octets([ZERO_POINT]), graph.node('Shape', [rowScale])]);
    const quantized = graph.node('QuantizeLinear', [x, rowScale, zeroPoints], { axis: 0 });
    // ONNX Runtime transposes the weights once, when the session is made.
    const product = graph.node(
      'MatMulIntegerToFloat',
      [
        quantized,
        graph.node('Transpose', [weight], { perm: [1, 0] }),
        graph.floats([1], []),
        scale,
        graph.octets([ZERO_POINT], []),
      ],
      {},
      MICROSOFT,
    );
    return graph.node('Mul', [product, graph.node('Unsqueeze', [rowScale, graph.integers([1])])]);
  }

  private reference({ name, element, shape, offset, length }: Weight): string {
    return this.graph.weight(name, element, shape, { file: this.file.fileName, offset, length });
  }

  private toFloat(value: string, { element }: Weight): string {
    return element === 'float32' ? value : this.graph.node('Cast', [value], { to: FLOAT });
  }
}
