package dev.longshore.cli.snapshot;

import dev.longshore.cli.Cli;
import dev.longshore.cli.CommandFailure;
import dev.longshore.cli.ExitCode;
import dev.longshore.engine.repository.Repository;
import dev.longshore.engine.snapshot.InvalidEntries;
import dev.longshore.format.json.RawText;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `snapshot fix remove-files`.
@Command(name = "remove-files", description = "Take the named files out of snapshots.")
final class FixRemoveFilesCommand extends FixCommand {
  @Option(names = "--object-id", paramLabel = "ID", description = "Files with these objects.")
  List<String> objectIds = List.of();

  @Option(
      names = "--filename",
      paramLabel = "NAME",
      description = "Files with these names; wildcards are understood.")
  List<String> names = List.of();

  FixRemoveFilesCommand(Cli cli) {
    super(cli);
  }

  @Override
  void check() {
    if (objectIds.isEmpty() && names.isEmpty()) {
      throw usage("--object-id or --filename is needed");
    }
  }

  @Override
  FileRule rule(Repository repository, InvalidEntries invalid) {
    List<NamePattern> patterns = new ArrayList<>();
    try {
      names.forEach(name -> patterns.add(NamePattern.parse(name)));
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(ExitCode.USAGE, "--filename: " + e.getMessage(), e);
    }
    return (path, entry) -> {
      boolean named =
          objectIds.contains(entry.objectId().toString())
              || patterns.stream().anyMatch(pattern -> pattern.matches(entry.name()));
      if (named) {
        cli.notice("will remove file " + RawText.display(path));
        return null;
      }
      return entry;
    };
  }
}
