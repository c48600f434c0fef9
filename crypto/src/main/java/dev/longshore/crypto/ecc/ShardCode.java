package dev.longshore.crypto.ecc;

/// A systematic Reed-Solomon code of D data and P parity shards, D + P ≤ 256.
///
/// The data shards are the values of a polynomial at the points 0..D-1, the parity shards those at
/// D..D+P-1; this equals the code with the matrix V·(top of V)^-1, V being r^c.
///
/// @param dataShards D
/// @param parityShards P
/// @param parity the sums that make the parity shards
record ShardCode(int dataShards, int parityShards, WeightedSums parity) {
  static ShardCode of(int dataShards, int parityShards) {
    byte[][] weights =
        GaloisField.interpolation(
            range(0, dataShards), range(dataShards, dataShards + parityShards));
    return new ShardCode(dataShards, parityShards, new WeightedSums(weights, dataShards));
  }

  private static int[] range(int from, int to) {
    int[] points = new int[to - from];
    for (int i = 0; i < points.length; i++) {
      points[i] = from + i;
    }
    return points;
  }
}
