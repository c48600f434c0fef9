package dev.longshore.cli.policy;

import dev.longshore.cli.Cli;
import dev.longshore.cli.CommandFailure;
import dev.longshore.cli.ExitCode;
import dev.longshore.cli.RepoCommand;
import dev.longshore.cli.snapshot.Sources;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.manifest.ManifestWriter;
import dev.longshore.engine.policy.Policies;
import dev.longshore.engine.policy.TargetPolicy;
import dev.longshore.engine.repository.Repository;
import dev.longshore.engine.repository.WriteOptions;
import dev.longshore.format.error.FormatException;
import dev.longshore.format.json.GoJsonWriter;
import dev.longshore.format.json.JsonInput;
import dev.longshore.format.json.JsonText;
import dev.longshore.format.policy.Policy;
import dev.longshore.format.snapshot.SourceInfo;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `policy export` and `import`: policies as one JSON object, by target.
final class PolicyFiles {
  private PolicyFiles() {}

  /// `policy export`.
  @Command(name = "export", description = "Print policies as JSON; all, unless targets are named.")
  static final class Export extends RepoCommand {
    @Mixin final PolicyTargets targets = new PolicyTargets();

    @Option(names = "--to-file", paramLabel = "FILE", description = "Write to a file.")
    @Nullable Path file;

    @Option(names = "--overwrite", negatable = true, description = "Replace the file if it exists.")
    boolean overwrite;

    Export(Cli cli) {
      super(cli);
    }

    @Override
    protected ExitCode run() throws IOException {
      if (overwrite && file == null) {
        throw usage("--overwrite needs --to-file");
      }
      byte[] json;
      try (Repository repository = cli.connection().open()) {
        json = json(policies(repository));
      }
      if (file == null) {
        cli.out().write(json);
        return ExitCode.OK;
      }
      Path to = cli.terminal().workingDirectory().resolve(file);
      Files.write(
          to,
          json,
          StandardOpenOption.WRITE,
          overwrite ? StandardOpenOption.CREATE : StandardOpenOption.CREATE_NEW,
          StandardOpenOption.TRUNCATE_EXISTING);
      return ExitCode.OK;
    }

    private Map<String, Policy> policies(Repository repository) throws RepositoryException {
      Map<String, Policy> found = new TreeMap<>();
      var policies = new Policies(repository.manifests());
      if (targets.isEmpty()) {
        for (TargetPolicy policy : policies.all()) {
          found.put(policy.target().toString(), policy.policy());
        }
        return found;
      }
      for (SourceInfo target : targets.parse(cli, repository.client())) {
        found.put(target.toString(), policies.defined(target).orElse(Policy.UNSET));
      }
      return found;
    }

    private byte[] json(Map<String, Policy> policies) {
      var json = new GoJsonWriter();
      json.beginObject();
      policies.forEach((target, policy) -> {
        json.name(target);
        policy.writeTo(json);
      });
      json.endObject();
      byte[] compact = json.toByteArray();
      byte[] text = cli.isJsonIndented() ? JsonText.indent(compact) : compact;
      byte[] line = java.util.Arrays.copyOf(text, text.length + 1);
      line[text.length] = '\n';
      return line;
    }
  }

  /// `policy import`.
  @Command(
      name = "import",
      description =
          "Set policies from JSON as `policy export` prints it; all in it, unless targets"
              + " are named.")
  static final class Import extends RepoCommand {
    /// More than any set of policies; a wrong file must not fill the memory.
    private static final int MAX_BYTES = 64 << 20;

    @Mixin final PolicyTargets targets = new PolicyTargets();

    @Option(
        names = "--from-file",
        paramLabel = "FILE",
        description = "Read a file (default: standard input).")
    @Nullable Path file;

    @Option(
        names = "--allow-unknown-fields",
        negatable = true,
        description = "Pass over settings this version does not know.")
    boolean allowUnknown;

    @Option(
        names = "--delete-other-policies",
        negatable = true,
        description = "Delete all policies that are not imported.")
    boolean deleteOthers;

    Import(Cli cli) {
      super(cli);
    }

    @Override
    protected ExitCode run() throws IOException {
      byte[] json = read();
      try (Repository repository = cli.connection().open()) {
        Map<SourceInfo, Policy> policies = parse(repository, json);
        if (!targets.isEmpty()) {
          List<SourceInfo> wanted = targets.parse(cli, repository.client());
          policies.keySet().retainAll(wanted);
        }
        repository.write(
            WriteOptions.forPurpose("policy import"),
            writer -> {
              store(writer.manifests(), policies);
              return policies;
            });
        cli.notice("Imported " + policies.size() + " policies.");
      }
      return ExitCode.OK;
    }

    private byte[] read() throws IOException {
      try (InputStream in =
          file == null
              ? cli.terminal().in()
              : Files.newInputStream(cli.terminal().workingDirectory().resolve(file))) {
        byte[] bytes = in.readNBytes(MAX_BYTES + 1);
        if (bytes.length > MAX_BYTES) {
          throw new CommandFailure(ExitCode.USAGE, "the policies are over 64 MiB long");
        }
        return bytes;
      }
    }

    private Map<SourceInfo, Policy> parse(Repository repository, byte[] json) {
      try {
        return decode(repository, json);
      } catch (FormatException e) {
        // No damage to a repository: the input is not what it should be.
        throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
      }
    }

    private Map<SourceInfo, Policy> decode(Repository repository, byte[] json)
        throws FormatException {
      Map<SourceInfo, Policy> policies = new LinkedHashMap<>();
      try (JsonInput in = JsonInput.of("policies", json)) {
        in.beginObject();
        for (String key = in.nextKey(); key != null; key = in.nextKey()) {
          byte[] raw = in.raw();
          Policy policy = Policy.decode(raw);
          if (!allowUnknown && isLarger(raw, policy)) {
            throw new CommandFailure(
                ExitCode.USAGE,
                "the policy of "
                    + key
                    + " has settings this version does not know; --allow-unknown-fields passes over"
                    + " them");
          }
          policies.put(Sources.parse(cli, repository.client(), key), policy);
        }
        in.finish();
      }
      return policies;
    }

    /// Tells whether fields were lost: what was read, written again, names fewer of them.
    private static boolean isLarger(byte[] raw, Policy policy) throws FormatException {
      return JsonNames.count(raw) > JsonNames.count(policy.encode());
    }

    private void store(ManifestWriter manifests, Map<SourceInfo, Policy> policies)
        throws RepositoryException {
      for (Map.Entry<SourceInfo, Policy> policy : policies.entrySet()) {
        try {
          Policies.set(manifests, policy.getKey(), policy.getValue());
        } catch (IllegalArgumentException e) {
          throw new CommandFailure(
              ExitCode.USAGE, "policy of " + policy.getKey() + ": " + e.getMessage(), e);
        }
      }
      if (deleteOthers) {
        for (TargetPolicy other : new Policies(manifests).all()) {
          if (!policies.containsKey(other.target())) {
            Policies.remove(manifests, other.target());
          }
        }
      }
    }
  }
}
