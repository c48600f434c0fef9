package dev.longshore.cbt;

import static dev.longshore.cbt.MetadataAnswer.failure;
import static dev.longshore.cbt.MetadataAnswer.message;
import static dev.longshore.cbt.MetadataAnswer.whole;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotMetadataTest {
  private static final long SIZE = 100;
  private static final MetadataQuery QUERY = new MetadataQuery.Allocated("velero", "snap");

  private final VirtualTime time = new VirtualTime();
  private final Deque<MetadataAnswer> answers = new ArrayDeque<>();
  private final List<MetadataResponder.Asked> asked = new ArrayList<>();
  private final List<Extent> marked = new ArrayList<>();
  private final List<String> discarded = new ArrayList<>();
  private boolean cancelled;

  private SnapshotMetadata.Read read() throws MetadataException, InterruptedException {
    TokenSource tokens =
        new TokenSource() {
          private int number = 1;

          @Override
          public String token() {
            return "t" + number;
          }

          @Override
          public void discard() {
            discarded.add("t" + number++);
          }
        };
    MetadataCalls calls =
        new DirectCalls(question -> {
          asked.add(question);
          return answers.size() > 1 ? answers.removeFirst() : answers.getFirst();
        });
    return new SnapshotMetadata(calls, tokens, time.pace(1), () -> cancelled)
        .read(QUERY, SIZE, (offset, length) -> marked.add(new Extent(offset, length)));
  }

  private String fails() {
    return assertThrows(MetadataException.class, this::read).code();
  }

  private static Extent at(long offset, long length) {
    return new Extent(offset, length);
  }

  @Test
  void hasAllRangesOfSeveralMessages() throws Exception {
    answers.add(whole(List.of(message(SIZE, at(0, 10), at(10, 5)), message(SIZE, at(90, 10)))));
    assertEquals(new SnapshotMetadata.Read(1, 3, 25), read());
    assertEquals(List.of(at(0, 10), at(10, 5), at(90, 10)), marked);
  }

  @Test
  void anEmptyAnswerIsAnAnswer() throws Exception {
    answers.add(whole(List.of()));
    assertEquals(new SnapshotMetadata.Read(1, 0, 0), read());
    assertEquals(List.of(), marked);
  }

  @Test
  void theEndOfADeviceLargerThanTheSnapshotCountsAsChanged() throws Exception {
    answers.add(whole(List.of(message(60, at(0, 10)))));
    read();
    assertEquals(List.of(at(0, 10), at(60, 40)), marked);
  }

  @Test
  void goesOnWhereItWasCut() throws Exception {
    answers.add(new MetadataAnswer(List.of(message(SIZE, at(5, 10))), "UNAVAILABLE", "cut"));
    answers.add(whole(List.of(message(SIZE, at(12, 8), at(30, 1)))));
    assertEquals(2, read().calls());
    assertEquals(0, asked.getFirst().startingOffset());
    assertEquals(15, asked.getLast().startingOffset());
    assertEquals(List.of(at(5, 10), at(12, 8), at(30, 1)), marked);
  }

  @Test
  void aCutAfterTheLastByteMissesNothing() throws Exception {
    answers.add(new MetadataAnswer(List.of(message(SIZE, at(90, 10))), "INTERNAL", "cut"));
    assertEquals(1, read().calls());
  }

  @Test
  void givesUpWhenNothingComesOfItAndWaitsLongerEachTime() {
    answers.add(failure("UNAVAILABLE", "driver not ready"));
    assertEquals("UNAVAILABLE", fails());
    assertEquals(5, asked.size());
    assertTrue(time.slept().compareTo(Duration.ofSeconds(10)) > 0, time.slept().toString());
    assertTrue(time.slept().compareTo(Duration.ofSeconds(60)) < 0, time.slept().toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INVALID_ARGUMENT",
        "NOT_FOUND",
        "ALREADY_EXISTS",
        "PERMISSION_DENIED",
        "FAILED_PRECONDITION",
        "OUT_OF_RANGE",
        "UNIMPLEMENTED",
        "DATA_LOSS"
      })
  void doesNotAskAgainWhereItIsOfNoUse(String code) {
    answers.add(failure(code, "no"));
    assertEquals(code, fails());
    assertEquals(1, asked.size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UNAVAILABLE",
        "DEADLINE_EXCEEDED",
        "INTERNAL",
        "ABORTED",
        "CANCELLED",
        "RESOURCE_EXHAUSTED",
        "UNKNOWN"
      })
  void asksAgainWhereItMayPass(String code) throws Exception {
    answers.add(failure(code, "later"));
    answers.add(whole(List.of(message(SIZE, at(1, 1)))));
    assertEquals(2, read().calls());
    assertEquals(List.of(at(1, 1)), marked);
  }

  @Test
  void aRefusedTokenIsReplacedOnce() throws Exception {
    answers.add(failure("UNAUTHENTICATED", "expired"));
    answers.add(whole(List.of(message(SIZE, at(1, 1)))));
    read();
    assertEquals(List.of("t1"), discarded);
    assertEquals(List.of("t1", "t2"), asked.stream().map(one -> one.token()).toList());
  }

  @Test
  void aTokenThatIsRefusedWheneverItIsNewIsAFailure() {
    answers.add(failure("UNAUTHENTICATED", "no such audience"));
    assertEquals("UNAUTHENTICATED", fails());
    assertEquals(2, asked.size());
  }

  @Test
  void aServiceThatCutsForEverIsGivenUp() {
    MetadataMessage[] next = new MetadataMessage[1];
    long[] at = new long[1];
    MetadataCalls calls =
        new DirectCalls(_ -> {
          next[0] = message(1L << 40, at(at[0], 1));
          at[0] += 2;
          return new MetadataAnswer(List.of(next[0]), "UNAVAILABLE", "cut");
        });
    TokenSource tokens = new ServiceAccountTokensTest.Fixed("t");
    SnapshotMetadata metadata = new SnapshotMetadata(calls, tokens, time.pace(1), () -> false);
    assertThrows(MetadataException.class, () -> metadata.read(QUERY, 1L << 40, (_, _) -> {}));
    assertTrue(at[0] <= 2000, "calls " + at[0] / 2);
  }

  @Test
  void refusesWhatCannotBe() {
    List<MetadataMessage> bad =
        List.of(
            message(SIZE, at(10, 5), at(12, 5)),
            message(SIZE, at(10, 5), at(0, 5)),
            message(SIZE, at(10, 5), at(10, 5)),
            message(SIZE, at(-1, 5)),
            message(SIZE, at(5, -1)),
            message(SIZE, at(5, 0)),
            message(SIZE, at(Long.MAX_VALUE, 5)),
            message(SIZE, at(5, Long.MAX_VALUE)),
            message(SIZE, at(Long.MIN_VALUE, Long.MIN_VALUE)),
            message(SIZE, at(99, 2)),
            message(SIZE, at(100, 1)),
            message(50, at(45, 10)),
            message(SIZE + 1, at(0, 1)),
            message(0, at(0, 1)),
            message(-5),
            new MetadataMessage(0, SIZE, List.of(at(0, 1))),
            new MetadataMessage(3, SIZE, List.of(at(0, 1))));
    for (MetadataMessage message : bad) {
      answers.clear();
      asked.clear();
      answers.add(whole(List.of(message)));
      assertEquals(MetadataException.INVALID, fails(), message.toString());
      assertEquals(1, asked.size(), "it would lie again");
    }
  }

  @Test
  void refusesWhatChangesOnTheWay() {
    answers.add(whole(List.of(message(SIZE, at(0, 1)), message(SIZE - 1, at(5, 1)))));
    assertEquals(MetadataException.INVALID, fails());
    answers.clear();
    answers.add(
        whole(List.of(message(SIZE, at(0, 1)), new MetadataMessage(1, SIZE, List.of(at(5, 1))))));
    assertEquals(MetadataException.INVALID, fails());
    answers.clear();
    answers.add(new MetadataAnswer(List.of(message(SIZE, at(0, 9))), "ABORTED", "cut"));
    answers.add(whole(List.of(message(SIZE - 1, at(9, 1)))));
    assertEquals(MetadataException.INVALID, fails());
  }

  @Test
  void cancellingEndsItAtOnce() {
    answers.add(failure("UNAVAILABLE", "later"));
    cancelled = true;
    assertEquals("UNAVAILABLE", fails());
    assertEquals(1, asked.size());
    assertEquals(Duration.ZERO, time.slept());
  }
}
