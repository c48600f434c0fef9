package dev.longshore.engine.restore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.longshore.engine.testkit.MemoryTree;
import dev.longshore.format.directory.DirEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.Test;

class TreeWalkTest {
  private final MemoryTree tree = new MemoryTree();
  private final RestoreTally tally = new RestoreTally(RestoreListener.NONE, false);

  /// Remembers what it was given; each entry once.
  private static class Recorder implements TreeSink {
    final Set<String> seen = new ConcurrentSkipListSet<>();
    final Set<String> repeated = new ConcurrentSkipListSet<>();
    final Set<String> listed = new ConcurrentSkipListSet<>();

    void see(DirectoryNode parent, DirEntry entry, boolean mustBeNew) {
      String path = parent.path(entry.name());
      if (mustBeNew) {
        repeated.add(path);
      } else if (!seen.add(path)) {
        throw new IllegalStateException(path + " twice");
      }
    }

    @Override
    public DirectoryNode directory(DirectoryNode parent, DirEntry entry, boolean mustBeNew) {
      see(parent, entry, mustBeNew);
      return new DirectoryNode(parent, entry, false);
    }

    @Override
    public void file(DirectoryNode parent, DirEntry entry, boolean mustBeNew) {
      see(parent, entry, mustBeNew);
    }

    @Override
    public void symlink(
        DirectoryNode parent, DirEntry entry, byte[] linkTarget, boolean mustBeNew) {
      see(parent, entry, mustBeNew);
    }

    @Override
    public void beforeListing(DirectoryNode directory) {}

    @Override
    public void listed(DirectoryNode directory) {
      if (!listed.add(directory.path())) {
        throw new IllegalStateException(directory.path() + " listed twice");
      }
    }
  }

  @Test
  void seesEveryEntryOnceWhateverTheWindow() throws InterruptedException {
    List<DirEntry> entries = new ArrayList<>();
    Set<String> expected = new TreeSet<>();
    DirEntry inner =
        tree.directory("i", 0755, 0, tree.directory("x", 0755, 0), tree.directory("y", 0755, 0));
    for (int i = 0; i < 25; i++) {
      entries.add(inner.withName("d" + i));
      entries.add(tree.file("f" + i, new byte[] {1}, 0644, 0));
      expected.addAll(List.of("d" + i, "f" + i, "d" + i + "/x", "d" + i + "/y"));
    }
    DirEntry root = tree.directory("r", 0755, 0, entries.toArray(DirEntry[]::new));

    for (int window : new int[] {1, 2, 7, 24, 25, 26}) {
      Recorder recorder = new Recorder();
      new TreeWalk(tree, recorder, tally, window).run(DirectoryNode.root(root, false), 3);

      assertEquals(expected, recorder.seen);
      assertEquals(1 + 25 * 3, recorder.listed.size());
      assertEquals(Set.of(), recorder.repeated);
    }
  }

  @Test
  void tellsWhatRepeatsAndNotWhatIsOnlyOutOfOrder() throws InterruptedException {
    DirEntry file = tree.file("b", new byte[] {1}, 0644, 0);
    DirEntry directory = tree.directory("b", 0755, 0);
    DirEntry root =
        tree.hostileDirectory(
            "r", directory, file, file.withName("c"), file, directory.withName("z"));
    Recorder recorder =
        new Recorder() {
          @Override
          void see(DirectoryNode parent, DirEntry entry, boolean mustBeNew) {
            super.see(parent, entry.withName(entry.type().code() + entry.name()), mustBeNew);
          }
        };

    new TreeWalk(tree, recorder, tally, 10).run(DirectoryNode.root(root, false), 1);

    assertEquals(Set.of("db", "fb", "fc", "dz"), recorder.seen);
    assertEquals(Set.of("fb"), recorder.repeated);
  }

  @Test
  void passesOnWhatCrashesASink() {
    DirEntry root = tree.directory("r", 0755, 0, tree.file("f", new byte[] {1}, 0644, 0));
    Recorder recorder =
        new Recorder() {
          @Override
          void see(DirectoryNode parent, DirEntry entry, boolean mustBeNew) {
            throw new IllegalStateException("a bug");
          }
        };

    assertThrows(
        IllegalStateException.class,
        () -> new TreeWalk(tree, recorder, tally, 10).run(DirectoryNode.root(root, false), 3));
  }
}
