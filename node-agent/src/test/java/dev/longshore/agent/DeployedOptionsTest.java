package dev.longshore.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.longshore.agent.deploy.DeployFiles;
import dev.longshore.kube.Json;
import dev.longshore.kube.KubeObject;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class DeployedOptionsTest {
  @ParameterizedTest
  @ValueSource(strings = {"beside", "replace"})
  void agentKnowsWhatItsDaemonSetTellsIt(String mode) throws IOException {
    AgentOptions options = new AgentOptions();
    new CommandLine(options).parseArgs(arguments(mode).toArray(String[]::new));
    assertEquals(mode, options.mode.name());
    assertEquals("longshore", options.dataMoverName);
    assertEquals("longshore-mover", options.moverServiceAccount);
    assertEquals(8085, options.metricsAddress.getPort());
    String told = options.daemonSetName();
    options.daemonSet = null;
    assertEquals(options.daemonSetName(), told);
  }

  private static List<String> arguments(String mode) throws IOException {
    for (KubeObject object : DeployFiles.objects("manifests/%s.yaml".formatted(mode))) {
      if (object.kind().equals("DaemonSet")) {
        Json.Obj container =
            object.array("spec", "template", "spec", "containers").objects().getFirst();
        return new KubeObject(container).array("args").strings();
      }
    }
    throw new AssertionError("no DaemonSet");
  }
}
