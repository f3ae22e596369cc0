/** Numbers of 16 bits (IEEE 754 binary16), which not every runtime of ours has a type for. */

const SIGN = 0x8000;
const EXPONENT_BITS = 10;
const EXPONENT = 0x1f;
const FRACTION = 0x3ff;
const BIAS = 15;

/** Their values, exactly; infinities and NaN stay what they are. @param bits one number each */
export function halfFloats(bits: Uint16Array): Float32Array {
  return Float32Array.from(bits, valueOf);
}

function valueOf(bits: number): number {
  const sign = (bits & SIGN) === 0 ? 1 : -1;
  const exponent = (bits >> EXPONENT_BITS) & EXPONENT;
  const fraction = (bits & FRACTION) / (FRACTION + 1);
  if (exponent === EXPONENT) return fraction === 0 ? sign * Infinity : NaN;
  // Numbers below the smallest exponent have no leading one.
  if (exponent === 0) return sign * fraction * 2 ** (1 - BIAS);
  return sign * (1 + fraction) * 2 ** (exponent - BIAS);
}
