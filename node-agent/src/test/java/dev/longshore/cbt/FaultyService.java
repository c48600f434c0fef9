package dev.longshore.cbt;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/// A service that knows the truth, and is cut, repeats itself, forgets tokens, and may lie once.
final class FaultyService implements MetadataResponder {
  private static final List<String> CUTS =
      List.of("UNAVAILABLE", "INTERNAL", "ABORTED", "DEADLINE_EXCEEDED", "CANCELLED");

  /// Ways to lie that can be told from the answer.
  enum Lie {
    NONE,
    OVERLAP,
    REORDER,
    REPEAT,
    NEGATIVE,
    BEYOND,
    OVERFLOW,
    CAPACITY,
    CAPACITY_CHANGES,
    KIND
  }

  private final List<Extent> truth;
  private final long capacity;
  private final Lie lie;
  private final Predicate<String> isValidToken;
  private final RandomGenerator random;
  private int trust = 3;

  /// @param truth ascending
  FaultyService(
      List<Extent> truth,
      long capacity,
      Lie lie,
      Predicate<String> isValidToken,
      RandomGenerator random) {
    this.truth = List.copyOf(truth);
    this.capacity = capacity;
    this.lie = lie;
    this.isValidToken = isValidToken;
    this.random = random;
  }

  @Override
  public synchronized MetadataAnswer answer(Asked asked) {
    if (!isValidToken.test(asked.token())) {
      return MetadataAnswer.failure("UNAUTHENTICATED", "token expired");
    }
    boolean fromStart = random.nextInt(4) == 0;
    List<Extent> rest = new ArrayList<>();
    for (Extent extent : truth) {
      long end = extent.offset() + extent.length();
      if (fromStart || end > asked.startingOffset()) {
        rest.add(extent);
      }
    }
    List<MetadataMessage> messages = new ArrayList<>();
    for (int at = 0; at < rest.size(); ) {
      int end = Math.min(rest.size(), at + 1 + random.nextInt(6));
      messages.add(new MetadataMessage(2, capacity, rest.subList(at, end)));
      at = end;
    }
    if (!messages.isEmpty() && lie != Lie.NONE) {
      int which = random.nextInt(messages.size());
      messages.set(which, falsified(messages.get(which)));
    }
    // In the end it does answer: that a service never does is another test's matter.
    if (trust > 0 && random.nextInt(3) > 0) {
      trust--;
      int kept = random.nextInt(messages.size() + 1);
      return new MetadataAnswer(
          messages.subList(0, kept), CUTS.get(random.nextInt(CUTS.size())), "cut");
    }
    return MetadataAnswer.whole(messages);
  }

  private MetadataMessage falsified(MetadataMessage message) {
    List<Extent> extents = new ArrayList<>(message.extents());
    int at = random.nextInt(extents.size());
    Extent one = extents.get(at);
    switch (lie) {
      case OVERLAP -> extents.add(at + 1, new Extent(one.offset() + one.length() - 1, 1));
      case REORDER -> extents.add(at, new Extent(one.offset() + one.length(), 1));
      case REPEAT -> extents.add(at, one);
      case NEGATIVE -> extents.set(at, new Extent(-one.offset() - 1, one.length()));
      case BEYOND -> extents.add(new Extent(capacity - 1, 2));
      case OVERFLOW -> extents.set(at, new Extent(one.offset(), Long.MAX_VALUE - 1));
      case CAPACITY -> {
        return new MetadataMessage(2, capacity * 2 + 4096, extents);
      }
      case CAPACITY_CHANGES -> {
        return new MetadataMessage(2, capacity - 1, extents);
      }
      case KIND -> {
        return new MetadataMessage(7, capacity, extents);
      }
      case NONE -> throw new IllegalStateException();
    }
    return new MetadataMessage(2, capacity, extents);
  }
}
