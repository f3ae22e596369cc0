/** Builds an ONNX graph: nodes, constants and weights, by name. Knows ONNX, no architecture. */
import { onnx } from 'onnx-proto';

/** Where a weight's bytes lie: in a file beside the graph, or in the graph itself. */
export type WeightData =
  | { readonly file: string; readonly offset: number; readonly length: number }
  | { readonly bytes: Uint8Array };

export type ElementType = 'float32' | 'float16' | 'bfloat16' | 'int8' | 'uint8' | 'int32' | 'int64';

const TYPES: Readonly<Record<ElementType, onnx.TensorProto.DataType>> = {
  float32: onnx.TensorProto.DataType.FLOAT,
  float16: onnx.TensorProto.DataType.FLOAT16,
  bfloat16: onnx.TensorProto.DataType.BFLOAT16,
  int8: onnx.TensorProto.DataType.INT8,
  uint8: onnx.TensorProto.DataType.UINT8,
  int32: onnx.TensorProto.DataType.INT32,
  int64: onnx.TensorProto.DataType.INT64,
};

/** Operators of ONNX Runtime itself. */
export const MICROSOFT = 'com.microsoft';
/** Operators as of ONNX 1.12. */
const OPSET = 17;
const IR_VERSION = 8;

export type Attributes = Readonly<Record<string, AttributeValue>>;
/** Whole numbers become ints, floats must be wrapped. */
export type AttributeValue = number | readonly number[] | { readonly float: number };

/** The values of a constant, and its shape where it is not a plain list. */
interface Constant {
  readonly type: ElementType;
  readonly values: readonly number[];
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

export class GraphBuilder {
  private readonly nodes: onnx.INodeProto[] = [];
  private readonly initializers: onnx.ITensorProto[] = [];
  private readonly inputs: onnx.IValueInfoProto[] = [];
  private readonly outputs: onnx.IValueInfoProto[] = [];
  private readonly constants = new Map<string, string>();

  /** @param prefix of the names of this graph's values; a branch's must not be those of the graph around it */
  constructor(private readonly prefix = '') {}

  input(name: string, type: ElementType, shape: readonly string[]): string {
    this.inputs.push(valueInfo(name, type, shape));
    return name;
  }

  output(name: string, value: string, shape: readonly string[]): void {
    this.nodes.push({ opType: 'Identity', input: [value], output: [name], name });
    this.outputs.push(valueInfo(name, 'float32', shape));
  }

  weight(name: string, type: ElementType, shape: readonly number[], data: WeightData): string {
    const tensor: onnx.ITensorProto = { name, dataType: TYPES[type], dims: [...shape] };
    if ('bytes' in data) {
      tensor.rawData = data.bytes;
    } else {
      tensor.dataLocation = onnx.TensorProto.DataLocation.EXTERNAL;
      tensor.externalData = [
        { key: 'location', value: data.file },
        { key: 'offset', value: String(data.offset) },
        { key: 'length', value: String(data.length) },
      ];
    }
    this.initializers.push(tensor);
    return name;
  }

  floats(values: readonly number[], shape: readonly number[] = [values.length]): string {
    const bytes = new Uint8Array(new Float32Array(values).buffer);
    return this.constant({ type: 'float32', values, shape, bytes });
  }

  /** int64, as ONNX wants shapes, axes and indices. */
  integers(values: readonly number[], shape: readonly number[] = [values.length]): string {
    const bytes = new Uint8Array(new BigInt64Array(values.map(BigInt)).buffer);
    return this.constant({ type: 'int64', values, shape, bytes });
  }

  shortIntegers(values: readonly number[], shape: readonly number[] = [values.length]): string {
    const bytes = new Uint8Array(Int32Array.from(values).buffer);
    return this.constant({ type: 'int32', values, shape, bytes });
  }

  octets(values: readonly number[], shape: readonly number[] = [values.length]): string {
    return this.constant({ type: 'uint8', values, shape, bytes: Uint8Array.from(values) });
  }

  /** Adds a node with one output. */
  node(opType: string, input: readonly string[], attributes: Attributes = {}, domain = ''): string {
    return this.nodeWithOutputs(opType, input, 1, attributes, domain)[0] ?? '';
  }

  /** Adds a node with several outputs. */
  nodeWithOutputs(
    opType: string,
    input: readonly string[],
    count: number,
    attributes: Attributes = {},
    domain = '',
  ): string[] {
    const attribute = Object.entries(attributes).map(([key, value]) => attributeOf(key, value));
    return this.push({ opType, domain, input: [...input], attribute }, count);
  }

  /**
   * Adds a node that runs one of two branches. Both see the values of this graph and give one float32 value of
   * `shape`.
   * @param condition a single boolean
   */
  either(
    condition: string,
    shape: readonly string[],
    whenTrue: (branch: GraphBuilder) => string,
    whenFalse: (branch: GraphBuilder) => string,
  ): string {
    const branch = (name: string, build: (branch: GraphBuilder) => string): onnx.IAttributeProto => {
      const prefix = `${this.prefix}${name}_${this.nodes.length}_`;
      const graph = new GraphBuilder(prefix);
      graph.outputs.push(valueInfo(build(graph), 'float32', shape));
      return { name, type: onnx.AttributeProto.AttributeType.GRAPH, g: graph.graph(name) };
    };
    const attribute = [branch('then_branch', whenTrue), branch('else_branch', whenFalse)];
    return this.push({ opType: 'If', domain: '', input: [condition], attribute }, 1)[0] ?? '';
  }

  /** The model as ONNX Runtime takes it. */
  build(name: string): Uint8Array {
    return onnx.ModelProto.encode({
      irVersion: IR_VERSION,
      producerName: 'neosearch',
      opsetImport: [
        { domain: '', version: OPSET },
        { domain: MICROSOFT, version: 1 },
      ],
      graph: this.graph(name),
    }).finish();
  }

  private graph(name: string): onnx.IGraphProto {
    const { nodes: node, initializers: initializer, inputs: input, outputs: output } = this;
    return { name, node, initializer, input, output };
  }

  private push(node: onnx.INodeProto, outputs: number): string[] {
    const name = `${this.prefix}${node.opType ?? ''}_${this.nodes.length}`;
    const output = Array.from({ length: outputs }, (_, i) => `${name}_${i}`);
    this.nodes.push({ ...node, name, output });
    return output;
  }

  /** The same constant is kept once. */
  private constant({ type, values, shape, bytes }: Constant): string {
    const key = `${type}:${shape.join(',')}:${values.join(',')}`;
    const known = this.constants.get(key);
    if (known !== undefined) return known;
    const name = this.weight(`${this.prefix}constant_${this.constants.size}`, type, shape, { bytes });
    this.constants.set(key, name);
    return name;
  }
}

function valueInfo(name: string, type: ElementType, shape: readonly string[]): onnx.IValueInfoProto {
  return {
    name,
    type: { tensorType: { elemType: TYPES[type], shape: { dim: shape.map((dimParam) => ({ dimParam })) } } },
  };
}

function attributeOf(name: string, value: AttributeValue): onnx.IAttributeProto {
  const { AttributeType } = onnx.AttributeProto;
  if (typeof value === 'number') return { name, type: AttributeType.INT, i: value };
  if ('float' in value) return { name, type: AttributeType.FLOAT, f: value.float };
  return { name, type: AttributeType.INTS, ints: [...value] };
}
