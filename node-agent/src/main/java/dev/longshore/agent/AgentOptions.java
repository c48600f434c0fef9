package dev.longshore.agent;

import dev.longshore.agent.api.GoDuration;
import dev.longshore.agent.reconcile.Settings;
import dev.longshore.agent.repository.UpkeepSettings;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// The command line of the agent. Where Velero's node agent has an option, ours has its name.
@Command(
    name = "node-agent",
    mixinStandardHelpOptions = true,
    versionProvider = AgentOptions.Version.class,
    usageHelpAutoWidth = true,
    description = "Moves Kubernetes volumes for Velero, into repositories that Kopia can read.")
final class AgentOptions {
  /// Who prepares and maintains repositories.
  enum Keeper {
    velero,
    longshore
  }

  /// What is done about objects that belong to nobody any more.
  enum Leaks {
    report,
    remove
  }

  /// Beside Velero's node agent, or in its place.
  enum Mode {
    beside,
    replace
  }

  @Option(
      names = "--mode",
      description =
          "beside: handles what names this mover; replace: stands in for Velero's own node agent."
              + " Default: ${DEFAULT-VALUE}")
  Mode mode = Mode.beside;

  @Option(
      names = "--data-mover-name",
      paramLabel = "NAME",
      description = "What spec.datamover says when it means this one. Default: ${DEFAULT-VALUE}")
  String dataMoverName = "longshore";

  @Option(
      names = "--namespace",
      paramLabel = "NAME",
      description = "Velero's namespace ($VELERO_NAMESPACE; else the pod's own).")
  @Nullable String namespace;

  @Option(
      names = "--daemonset",
      paramLabel = "NAME",
      description =
          "The DaemonSet of this agent, from which movers have their image."
              + " Default: longshore-node-agent beside Velero's, else node-agent")
  @Nullable String daemonSet;

  @Option(
      names = "--mover-service-account",
      paramLabel = "NAME",
      description = "The account of movers. Default: ${DEFAULT-VALUE}")
  String moverServiceAccount = "longshore-mover";

  @Option(
      names = "--node-agent-configmap",
      paramLabel = "NAME",
      description = "The ConfigMap with the settings, of one key with JSON.")
  @Nullable String configMap;

  @Option(
      names = "--repositories",
      description =
          "Who prepares and maintains them: velero, its server; longshore, this agent, where the"
              + " server runs with --disable-controllers=backup-repo. Default: ${DEFAULT-VALUE}")
  Keeper repositories = Keeper.velero;

  @Option(
      names = "--backup-repository-configmap",
      paramLabel = "NAME",
      description =
          "The ConfigMap with what new repositories are given (--repositories=longshore).")
  String repositoryConfigMap = "";

  @Option(
      names = "--repo-maintenance-job-configmap",
      paramLabel = "NAME",
      description = "The ConfigMap with the settings of jobs for repositories.")
  String maintenanceConfigMap = "";

  @Option(
      names = "--default-repo-maintain-frequency",
      paramLabel = "DURATION",
      converter = Durations.class,
      description = "Between maintenance of a repository that does not say it. Default: 1h")
  Duration maintenanceFrequency = UpkeepSettings.VELEROS.maintenanceFrequency();

  @Option(
      names = "--leaked-objects",
      description =
          "report: objects that belong to no transfer any more are counted and named in the log;"
              + " remove: and removed. Default: ${DEFAULT-VALUE}")
  Leaks leaks = Leaks.report;

  @Option(
      names = "--data-mover-prepare-timeout",
      paramLabel = "DURATION",
      converter = Durations.class,
      description = "From taking a transfer on to its mover running, such as 45m. Default: 30m")
  Duration prepareTimeout = Settings.DEFAULT_PREPARE_TIMEOUT;

  @Option(
      names = "--metrics-address",
      paramLabel = "[HOST]:PORT",
      converter = Addresses.class,
      description = "Where /metrics, /livez and /readyz are answered. Default: :8085")
  InetSocketAddress metricsAddress = new InetSocketAddress(8085);

  @Option(
      names = "--log-level",
      paramLabel = "LEVEL",
      description = "debug, info, warning or error. Default: ${DEFAULT-VALUE}")
  String logLevel = "info";

  @Option(
      names = "--log-format",
      paramLabel = "FORMAT",
      description = "text or json. Default: ${DEFAULT-VALUE}")
  String logFormat = "text";

  /// What is passed on to movers.
  List<String> logArguments() {
    return List.of("--log-level=" + logLevel, "--log-format=" + logFormat);
  }

  /// How repositories are kept.
  UpkeepSettings upkeep() {
    return new UpkeepSettings(
        repositories == Keeper.longshore,
        repositoryConfigMap,
        maintenanceConfigMap,
        maintenanceFrequency,
        leaks == Leaks.remove);
  }

  /// The DaemonSet's name.
  String daemonSetName() {
    if (daemonSet != null) {
      return daemonSet;
    }
    return mode == Mode.beside ? "longshore-node-agent" : "node-agent";
  }

  /// Durations as Go writes them.
  static final class Durations implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String value) {
      return GoDuration.parse(value)
          .filter(Duration::isPositive)
          .orElseThrow(() -> new TypeConversionException("not a duration above zero: " + value));
    }
  }

  /// `:8085`, `127.0.0.1:8085`, `[::1]:8085`.
  static final class Addresses implements ITypeConverter<InetSocketAddress> {
    @Override
    public InetSocketAddress convert(String value) {
      int colon = value.lastIndexOf(':');
      try {
        int port = Integer.parseInt(value.substring(colon + 1));
        String host = colon < 0 ? "" : value.substring(0, colon);
        return host.isEmpty() ? new InetSocketAddress(port) : new InetSocketAddress(host, port);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException("not an address: " + value);
      }
    }
  }

  /// The distribution's version.
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() throws IOException {
      try (InputStream in =
          AgentOptions.class.getResourceAsStream("/dev/longshore/cli/version.txt")) {
        String version =
            in == null ? "unknown" : new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        return new String[] {"Longshore node-agent " + version};
      }
    }
  }
}
