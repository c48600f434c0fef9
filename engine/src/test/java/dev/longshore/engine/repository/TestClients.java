package dev.longshore.engine.repository;

import java.time.Duration;
import java.util.Optional;

/// Clients that tests open repositories as.
final class TestClients {
  static final ClientOptions WRITER = client(false);
  static final ClientOptions READER = client(true);

  private TestClients() {}

  private static ClientOptions client(boolean readOnly) {
    return new ClientOptions(
        "node-1", "backup", readOnly, false, Optional.empty(), false, Duration.ofMinutes(15));
  }
}
