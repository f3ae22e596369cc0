/**
 * NeoBERT (arXiv 2502.19587, section 2) as an ONNX graph: token ids in, one vector per text out. Weights stay
 * where they lie in the checkpoint.
 *
 * Inputs: `ids` int32 [batch, length], padded at the end; `lengths` int32 [batch], tokens of each text, from 1.
 * Output: `vectors` float32 [batch, hidden]; on request `states` float32 [batch, length, hidden].
 */
import type { Pooling } from './card';
import type { ModelConfig } from './config';
import { GraphBuilder, MICROSOFT } from './graphBuilder';
import { WeightGraph } from './linear';
import type { LayerWeights, ModelWeights, Weight } from './weights';

export interface GraphOptions {
  readonly pooling: Pooling;
  /** Vectors of length 1 (L2). */
  readonly normalize: boolean;
  /** Whether the state of every token is an output, too: after the final norm, unspecified for padding. */
  readonly states?: boolean;
}

const ROPE_THETA = 10_000;
/** No vector is shorter than this when it is normalised. */
const SMALLEST_NORM = 1e-12;
/** ONNX's numbers of types. */
const FLOAT = 1;
const INT32 = 6;

/** @returns the ONNX model; it refers to `weights.file` by name, in `weights.file.folder` */
export function neobertGraph(config: ModelConfig, weights: ModelWeights, options: GraphOptions): Uint8Array {
  const graph = new GraphBuilder();
  const stack = new Stack(graph, config, weights);
  const states = stack.build();
  graph.output('vectors', pooled(graph, states, stack, options), ['batch', 'hidden']);
  if (options.states === true) graph.output('states', states, ['batch', 'length', 'hidden']);
  return graph.build('neobert');
}

/** The layers. The residual stream is kept as [batch * length, hidden]. */
class Stack {
  /** int32 [batch]. */
  readonly lengths: string;
  /** int32, one number: the length of the longest text. */
  readonly longest: string;
  private readonly ids: string;
  /** Whether some text is shorter than the longest. */
  private readonly padded: string;
  /** int64 [2]: batch and length of the input. */
  private readonly shape: string;
  private readonly weightGraph: WeightGraph;
  private readonly positions: string;
  private readonly cosines: string;
  private readonly sines: string;

  constructor(
    private readonly graph: GraphBuilder,
    private readonly config: ModelConfig,
    private readonly weights: ModelWeights,
  ) {
    this.weightGraph = new WeightGraph(graph, weights.file);
    this.ids = graph.input('ids', 'int32', ['batch', 'length']);
    this.lengths = graph.input('lengths', 'int32', ['batch']);
    this.shape = graph.node('Shape', [this.ids]);
    const length = graph.node('Gather', [this.shape, graph.integers([1], [])]);
    this.longest = graph.node('Cast', [length], { to: INT32 });
    const shortest = graph.node('ReduceMin', [this.lengths], { keepdims: 0 });
    this.padded = graph.node('Less', [shortest, this.longest]);
    this.positions = graph.integers([0]);
    const { cosines, sines } = ropeTables(config);
    const table = [config.maxLength, config.hiddenSize / config.heads / 2];
    this.cosines = graph.weight('rope_cosines', 'float32', table, { bytes: new Uint8Array(cosines.buffer) });
    this.sines = graph.weight('rope_sines', 'float32', table, { bytes: new Uint8Array(sines.buffer) });
  }

  /** @returns the states after the final norm, [batch, length, hidden] */
  build(): string {
    const { graph, config, weights, weightGraph } = this;
    const embedded = weightGraph.rowsOf(weights.embedding, this.ids);
    let stream = graph.node('Reshape', [embedded, graph.integers([-1, config.hiddenSize])]);
    let normed = this.norm(stream, weights.layers[0]?.attentionNorm ?? weights.finalNorm);
    for (const [i, layer] of weights.layers.entries()) {
      const next = weights.layers[i + 1]?.attentionNorm ?? weights.finalNorm;
      [normed, stream] = this.addAndNorm(this.attention(normed, layer), stream, layer.ffnNorm);
      [normed, stream] = this.addAndNorm(this.feedForward(normed, layer), stream, next);
    }
    return this.unflattened(normed, [config.hiddenSize]);
  }

  private attention(input: string, layer: LayerWeights): string {
    const { graph, weightGraph } = this;
    const { hiddenSize, heads } = this.config;
    // Each head's query, key and value lie together; separate matrices spare the copying of what they give.
    const [query = '', key = '', value = ''] = weightGraph
      .parts(layer.qkv, 3, hiddenSize / heads)
      .map((matrix) => this.unflattened(weightGraph.linear(input, matrix), [hiddenSize]));
    const attended = this.attend(this.rotate(query), this.rotate(key), value);
    const flat = graph.node('Reshape', [attended, graph.integers([-1, hiddenSize])]);
    return weightGraph.linear(flat, weightGraph.whole(layer.wo));
  }

