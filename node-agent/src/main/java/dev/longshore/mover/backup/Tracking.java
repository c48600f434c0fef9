package dev.longshore.mover.backup;

import dev.longshore.cbt.GrpcCalls;
import dev.longshore.cbt.MetadataException;
import dev.longshore.cbt.MetadataService;
import dev.longshore.cbt.ServiceAccountTokens;
import dev.longshore.cbt.SnapshotMetadata;
import dev.longshore.cbt.SnapshotTracker;
import dev.longshore.engine.block.ChangeTracker;
import dev.longshore.kube.KubeApi;
import dev.longshore.kube.Pace;
import dev.longshore.mover.run.MoverFailure;
import dev.longshore.mover.run.Reasons;
import dev.longshore.mover.run.Surroundings;
import dev.longshore.mover.run.TaskRun;
import dev.longshore.mover.task.ChangeTracking;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// Who tells a backup which blocks have changed, as the mover's environment says.
final class Tracking implements AutoCloseable {
  /// The drivers of some storages take their time before the first block.
  private static final Duration SILENCE = Duration.ofMinutes(2);

  private final Optional<ChangeTracker> tracker;
  private final Optional<GrpcCalls> calls;

  private Tracking(Optional<ChangeTracker> tracker, Optional<GrpcCalls> calls) {
    this.tracker = tracker;
    this.calls = calls;
  }

  /// @throws MoverFailure if the environment makes no sense
  static Tracking of(TaskRun run) throws MoverFailure {
    Surroundings surroundings = run.surroundings();
    String json = surroundings.variable(ChangeTracking.VARIABLE);
    if (json.isEmpty()) {
      return new Tracking(Optional.empty(), Optional.empty());
    }
    ChangeTracking told;
    try {
      told = ChangeTracking.parse(json);
    } catch (IOException e) {
      throw new MoverFailure(
          Reasons.BAD_OPTIONS, ChangeTracking.VARIABLE + ": " + Reasons.message(e), false, e);
    }
    if (told.service().isEmpty()) {
      return knowsNothing(told.absence());
    }
    if (surroundings.kube().isEmpty()) {
      return knowsNothing("there is no cluster to have a token from");
    }
    return asking(run, told, told.service().get(), surroundings.kube().get());
  }

  private static Tracking asking(
      TaskRun run, ChangeTracking told, MetadataService service, KubeApi kube) {
    Surroundings surroundings = run.surroundings();
    BooleanSupplier cancelled = run.cancel()::isCancelled;
    try {
      GrpcCalls calls = GrpcCalls.to(service, SILENCE, cancelled);
      ServiceAccountTokens tokens =
          new ServiceAccountTokens(
              kube, told.namespace(), told.account(), service.audience(), surroundings.clock());
      Pace pace =
          new Pace(
              surroundings.clock(), surroundings.timing().sleeper()::sleep, surroundings.random());
      SnapshotMetadata metadata = new SnapshotMetadata(calls, tokens, pace, cancelled);
      return new Tracking(
          Optional.of(new SnapshotTracker(metadata, told.namespace(), told.snapshot())),
          Optional.of(calls));
    } catch (MetadataException e) {
      return knowsNothing(Reasons.message(e));
    }
  }

  private static Tracking knowsNothing(String reason) {
    return new Tracking(Optional.of(SnapshotTracker.knowsNothing(reason)), Optional.empty());
  }

  /// Empty where nobody was named, not even to say why.
  Optional<ChangeTracker> tracker() {
    return tracker;
  }

  @Override
  public void close() {
    calls.ifPresent(GrpcCalls::close);
  }
}
