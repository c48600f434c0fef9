package dev.longshore.agent;

import dev.longshore.agent.config.AgentConfig;
import dev.longshore.agent.config.ConfigReader;
import dev.longshore.agent.expose.PodTemplate;
import dev.longshore.agent.lead.Leadership;
import dev.longshore.agent.log.LogLines;
import dev.longshore.agent.metrics.AgentMetrics;
import dev.longshore.agent.metrics.MeteredApi;
import dev.longshore.agent.reconcile.Ownership;
import dev.longshore.agent.reconcile.Settings;
import dev.longshore.agent.serve.HealthServer;
import dev.longshore.kube.Cluster;
import dev.longshore.kube.HttpKubeApi;
import dev.longshore.kube.KubeApi;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.Limits;
import dev.longshore.kube.Pace;
import dev.longshore.kube.Resource;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;

/// The program of the DaemonSet's pods.
public final class NodeAgent {
  private static final Logger LOG = System.getLogger(NodeAgent.class.getName());

  /// How long the loop sleeps at most: what happens in the cluster is seen by then.
  private static final Duration LONGEST_SLEEP = Duration.ofMillis(200);

  private static final Duration OBSERVE_EVERY = Duration.ofSeconds(5);

  private static final int OK = 0;
  private static final int FAILED = 1;
  private static final int USAGE = 2;

  private final AgentOptions options;
  private final Map<String, String> environment;
  private final Clock clock;
  private final LogLines lines;

  /// Counted down when the process is told to end.
  private final CountDownLatch stop = new CountDownLatch(1);

  private NodeAgent(
      AgentOptions options, Map<String, String> environment, Clock clock, LogLines lines) {
    this.lines = lines;
    this.options = options;
    this.environment = environment;
    this.clock = clock;
  }

  public static void main(String[] arguments) {
    AgentOptions options = new AgentOptions();
    CommandLine line = new CommandLine(options);
    try {
      line.parseArgs(arguments);
    } catch (CommandLine.ParameterException e) {
      System.err.println("node-agent: " + e.getMessage());
      System.err.println("See node-agent --help.");
      System.exit(USAGE);
    }
    if (line.isUsageHelpRequested()) {
      line.usage(System.out);
      System.exit(OK);
    }
    if (line.isVersionHelpRequested()) {
      line.printVersionHelp(System.out);
      System.exit(OK);
    }
    LogLines lines =
        LogLines.install(System.out, options.logFormat.equals("json"), options.logLevel);
    NodeAgent agent = new NodeAgent(options, System.getenv(), Clock.systemUTC(), lines);
    CountDownLatch ended = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> {
              agent.stop.countDown();
              awaitQuietly(ended);
            }));
    int status = agent.run();
    ended.countDown();
    System.exit(status);
  }

  private static void awaitQuietly(CountDownLatch ended) {
    try {
      if (!ended.await(5, TimeUnit.SECONDS)) {
        LOG.log(Level.WARNING, "the loop did not end in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private int run() {
    try {
      Cluster cluster = Cluster.find(environment, clock);
      Pace pace = new Pace(clock, Thread::sleep, new SecureRandom());
      try (HttpKubeApi api = new HttpKubeApi(cluster, Limits.STANDARD, pace)) {
        loop(api, pace, namespace(cluster));
      }
      return OK;
    } catch (IOException e) {
      LOG.log(Level.ERROR, () -> "cannot run: " + e.getMessage());
      return FAILED;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return FAILED;
    }
  }

  private String namespace(Cluster cluster) {
    String given =
        options.namespace == null
            ? environment.getOrDefault("VELERO_NAMESPACE", "")
            : options.namespace;
    return given.isEmpty() ? cluster.namespace() : given;
  }

  private void loop(KubeApi plain, Pace pace, String namespace)
      throws IOException, InterruptedException {
    AgentMetrics metrics = new AgentMetrics();
    KubeApi api = new MeteredApi(plain, metrics);
    AgentConfig config = config(api, namespace);
    config.problems().forEach(problem -> LOG.log(Level.WARNING, () -> "settings: " + problem));
    PodTemplate template =
        PodTemplate.of(
            api.get(Resource.DAEMON_SETS, namespace, options.daemonSetName()),
            options.moverServiceAccount,
            options.logArguments(),
            config);
    boolean replaces = options.mode == AgentOptions.Mode.replace;
    Settings settings =
        new Settings(
            new Ownership(options.dataMoverName, replaces),
            config,
            environment.getOrDefault("NODE_NAME", ""),
            options.prepareTimeout,
            options.upkeep());
    String identity = identity();
    Agent.Place place = new Agent.Place(namespace, "longshore-node-agent", identity);
    try (Agent agent =
            new Agent(api, pace, place, settings, template, new Agent.Meters(metrics, metrics));
        HealthServer health =
            new HealthServer(
                options.metricsAddress,
                clock,
                agent::isReady,
                metrics::write,
                AgentMetrics.contentType())) {
      LOG.log(
          Level.INFO, () -> "%s is in %s, mode %s".formatted(identity, namespace, options.mode));
      turn(agent, health, metrics);
      lines.last(LOG.getName(), "told to end");
      if (agent.release()) {
        lines.last(LOG.getName(), "the lease is free for another agent");
      }
    }
  }

  private String identity() {
    String pod = environment.getOrDefault("POD_NAME", "");
    String run = ProcessHandle.current().pid() + "-" + clock.millis();
    return pod.isEmpty() ? "agent-" + run : pod + Leadership.POD_END + run;
  }

  private void turn(Agent agent, HealthServer health, AgentMetrics metrics)
      throws InterruptedException {
    Duration sleep = Duration.ZERO;
    Instant observed = Instant.MIN;
    while (!stop.await(sleep.toMillis(), TimeUnit.MILLISECONDS)) {
      Duration idle = agent.step();
      health.turned();
      metrics.leading(agent.isLeading());
      if (!clock.instant().isBefore(observed.plus(OBSERVE_EVERY))) {
        observed = clock.instant();
        metrics.observe(agent.transfers(), observed);
      }
      sleep = idle.compareTo(LONGEST_SLEEP) < 0 ? idle : LONGEST_SLEEP;
    }
  }

  private AgentConfig config(KubeApi api, String namespace) throws IOException {
    String name = options.configMap;
    if (name == null || name.isEmpty()) {
      return AgentConfig.defaults();
    }
    try {
      KubeObject configMap = api.get(Resource.CONFIG_MAPS, namespace, name);
      return ConfigReader.ofConfigMap(configMap);
    } catch (KubeException e) {
      throw new IOException("ConfigMap %s/%s: %s".formatted(namespace, name, e.getMessage()), e);
    }
  }
}
