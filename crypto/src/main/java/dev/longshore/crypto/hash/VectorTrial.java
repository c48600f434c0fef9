package dev.longshore.crypto.hash;

import java.util.function.LongSupplier;
import jdk.incubator.vector.VectorShape;

/// Decides whether a vector implementation takes over from its scalar twin.
///
/// Vector code is some hundred times slower than scalar code until the JVM has compiled it, which
/// costs about a second of CPU, and stays slow where the JVM cannot compile it. So the scalar twin
/// does the first work; a process that shows that it hashes much then tries the vector code on
/// samples, and changes over when a sample was clearly faster. Time is only compared, never stored.
///
/// Safe for use by many threads; one trial serves all hashers of an algorithm.
final class VectorTrial {
  private static final long SCALAR_ONLY_BYTES = 64L << 20;
  private static final long ENOUGH_TRIED_BYTES = 96L << 20;
  private static final int ONE_IN = 8;
  private static final int MIN_VECTOR_BITS = 256;
  private static final int MAX_VECTOR_BITS = 512;

  private enum State {
    COLD,
    TRYING,
    VECTOR,
    SCALAR
  }

  private final LongSupplier nanos;
  private volatile State state;
  private long scalarBytes;
  private long triedBytes;
  private long samples;
  private double bestScalar = Double.MAX_VALUE;
  private double bestVector = Double.MAX_VALUE;

  private VectorTrial(LongSupplier nanos, State state) {
    this.nanos = nanos;
    this.state = state;
  }

  /// A trial that starts with the scalar twin.
  ///
  /// @param nanos elapsed time in nanoseconds from any origin
  static VectorTrial startingCold(LongSupplier nanos) {
    return new VectorTrial(nanos, State.COLD);
  }

  /// No trial: always the vector code, for tests.
  static VectorTrial alwaysVector() {
    return new VectorTrial(() -> 0, State.VECTOR);
  }

  /// No trial: never the vector code.
  static VectorTrial neverVector() {
    return new VectorTrial(() -> 0, State.SCALAR);
  }

  /// Tells which way the next piece of `bytes` bytes goes; [#finish] must follow.
  boolean choosesVector(long bytes) {
    return switch (state) {
      case VECTOR -> true;
      case SCALAR -> false;
      case COLD -> {
        countScalar(bytes);
        yield false;
      }
      case TRYING -> isNextSampleVector();
    };
  }

  /// Takes note of bytes that went the scalar way for want of company.
  void countAlone(long bytes) {
    if (state == State.COLD) {
      countScalar(bytes);
    }
  }

  /// Tells whether the vector code does the work, or is being tried.
  boolean mayChooseVector() {
    return state == State.TRYING || state == State.VECTOR;
  }

  /// A time to give to [#finish].
  long start() {
    return state == State.TRYING ? nanos.getAsLong() : 0;
  }

  /// Takes note of how long a piece took.
  void finish(boolean vector, long bytes, long start) {
    if (state == State.TRYING && start != 0) {
      record(vector, bytes, nanos.getAsLong() - start);
    }
  }

  private synchronized void countScalar(long bytes) {
    scalarBytes += bytes;
    if (state == State.COLD && scalarBytes >= SCALAR_ONLY_BYTES) {
      state = isVectorMachine() ? State.TRYING : State.SCALAR;
    }
  }

  /// Narrower vectors bring too little, wider ones were never seen; asked late, since the answer
  /// loads the Vector API. That is a module, or on the boot class path, or not there.
  private static boolean isVectorMachine() {
    try {
      int bits = VectorShape.preferredShape().vectorBitSize();
      return bits >= MIN_VECTOR_BITS && bits <= MAX_VECTOR_BITS;
    } catch (NoClassDefFoundError _) {
      return false;
    }
  }

  private synchronized boolean isNextSampleVector() {
    return samples++ % ONE_IN == 0;
  }

  private synchronized void record(boolean vector, long bytes, long elapsed) {
    double perByte = (double) elapsed / bytes;
    if (!vector) {
      bestScalar = Math.min(bestScalar, perByte);
      return;
    }
    bestVector = Math.min(bestVector, perByte);
    triedBytes += bytes;
    // The best sample counts: other load on the machine only ever makes a sample slower.
    if (bestVector < 0.9 * bestScalar && bestScalar < Double.MAX_VALUE) {
      state = State.VECTOR;
    } else if (triedBytes >= ENOUGH_TRIED_BYTES) {
      state = State.SCALAR;
    }
  }
}
