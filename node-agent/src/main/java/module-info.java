/// The distribution: the `repo` command line and, in packages that never see it, the node agent.
@org.jspecify.annotations.NullMarked
module longshore.agent {
  requires static org.jspecify;
  requires com.fasterxml.jackson.core;
  requires info.picocli;
  requires longshore.bench;
  requires longshore.engine;

  opens dev.longshore.cli to
      info.picocli;
  opens dev.longshore.cli.help to
      info.picocli;
  opens dev.longshore.cli.inspect to
      info.picocli;
  opens dev.longshore.cli.policy to
      info.picocli;
  opens dev.longshore.cli.repository to
      info.picocli;
  opens dev.longshore.cli.snapshot to
      info.picocli;
}
