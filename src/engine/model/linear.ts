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

/** A matrix in the graph, [out, in]; an int8 one comes with a scale per row. */
export interface GraphMatrix {
  readonly weight: string;
  /** float32 [out]. */
  readonly scale: string | undefined;
}

/** Rows that are still to be multiplied, each by its own number. */
export interface ScaledRows {
  /** float32 [rows, columns]. */
  readonly value: string;
  /** float32 [rows]; all one where there is none. */
  readonly scale: string | undefined;
}

/** Rows as whole numbers around `ZERO_POINT`, and what one step of each is. */
interface Quantized {
  /** uint8 [rows, columns]. */
  readonly value: string;
  /** float32 [rows]. */
  readonly scale: string;
}

/** Puts weights into a graph, by reference into the checkpoint's file. */
export class WeightGraph {
  private readonly quantized = new Map<string, Quantized>();

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

  /**
   * The rows of a matrix dealt out: row i of the matrix is in part (i / width) % count. ONNX Runtime does it once,
   * when the session is made.
   * @param width neighbouring rows of one part
   * @returns `count` matrices, each with its rows in their order
   */
  parts({ weight, scale }: Matrix, count: number, width: number): GraphMatrix[] {
    const [rows = 0, columns = 0] = weight.shape;
    const groups = rows / (count * width);
    const weights = this.dealt(this.matrixValue(weight), [groups, count, width, columns], [-1, columns]);
    if (scale === undefined) return weights.map((value) => ({ weight: value, scale: undefined }));
    const scales = this.dealt(this.float(scale), [groups, count, width], [-1]);
    return weights.map((value, i) => ({ weight: value, scale: scales[i] }));
  }

  whole({ weight, scale }: Matrix): GraphMatrix {
    return { weight: this.matrixValue(weight), scale: scale && this.float(scale) };
  }

  /** x W^T for W [out, in]. @param x [rows, in] */
  linear(x: string | ScaledRows, matrix: GraphMatrix): string {
    const { value, scale } = this.unscaledLinear(x, matrix);
    return scale === undefined ? value : this.graph.node('Mul', [value, this.column(scale)]);
  }

  /** As `linear`, with what each row is still to be multiplied by left to the one who uses it. */
  unscaledLinear(x: string | ScaledRows, { weight, scale }: GraphMatrix): ScaledRows {
    const { graph } = this;
    const rows = typeof x === 'string' ? { value: x, scale: undefined } : x;
    if (scale === undefined) {
      return { value: graph.node('Gemm', [rows.value, weight], { transB: 1 }), scale: rows.scale };
    }
    const quantized = this.quantize(rows.value);
    // ONNX Runtime transposes the weights once, when the session is made.
    const value = graph.node(
      'MatMulIntegerToFloat',
      [
        quantized.value,
        graph.node('Transpose', [weight], { perm: [1, 0] }),
        graph.floats([1], []),
        scale,
        graph.octets([ZERO_POINT], []),
      ],
      {},
      MICROSOFT,
    );
    if (rows.scale === undefined) return { value, scale: quantized.scale };
    return { value, scale: graph.node('Mul', [quantized.scale, rows.scale]) };
  }

  /**
   * Each row of x is quantised with a scale of its own, so that a text's vector does not depend on what else is
   * in its batch; one scale for all (DynamicQuantizeMatMul) is 5% faster and its error four times as large. The
   * same x is quantised once, however many matrices it meets.
   */
  private quantize(x: string): Quantized {
    const known = this.quantized.get(x);
    if (known !== undefined) return known;
    const { graph } = this;
    const maximum = graph.node('Max', [
      graph.node('ReduceMax', [x], { axes: [1], keepdims: 0 }),
      graph.node('Neg', [graph.node('ReduceMin', [x], { axes: [1], keepdims: 0 })]),
      graph.floats([SMALLEST_MAXIMUM], []),
    ]);
    const scale = graph.node('Div', [maximum, graph.floats([LEVELS], [])]);
    const zeroPoints = graph.node('Expand', [graph.octets([ZERO_POINT]), graph.node('Shape', [scale])]);
    const value = graph.node('QuantizeLinear', [x, scale, zeroPoints], { axis: 0 });
    this.quantized.set(x, { value, scale });
    return { value, scale };
  }

  /** @returns the slices along the second axis of `value` seen as `shape`, each reshaped to `part` */
  private dealt(value: string, shape: readonly number[], part: readonly number[]): string[] {
    const { graph } = this;
    const grouped = graph.node('Reshape', [value, graph.integers(shape)]);
    return Array.from({ length: shape[1] ?? 0 }, (_, i) => {
      const slice = graph.node('Gather', [grouped, graph.integers([i], [])], { axis: 1 });
      return graph.node('Reshape', [slice, graph.integers(part)]);
    });
  }

  /** [rows] to [rows, 1]. */
  private column(value: string): string {
    return this.graph.node('Unsqueeze', [value, this.graph.integers([1])]);
  }

  /** A matrix as products take it: int8 as it is, all else as float32. */
  private matrixValue(weight: Weight): string {
    return weight.element === 'int8' ? this.reference(weight) : this.float(weight);
  }

  private reference({ name, element, shape, offset, length }: Weight): string {
    return this.graph.weight(name, element, shape, { file: this.file.fileName, offset, length });
  }

  private toFloat(value: string, { element }: Weight): string {
    return element === 'float32' ? value : this.graph.node('Cast', [value], { to: FLOAT });
  }
}
