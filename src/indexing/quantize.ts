/** Float vectors ↔ one byte a component, with one scale a row. */

export interface QuantizedRows {
  /** `rows × dimensions`; a component is `values[i] × scales[row]`. */
  values: Int8Array;
  scales: Float32Array;
}

/** The largest component of a row becomes 127; the error is below 0.4 % of it. Rows have one length. */
export function quantizeRows(rows: readonly Float32Array[]): QuantizedRows {
  const dimensions = rows[0]?.length ?? 0;
  const values = new Int8Array(rows.length * dimensions);
  const scales = new Float32Array(rows.length);
  rows.forEach((row, at) => {
    const largest = row.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const scale = largest / 127 || 1;
    scales[at] = scale;
    for (let position = 0; position < dimensions; position++) {
      values[at * dimensions + position] = Math.round(row[position]! / scale);
    }
  });
  return { values, scales };
}

/** Unit vectors back from bytes, one after another: quantising them again gives the same bytes. */
export function unitVectorsOf({ values, scales }: QuantizedRows): Float32Array {
  const dimensions = scales.length === 0 ? 0 : values.length / scales.length;
  const vectors = new Float32Array(values);
  for (let row = 0; row < scales.length; row++) {
    const vector = vectors.subarray(row * dimensions, (row + 1) * dimensions);
    let sum = 0;
    for (const value of vector) sum += value * value;
    const norm = Math.sqrt(sum) || 1;
    for (let at = 0; at < dimensions; at++) vector[at]! /= norm;
  }
  return vectors;
}
