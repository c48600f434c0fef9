package dev.longshore.cli.inspect;

import dev.longshore.cli.CommandFailure;
import dev.longshore.cli.ExitCode;
import dev.longshore.engine.content.ContentRange;
import dev.longshore.format.id.ContentId;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which contents a command is about.
final class ContentFlags {
  @Option(
      names = "--prefix",
      paramLabel = "PREFIX",
      description = "Only content ids that begin with PREFIX.")
  @Nullable String prefix;

  @Option(
      names = "--prefixed",
      negatable = true,
      description = "Only content ids with a prefix letter.")
  boolean prefixed;

  @Option(names = "--non-prefixed", negatable = true, description = "Only content ids without one.")
  boolean nonPrefixed;

  ContentRange range(boolean includeDeleted) {
    if (prefixed && nonPrefixed) {
      throw new CommandFailure(ExitCode.USAGE, "--prefixed and --non-prefixed exclude each other");
    }
    char first = prefixed ? 'g' : ContentId.NO_PREFIX;
    char last = nonPrefixed ? ContentId.NO_PREFIX : 'z';
    if (prefix != null && !prefix.isEmpty()) {
      char letter = prefix.charAt(0);
      boolean isPrefix = letter >= 'g' && letter <= 'z';
      first = isPrefix ? letter : ContentId.NO_PREFIX;
      last = first;
    }
    return new ContentRange(first, last, includeDeleted);
  }

  /// Tells whether nothing is left out.
  boolean all() {
    return !prefixed && !nonPrefixed && (prefix == null || prefix.isEmpty());
  }

  boolean includes(ContentId id) {
    return prefix == null || id.toString().startsWith(prefix);
  }
}
