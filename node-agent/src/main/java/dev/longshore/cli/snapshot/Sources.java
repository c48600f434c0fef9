package dev.longshore.cli.snapshot;

import dev.longshore.cli.Cli;
import dev.longshore.cli.CommandFailure;
import dev.longshore.cli.ExitCode;
import dev.longshore.engine.repository.ClientOptions;
import dev.longshore.format.snapshot.SourceInfo;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Sources and tags as users write them.
public final class Sources {
  private Sources() {}

  /// A source: `user@host:/path`, `user@host`, `@host`, `(global)`, or a local path of this client.
  public static SourceInfo parse(Cli cli, ClientOptions client, String text) {
    return SourceInfo.parse(text)
        .orElseGet(() -> new SourceInfo(client.hostname(), client.username(), local(cli, text)));
  }

  /// A source of which host, user and path are all given.
  static SourceInfo parseFull(Cli cli, ClientOptions client, String text) {
    SourceInfo source = parse(cli, client, text);
    if (source.host().isEmpty() || source.userName().isEmpty() || source.path().isEmpty()) {
      throw new CommandFailure(
          ExitCode.USAGE, "not a source with user, host and path (user@host:/path): " + text);
    }
    return source;
  }

  /// A path as snapshots name it: absolute, without `.` and `..`.
  static String local(Cli cli, String path) {
    return cli.terminal().workingDirectory().resolve(path).normalize().toString();
  }

  /// `--tags key:value`, as labels: Kopia puts `tag:` before the keys of its command line.
  static Map<String, String> tags(List<String> texts) {
    Map<String, String> tags = new HashMap<>();
    for (String text : texts) {
      int colon = text.indexOf(':');
      if (colon < 0) {
        throw new CommandFailure(ExitCode.USAGE, "--tags: " + text + " is not KEY:VALUE");
      }
      if (tags.put("tag:" + text.substring(0, colon), text.substring(colon + 1)) != null) {
        throw new CommandFailure(
            ExitCode.USAGE, "--tags: " + text.substring(0, colon) + " is given twice");
      }
    }
    return tags;
  }
}
