package dev.longshore.cli.snapshot;

import dev.longshore.cli.Cli;
import dev.longshore.cli.ExitCode;
import dev.longshore.cli.RepoCommand;
import dev.longshore.cli.output.JsonList;
import dev.longshore.cli.output.Text;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.policy.Policies;
import dev.longshore.engine.policy.Retention;
import dev.longshore.engine.repository.ClientOptions;
import dev.longshore.engine.repository.Repository;
import dev.longshore.engine.snapshot.SnapshotCatalog;
import dev.longshore.engine.snapshot.SnapshotTree;
import dev.longshore.engine.verify.StorageStats;
import dev.longshore.engine.verify.StorageSurvey;
import dev.longshore.format.snapshot.SnapshotManifest;
import dev.longshore.format.snapshot.SourceInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `snapshot list`.
@Command(name = "list", aliases = "ls", description = "List snapshots.")
final class ListSnapshotsCommand extends RepoCommand {
  @Parameters(
      arity = "0..1",
      paramLabel = "SOURCE",
      description = "A path, or user@host:/path; else all sources.")
  @Nullable String source;

  @Option(
      names = {"-i", "--incomplete"},
      negatable = true,
      description = "Incomplete snapshots too.")
  boolean incomplete;

  @Option(
      names = "--human-readable",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "Sizes with units.")
  boolean human;

  @Option(
      names = {"-d", "--delta"},
      negatable = true,
      description = "Show growth since the snapshot before.")
  boolean delta;

  @Option(
      names = {"-m", "--manifest-id"},
      negatable = true,
      description = "Show manifest ids.")
  boolean manifestIds;

  @Option(
      names = "--retention",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "Show why snapshots are kept.")
  boolean retention;

  @Option(names = "--mtime", negatable = true, description = "Show modification times.")
  boolean mtime;

  @Option(names = "--owner", negatable = true, description = "Show owners.")
  boolean owner;

  @Option(
      names = {"-l", "--show-identical"},
      negatable = true,
      description = "Show identical snapshots one by one.")
  boolean showIdentical;

  @Option(
      names = "--storage-stats",
      negatable = true,
      description = "Compute what each snapshot added to the repository.")
  boolean storageStats;

  @Option(names = "--reverse", negatable = true, description = "Newest first.")
  boolean reverse;

  @Option(
      names = {"-a", "--all"},
      negatable = true,
      description = "Of all users and hosts.")
  boolean all;

  @Option(
      names = {"-n", "--max-results"},
      paramLabel = "N",
      description = "At most N of each source.")
  int maxResults;

  @Option(names = "--tags", paramLabel = "KEY:VALUE", description = "Only snapshots with this tag.")
  List<String> tags = List.of();

  @Option(names = "--json", negatable = true, description = "Print JSON.")
  boolean json;

  ListSnapshotsCommand(Cli cli) {
    super(cli);
  }

  @Override
  protected ExitCode run() throws IOException {
    try (Repository repository = cli.connection().open()) {
      SourceInfo wanted =
          source == null ? SourceInfo.GLOBAL : Sources.parse(cli, repository.client(), source);
      Map<String, List<SnapshotManifest>> groups = find(repository, wanted);
      if (json) {
        printJson(repository, groups);
      } else {
        printText(repository, groups, wanted.path());
      }
    }
    return ExitCode.OK;
  }

  /// Snapshots by source: of the path and, as Kopia does, of every directory above it.
  private Map<String, List<SnapshotManifest>> find(Repository repository, SourceInfo wanted)
      throws RepositoryException {
    var catalog = new SnapshotCatalog(repository.manifests());
    Map<String, List<SnapshotManifest>> groups = new TreeMap<>();
    SourceInfo at = wanted;
    while (true) {
      SnapshotCatalog.Listing listing = catalog.of(at, Sources.tags(tags));
      for (SnapshotManifest snapshot : listing.snapshots()) {
        groups.computeIfAbsent(snapshot.source().toString(), _ -> new ArrayList<>()).add(snapshot);
      }
      listing
          .unreadable()
          .forEach(id -> cli.notice("repo: warning: snapshot manifest " + id + " is damaged"));
      Path parent = at.path().isEmpty() ? null : Path.of(at.path()).getParent();
      if (parent == null) {
        break;
      }
      at = new SourceInfo(at.host(), at.userName(), parent.toString());
    }
    groups.values().forEach(this::sortAndCut);
    return groups;
  }

  private void sortAndCut(List<SnapshotManifest> group) {
    group.sort(Comparator.comparingLong(SnapshotManifest::startNanos));
    if (reverse) {
      Collections.reverse(group);
    }
    if (maxResults > 0 && group.size() > maxResults) {
      group.subList(0, group.size() - maxResults).clear();
    }
  }

  /// For each snapshot of the group, why it is kept.
  private List<List<String>> reasons(Repository repository, List<SnapshotManifest> group)
      throws RepositoryException {
    if (!retention) {
      return Collections.nCopies(group.size(), List.of());
    }
    var policy = new Policies(repository.manifests()).effective(group.getFirst().source()).policy();
    return Retention.reasons(policy.retention(), group, cli.times().zone());
  }

  private List<ListedSnapshot> listed(Repository repository, List<SnapshotManifest> group)
      throws RepositoryException {
    List<List<String>> reasons = reasons(repository, group);
    var survey = new StorageSurvey(repository);
    List<ListedSnapshot> listed = new ArrayList<>();
    for (int i = 0; i < group.size(); i++) {
      Optional<StorageStats> storage =
          storageStats ? Optional.of(survey.add(group.get(i))) : Optional.empty();
      listed.add(new ListedSnapshot(group.get(i), reasons.get(i), storage));
    }
    return listed;
  }

  private void printJson(Repository repository, Map<String, List<SnapshotManifest>> groups)
      throws RepositoryException {
    try (var list = new JsonList(cli.out())) {
      for (List<SnapshotManifest> group : groups.values()) {
        for (ListedSnapshot snapshot : listed(repository, group)) {
          list.add(row -> SnapshotJson.writeListed(row, snapshot));
        }
      }
    }
  }

  private void printText(
      Repository repository, Map<String, List<SnapshotManifest>> groups, String path)
      throws RepositoryException {
    ClientOptions client = repository.client();
    boolean any = false;
    for (List<SnapshotManifest> group : groups.values()) {
      SourceInfo of = group.getFirst().source();
      boolean own = of.host().equals(client.hostname()) && of.userName().equals(client.username());
      if (!own && !all) {
        continue;
      }
      cli.out().println((any ? "\n" : "") + Text.visible(of.toString()));
      any = true;
      var rows =
          new SnapshotRows(
              cli, SnapshotTree.of(repository), new SnapshotRows.Columns(this), below(of, path));
      rows.print(listed(repository, group));
    }
    if (!any && !groups.isEmpty()) {
      cli.notice("No snapshots found. Pass --all to show snapshots from all users/hosts.");
    }
  }

  private static List<String> below(SourceInfo source, String path) {
    if (path.isEmpty() || path.equals(source.path())) {
      return List.of();
    }
    List<String> parts = new ArrayList<>();
    Path.of(source.path()).relativize(Path.of(path)).forEach(part -> parts.add(part.toString()));
    return parts;
  }
}
