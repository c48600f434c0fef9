package dev.longshore.engine.content;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.blob.mem.MemoryStore;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException.Retry;
import dev.longshore.engine.testkit.FakeClock;
import dev.longshore.engine.testkit.FaultyStore;
import dev.longshore.engine.testkit.FaultyStore.Fault;
import dev.longshore.engine.testkit.SeededRandom;
import dev.longshore.engine.testkit.Seeds;
import dev.longshore.engine.testkit.TestContents;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.repository.RepositoryFormat;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A process that dies at any call to its store leaves a repository in which everything that was
/// flushed can be read, and at worst some orphans besides.
final class ContentCrashTest {
  private static final int MANY = 1000;

  private final FakeClock clock = FakeClock.of2026();

  @ParameterizedTest
  @CsvSource({
    "3, CRASH_BEFORE",
    "3, CRASH_AFTER",
    "3, FAIL_BEFORE",
    "3, FAIL_AFTER",
    "1, CRASH_BEFORE",
    "1, CRASH_AFTER"
  })
  void whatWasFlushedSurvivesACrashAtAnyCall(int version, Fault fault) throws Exception {
    RepositoryFormat format = TestContents.withPackSize(TestContents.defaultFormat(), 5000);
    if (version == 1) {
      format = TestContents.asVersion1(format);
    }
    int calls = MANY;
    int crashes = 0;
    for (int at = 1; at <= calls; at++) {
      MemoryStore memory = new MemoryStore(clock);
      FaultyStore store = new FaultyStore(memory, Retry.NEVER).failAt(at, fault);
      Map<ContentId, byte[]> flushed = new HashMap<>();
      Set<ContentId> deleted = new TreeSet<>();
      try {
        work(store, format, flushed, deleted);
        calls = store.count(); // this was the run without a fault: the last
      } catch (RepositoryException e) {
        crashes++;
      }
      check(memory, format, flushed, deleted, "call " + at);
    }
    assertTrue(crashes > 20 && calls < MANY, crashes + " crashes in " + calls + " calls");
  }

  /// Three flushes in two sessions, with deletions in between.
  private void work(
      FaultyStore store,
      RepositoryFormat format,
      Map<ContentId, byte[]> flushed,
      Set<ContentId> deleted)
      throws RepositoryException {
    RandomGenerator random = Seeds.generator(5);
    for (int round = 0; round < 2; round++) {
      ContentStore.Environment environment =
          new ContentStore.Environment(clock, new SeededRandom(round), clock);
      try (ContentStore contents = TestContents.open(store, format, environment);
          ContentSession session = contents.openSession(ContentWriteOptions.DEFAULT)) {
        flushSome(session, random, flushed);
        ContentId victim = new TreeSet<>(flushed.keySet()).first();
        session.delete(victim);
        session.flush();
        deleted.add(victim);
        flushSome(session, random, flushed);
      }
    }
  }

  private static void flushSome(
      ContentSession session, RandomGenerator random, Map<ContentId, byte[]> flushed)
      throws RepositoryException {
    Map<ContentId, byte[]> written = new HashMap<>();
    for (int i = 0; i < 12; i++) {
      byte[] data = Seeds.bytes(random, 1000);
      char prefix = i % 4 == 0 ? 'k' : ContentId.NO_PREFIX;
      written.put(session.write(prefix, data, 0, data.length, Optional.empty()), data);
    }
    session.flush();
    flushed.putAll(written);
  }

  private void check(
      MemoryStore memory,
      RepositoryFormat format,
      Map<ContentId, byte[]> flushed,
      Set<ContentId> deleted,
      String when)
      throws RepositoryException {
    try (ContentStore contents = TestContents.open(memory, format, clock)) {
      for (Map.Entry<ContentId, byte[]> content : flushed.entrySet()) {
        assertArrayEquals(content.getValue(), contents.read(content.getKey()), when);
      }
      for (ContentId id : deleted) {
        assertTrue(contents.find(id).orElseThrow().deleted(), when);
      }
      ContentVerifier.Report report =
          ContentVerifier.verify(
              contents,
              new ContentVerifier.Options(ContentRange.ALL_WITH_DELETED, 100, 1),
              Seeds.generator(1),
              ContentVerifierTest.SILENT);
      assertEquals(0, report.totalErrorCount(), when);
      assertTrue(report.readContents() >= flushed.size(), when);
    }
  }
}
