/** By how much the values grow from one to the next: the slope of the line that fits them best by least squares. */
export function slope(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const covariance = values.reduce((sum, value, x) => sum + (x - middle) * (value - mean), 0);
  const variance = values.reduce((sum, _, x) => sum + (x - middle) ** 2, 0);
  return variance === 0 ? 0 : covariance / variance;
}
