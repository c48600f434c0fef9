package dev.longshore.cli.inspect;

import dev.longshore.cli.Branch;
import dev.longshore.cli.Cli;
import dev.longshore.cli.CommandFailure;
import dev.longshore.cli.CommandGroup;
import dev.longshore.cli.ExitCode;
import dev.longshore.cli.RepoCommand;
import dev.longshore.cli.output.JsonList;
import dev.longshore.cli.output.Text;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.repository.Repository;
import dev.longshore.engine.repository.WriteOptions;
import dev.longshore.format.id.ManifestId;
import dev.longshore.format.json.GoJsonWriter;
import dev.longshore.format.manifest.ManifestEntry;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `manifest list`, `show` and `delete`.
public final class ManifestCommands {
  private static final long NANOS = 1_000_000_000L;

  private ManifestCommands() {}

  @Command(name = "manifest", description = "Look at manifests.")
  static final class Group extends CommandGroup {}

  /// `manifest` with its commands.
  public static Branch group(Cli cli) {
    return Branch.group(new Group(), new ListManifests(cli), new Show(cli), new Delete(cli));
  }

  private static ManifestId manifestId(String text) {
    try {
      return new ManifestId(text);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(ExitCode.USAGE, "not a manifest id: " + text, e);
    }
  }

  /// `manifest list`.
  @Command(name = "list", aliases = "ls", description = "List manifests.")
  static final class ListManifests extends RepoCommand {
    @Option(
        names = "--filter",
        paramLabel = "KEY:VALUE",
        description = "Only manifests with this label.")
    List<String> filters = List.of();

    @Option(names = "--sort", paramLabel = "KEY", description = "Sort by this label; then by time.")
    List<String> sortKeys = List.of();

    @Option(names = "--json", negatable = true, description = "Print JSON.")
    boolean json;

    ListManifests(Cli cli) {
      super(cli);
    }

    @Override
    protected ExitCode run() throws IOException {
      try (Repository repository = cli.connection().open()) {
        List<ManifestEntry> found = new ArrayList<>(repository.manifests().find(labels()));
        found.sort(order());
        if (json) {
          try (var list = new JsonList(cli.out())) {
            found.forEach(entry -> list.add(row -> write(row, entry)));
          }
        } else {
          found.forEach(entry -> cli.out().println(line(entry)));
        }
      }
      return ExitCode.OK;
    }

    private Map<String, String> labels() {
      Map<String, String> labels = new HashMap<>();
      for (String filter : filters) {
        int colon = filter.indexOf(':');
        if (colon <= 0) {
          throw usage("--filter: " + filter + " is not KEY:VALUE");
        }
        labels.put(filter.substring(0, colon), filter.substring(colon + 1));
      }
      return labels;
    }

    private Comparator<ManifestEntry> order() {
      Comparator<ManifestEntry> order = (_, _) -> 0;
      for (String key : sortKeys) {
        order = order.thenComparing(entry -> entry.labels().getOrDefault(key, ""));
      }
      return order.thenComparing(ManifestEntry::modified);
    }

    private String line(ManifestEntry entry) {
      String labels =
          new TreeMap<>(entry.labels())
              .entrySet().stream()
                  .filter(label -> !label.getKey().equals("type"))
                  .map(label -> label.getKey() + ":" + label.getValue())
                  .sorted()
                  .collect(Collectors.joining(" "));
      return Text.visible(
          "%s %10d %s type:%s %s"
              .formatted(
                  entry.id(),
                  entry.data().length,
                  cli.times().seconds(entry.modified()),
                  entry.labels().getOrDefault("type", ""),
                  labels));
    }

    private static void write(GoJsonWriter row, ManifestEntry entry) {
      row.field("id", entry.id().value());
      row.field("length", entry.data().length);
      row.name("labels").beginObject();
      new TreeMap<>(entry.labels()).forEach(row::field);
      row.endObject();
      Instant time = entry.modified();
      row.name("mtime").time(time.getEpochSecond() * NANOS + time.getNano());
    }
  }

  /// `manifest show`.
  @Command(name = "show", description = "Print manifests.")
  static final class Show extends RepoCommand {
    @Parameters(arity = "1..*", paramLabel = "ID", description = "Manifest ids.")
    List<String> ids = List.of();

    Show(Cli cli) {
      super(cli);
    }

    @Override
    protected ExitCode run() throws IOException {
      try (Repository repository = cli.connection().open()) {
        for (String text : ids) {
          ManifestId id = manifestId(text);
          ManifestEntry entry =
              repository
                  .manifests()
                  .get(id)
                  .orElseThrow(() -> new NotFoundException("no manifest " + id));
          print(entry);
        }
      }
      return ExitCode.OK;
    }

    private void print(ManifestEntry entry) throws IOException {
      cli.out().println("// id: " + entry.id());
      cli.out().println("// length: " + entry.data().length);
      cli.out().println("// modified: " + cli.times().seconds(entry.modified()));
      new TreeMap<>(entry.labels())
          .forEach(
              (key, value) -> cli.out().println(Text.visible("// label " + key + ":" + value)));
      cli.out().write(ContentCommands.Show.indented("manifest " + entry.id(), entry.data()));
    }
  }

  /// `manifest delete`.
  @Command(
      name = "delete",
      aliases = {"remove", "rm"},
      description =
          "Delete manifests: for snapshots and policies use their own commands. It asks for"
              + " --dangerous-commands=enabled.")
  static final class Delete extends RepoCommand {
    @Parameters(arity = "1..*", paramLabel = "ID", description = "Manifest ids.")
    List<String> ids = List.of();

    Delete(Cli cli) {
      super(cli);
    }

    @Override
    protected ExitCode run() throws IOException {
      Danger.check(cli);
      List<ManifestId> chosen = ids.stream().map(ManifestCommands::manifestId).toList();
      try (Repository repository = cli.connection().open()) {
        repository.write(
            WriteOptions.forPurpose("manifest delete"),
            writer -> {
              for (ManifestId id : chosen) {
                writer.manifests().delete(id);
              }
              return chosen;
            });
      }
      return ExitCode.OK;
    }
  }
}
