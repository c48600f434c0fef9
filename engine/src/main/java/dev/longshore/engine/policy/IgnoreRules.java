package dev.longshore.engine.policy;

import dev.longshore.format.json.RawText;
import dev.longshore.format.policy.FilesPolicy;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The ignore rules in force inside one directory.
///
/// A chain from the snapshot's root down: a directory with a policy of its own or with ignore files
/// adds a link, any other shares its parent's. Parents speak first; then this directory's rules in
/// order, a normal one only to what is not ignored yet, a negated one only to what is.
///
/// ```java
/// IgnoreRules rules = IgnoreRules.NONE.enter("", tree.definedFiles(), dotFiles);
/// if (rules.includes("/" + name, isDirectory)) { ... }
/// IgnoreRules below = rules.enter("/" + name, tree.child(name).definedFiles(), dotFilesBelow);
/// ```
///
/// Immutable, safe for use by many threads. Source: kopia 4ebb2be6c `fs/ignorefs/ignorefs.go`.
public final class IgnoreRules {
  /// The rules above a snapshot's root: none.
  public static final IgnoreRules NONE = new IgnoreRules(null, List.of(), List.of(), 0, false);

  // Kopia's line scanner stops for good at a longer line.
  private static final int MAX_LINE_BYTES = 64 << 10;

  private final @Nullable IgnoreRules parent;
  private final List<IgnoreMatcher> matchers;
  private final List<String> dotFileNames;
  private final long maxFileSizeBytes;
  private final boolean oneFileSystem;
  private final boolean empty;

  private IgnoreRules(
      @Nullable IgnoreRules parent,
      List<IgnoreMatcher> matchers,
      List<String> dotFileNames,
      long maxFileSizeBytes,
      boolean oneFileSystem) {
    this.parent = parent;
    this.matchers = List.copyOf(matchers);
    this.dotFileNames = List.copyOf(dotFileNames);
    this.maxFileSizeBytes = maxFileSizeBytes;
    this.oneFileSystem = oneFileSystem;
    this.empty = matchers.isEmpty() && (parent == null || parent.empty);
  }

  /// The rules inside a directory.
  ///
  /// A policy defined at the directory replaces the list of names of ignore files for it and below,
  /// even by nothing, and decides anew about other file systems.
  ///
  /// @param path the directory from the snapshot's root: "" for the root itself, else `/a/b`
  /// @param defined the file settings of the policy defined exactly there, null if there is none
  /// @throws InvalidPatternException if a rule means nothing
  /// @throws IOException if an ignore file cannot be read
  public IgnoreRules enter(String path, @Nullable FilesPolicy defined, DotFiles dotFiles)
      throws IOException {
    List<String> names = defined == null ? dotFileNames : distinct(defined.dotIgnoreFiles());
    List<IgnoreMatcher> fromFiles = new ArrayList<>();
    boolean found = false;
    for (String name : names) {
      try (InputStream file = dotFiles.open(name)) {
        if (file != null) {
          found = true;
          parse(file, path, fromFiles);
        }
      }
    }
    if (!found && defined == null) {
      return this;
    }
    if (defined == null) {
      return new IgnoreRules(this, fromFiles, names, maxFileSizeBytes, oneFileSystem);
    }
    List<IgnoreMatcher> all = new ArrayList<>();
    for (String rule : defined.ignoreRules()) {
      all.add(IgnoreMatcher.compile(rule, path));
    }
    all.addAll(fromFiles);
    long maxSize = defined.maxFileSizeBytes();
    return new IgnoreRules(
        this,
        all,
        names,
        maxSize == 0 ? maxFileSizeBytes : maxSize,
        Boolean.TRUE.equals(defined.oneFileSystem()));
  }

  /// Tells whether no rule can ignore anything by name, so that no path need be built.
  public boolean isEmpty() {
    return empty;
  }

  /// Tells whether the rules let an entry of this directory, or of one below that shares these
  /// rules, into the snapshot. Size and device are not looked at.
  ///
  /// @param path from the snapshot's root, beginning with `/`
  public boolean includes(String path, boolean directory) {
    return empty || !ignores(PatternCompiler.codePoints(path), directory);
  }

  private boolean ignores(int[] path, boolean directory) {
    boolean ignored = parent != null && !parent.empty && parent.ignores(path, directory);
    for (IgnoreMatcher matcher : matchers) {
      if (matcher.isNegated() == ignored) {
        ignored = matcher.ignores(path, directory);
      }
    }
    return ignored;
  }

  /// Files above this size are left out without a word; 0 is no limit.
  public long maxFileSizeBytes() {
    return maxFileSizeBytes;
  }

  /// Entries on another device than their directory are left out.
  public boolean oneFileSystem() {
    return oneFileSystem;
  }

  private static List<String> distinct(List<String> names) {
    return names.stream().distinct().toList();
  }

  private static void parse(InputStream file, String base, List<IgnoreMatcher> into)
      throws IOException {
    InputStream in = new BufferedInputStream(file);
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (true) {
      int b = in.read();
      if (b == '\n' || (b < 0 && line.size() > 0)) {
        addRule(line.toByteArray(), base, into);
        line.reset();
      } else if (b >= 0) {
        line.write(b);
      }
      if (b < 0 || line.size() >= MAX_LINE_BYTES) {
        return;
      }
    }
  }

  private static void addRule(byte[] line, String base, List<IgnoreMatcher> into)
      throws InvalidPatternException {
    int length = line.length;
    if (length > 0 && line[length - 1] == '\r') {
      length--;
    }
    String rule = RawText.decode(line, 0, length);
    if (!rule.startsWith("#") && !rule.codePoints().allMatch(CharacterSet::isSpace)) {
      into.add(IgnoreMatcher.compile(rule, base));
    }
  }
}
