package dev.longshore.engine.restore;

import dev.longshore.engine.concurrent.MemoryBudget;
import dev.longshore.engine.posix.OsException;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.directory.EntryType;
import dev.longshore.format.json.RawText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Makes one file of several names what it was: the first name that is met is restored, the others
/// become links to it when it is whole. Thread-safe.
///
/// Names are linked only if all that their entries say is the same, so that neither a file that
/// changed while it was backed up nor a made-up number joins what is different. What cannot be
/// linked is left for [#takeUnlinked], to be restored on its own.
///
/// Memory: some 200 bytes for each such file, up to a limit; what is met beyond it is restored on
/// its own.
final class HardLinks {
  private static final int BYTES_PER_FILE = 512;

  private final DirectoryHandles handles;
  private final TargetEntries entries;
  private final RestoreOptions options;
  private final RestoreTally tally;
  private final int limit;
  private final Consumer<DirectoryNode> made;
  private final Map<Key, First> files = new HashMap<>();
  private final List<Name> unlinked = new ArrayList<>();

  /// @param made is told of the directory of each link that was made
  HardLinks(
      DirectoryHandles handles,
      RestoreOptions options,
      RestoreTally tally,
      Consumer<DirectoryNode> made) {
    this.made = made;
    this.handles = handles;
    this.entries = new TargetEntries(options.overwrite());
    this.options = options;
    this.tally = tally;
    this.limit = limit();
  }

  /// The most files that are remembered.
  static int limit() {
    return Math.clamp(MemoryBudget.ofProcess().planBytes() / BYTES_PER_FILE, 1024, 1 << 22);
  }

  /// What the names of one file have in common.
  record Key(long inode, long device) {
    static Key of(DirEntry entry) {
      return new Key(entry.extra().inode(), entry.extra().device());
    }
  }

  /// A name to be made.
  ///
  /// @param mustBeNew nothing may give way to it
  record Name(DirectoryNode directory, DirEntry entry, boolean mustBeNew) {
    String path() {
      return directory.path(entry.name());
    }
  }

  private enum State {
    PENDING,
    WHOLE,
    FAILED
  }

  private static final class First {
    private final Name name;
    private State state = State.PENDING;
    private List<Name> waiting = new ArrayList<>();

    First(Name name) {
      this.name = name;
    }
  }

  /// Takes a name whose file has others; false if it is to be restored as a file, and then [#ended]
  /// be told of it. The directory must have been told that a child begins.
  boolean take(Name name) {
    if (!isLinked(name.entry)) {
      return false;
    }
    Key key = Key.of(name.entry);
    State state;
    First first;
    synchronized (files) {
      first = files.get(key);
      if (first == null) {
        if (files.size() < limit) {
          files.put(key, new First(name));
        } else {
          tally.metadataFailed(
              name::path,
              RestoreIssue.Kind.LINK,
              "restored as a file of its own: more than %d files of several names".formatted(limit),
              options.attributes());
        }
        return false;
      }
      if (!isSame(first.name.entry, name.entry)) {
        return false;
      }
      state = first.state;
      if (state == State.PENDING) {
        first.waiting.add(name);
      }
    }
    if (state != State.PENDING) {
      settle(first, state, name);
    }
    return true;
  }

  private boolean isLinked(DirEntry entry) {
    return options.attributes().kept() && entry.extra().inode() != 0;
  }

  /// Tells whether two names may be of one file.
  static boolean isSame(DirEntry left, DirEntry right) {
    return left.withName("").equals(right.withName(""));
  }

  /// A file that was restored has ended.
  ///
  /// @param whole it has all its bytes, and its own name
  void ended(DirectoryNode directory, DirEntry entry, boolean whole) {
    if (!isLinked(entry)) {
      return;
    }
    First first;
    List<Name> waiting;
    State state = whole ? State.WHOLE : State.FAILED;
    synchronized (files) {
      first = files.get(Key.of(entry));
      boolean isFirst =
          first != null
              && first.name.directory == directory
              && first.name.entry.name().equals(entry.name());
      if (first == null || !isFirst || first.state != State.PENDING) {
        return;
      }
      first.state = state;
      waiting = first.waiting;
      first.waiting = List.of();
    }
    for (Name name : waiting) {
      settle(first, state, name);
    }
  }

  /// Remembers a file that is in the target already, for other names to be linked to.
  void isThere(DirectoryNode directory, DirEntry entry) {
    if (isLinked(entry)) {
      Key key = Key.of(entry);
      synchronized (files) {
        if (files.size() < limit) {
          files.putIfAbsent(key, new First(new Name(directory, entry, false)));
        }
      }
      ended(directory, entry, true);
    }
  }

  private void settle(First first, State state, Name name) {
    try {
      if (state != State.WHOLE) {
        throw new RefusedException("its other name " + first.name.path() + " was not restored");
      }
      link(first.name, name);
    } catch (IOException e) {
      synchronized (unlinked) {
        unlinked.add(name);
      }
      if (state == State.WHOLE) {
        String problem = "restored as a file of its own: " + reason(e);
        tally.metadataFailed(name::path, RestoreIssue.Kind.LINK, problem, options.attributes());
      }
      return;
    }
    (name.entry.type() == EntryType.SYMLINK ? tally.symlinks : tally.files).increment();
    tally.bytes.add(name.entry.sizeBytes());
    made.accept(name.directory);
  }

  private static String reason(IOException e) {
    return e instanceof OsException os ? os.reason() : String.valueOf(e.getMessage());
  }

  private void link(Name from, Name to) throws IOException {
    try (DirectoryHandles.Handle source = handles.acquire(from.directory);
        DirectoryHandles.Handle target = handles.acquire(to.directory)) {
      entries.makeLink(
          source.fd(),
          RawText.encode(from.entry.name()),
          new TargetEntries.Place(target.fd(), to.entry.name(), to.mustBeNew));
      Placeholders.remove(target.fd(), to.entry);
    }
  }

  /// The names that could not be linked, to be restored on their own; forgets them.
  List<Name> takeUnlinked() {
    synchronized (unlinked) {
      List<Name> taken = List.copyOf(unlinked);
      unlinked.clear();
      return taken;
    }
  }
}