  /** Attention without a mask is faster, and its memory does not grow with the square of the length. */
  private attend(query: string, key: string, value: string): string {
    const attributes = { num_heads: this.config.heads };
    const inputs = [query, key, value];
    return this.graph.either(
      this.padded,
      ['batch', 'length', 'hidden'],
      (masked) => masked.node('MultiHeadAttention', [...inputs, '', this.lengths], attributes, MICROSOFT),
      (plain) => plain.node('MultiHeadAttention', inputs, attributes, MICROSOFT),
    );
  }

  /** SwiGLU: silu(w1 x) * (w2 x), then w3. */
  private feedForward(input: string, layer: LayerWeights): string {
    const { graph, weightGraph } = this;
    const [w1, w2] = weightGraph.parts(layer.w12, 2, this.config.innerSize);
    if (w1 === undefined || w2 === undefined) throw new RangeError('w12 has two parts.');
    const silu = graph.node('QuickGelu', [weightGraph.linear(input, w1)], { alpha: { float: 1 } }, MICROSOFT);
    const up = weightGraph.unscaledLinear(input, w2);
    const inner = graph.node('Mul', [silu, up.value]);
    return weightGraph.linear({ value: inner, scale: up.scale }, weightGraph.whole(layer.w3));
  }

  private norm(input: string, scale: Weight): string {
    const epsilon = { float: this.config.normEpsilon };
    const inputs = [input, this.weightGraph.float(scale)];
    return this.graph.node('SimplifiedLayerNormalization', inputs, { axis: -1, epsilon });
  }

  /** @returns the norm of the sum, and the sum */
  private addAndNorm(input: string, stream: string, scale: Weight): [normed: string, sum: string] {
    const [normed = '', , , sum = ''] = this.graph.nodeWithOutputs(
      'SkipSimplifiedLayerNormalization',
      [input, stream, this.weightGraph.float(scale)],
      4,
      { epsilon: { float: this.config.normEpsilon } },
      MICROSOFT,
    );
    return [normed, sum];
  }

  /** RoPE over interleaved pairs. */
  private rotate(input: string): string {
    const inputs = [input, this.positions, this.cosines, this.sines];
    return this.graph.node('RotaryEmbedding', inputs, { interleaved: 1 }, MICROSOFT);
  }

  /** [batch * length, ...] to [batch, length, ...inner]. */
  private unflattened(input: string, inner: readonly number[]): string {
    const { graph } = this;
    const shape = graph.node('Concat', [this.shape, graph.integers(inner)], { axis: 0 });
    return graph.node('Reshape', [input, shape]);
  }
}

/** [batch, length, hidden] to [batch, hidden]. */
function pooled(graph: GraphBuilder, states: string, stack: Stack, options: GraphOptions): string {
  const { pooling, normalize } = options;
  const vectors =
    pooling === 'cls'
      ? firstState(graph, states)
      : weightedState(graph, states, shares(graph, stack, pooling));
  if (!normalize) return vectors;
  const norm = graph.node('ReduceL2', [vectors], { axes: [1], keepdims: 1 });
  return graph.node('Div', [vectors, graph.node('Max', [norm, graph.floats([SMALLEST_NORM], [])])]);
}

function firstState(graph: GraphBuilder, states: string): string {
  return graph.node('Gather', [states, graph.integers([0], [])], { axis: 1 });
}

/** Each token's share in its text's vector, float32 [batch, length]: that of a mean, or all for the last token. */
function shares(graph: GraphBuilder, { lengths, longest }: Stack, pooling: 'mean' | 'lasttoken'): string {
  const column = graph.node('Unsqueeze', [lengths, graph.integers([-1])]);
  const [zero, one] = [graph.shortIntegers([0], []), graph.shortIntegers([1], [])];
  const positions = graph.node('Range', [zero, longest, one]);
  if (pooling === 'lasttoken') {
    return graph.node('Cast', [graph.node('Equal', [positions, graph.node('Sub', [column, one])])], {
      to: FLOAT,
    });
  }
  const own = graph.node('Cast', [graph.node('Less', [positions, column])], { to: FLOAT });
  return graph.node('Div', [own, graph.node('Cast', [column], { to: FLOAT })]);
}

/** The sum of the states by their shares, as the product of a row with a matrix. */
function weightedState(graph: GraphBuilder, states: string, weights: string): string {
  const row = graph.node('Unsqueeze', [weights, graph.integers([1])]);
  return graph.node('Squeeze', [graph.node('MatMul', [row, states]), graph.integers([1])]);
}

/** Cosines and sines of every position and frequency, [maxLength, head width / 2] each. */
function ropeTables({ hiddenSize, heads, maxLength }: ModelConfig): {
  cosines: Float32Array;
  sines: Float32Array;
} {
  const half = hiddenSize / heads / 2;
  const cosines = new Float32Array(maxLength * half);
  const sines = new Float32Array(maxLength * half);
  for (let i = 0; i < half; i += 1) {
    const frequency = ROPE_THETA ** (-i / half);
    for (let position = 0; position < maxLength; position += 1) {
      cosines[position * half + i] = Math.cos(position * frequency);
      sines[position * half + i] = Math.sin(position * frequency);
    }
  }
  return { cosines, sines };
}
