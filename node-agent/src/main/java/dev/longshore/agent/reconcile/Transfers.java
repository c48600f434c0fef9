package dev.longshore.agent.reconcile;

import dev.longshore.agent.api.Transfer;
import dev.longshore.agent.api.TransferKind;
import dev.longshore.kube.KubeApi;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// The transfers that are ours, as far as they are known: what the mirrors show, and what was
/// written and has not come back yet. For use by one thread.
final class Transfers {
  private static final Duration LATE = Duration.ofSeconds(30);

  private final Ownership ownership;
  private final InstantSource clock;
  private final Map<TransferKind, Supplier<? extends Collection<KubeObject>>> mirrors =
      new EnumMap<>(TransferKind.class);

  /// By UID, until the mirrors show it.
  private final Map<String, Written> written = new HashMap<>();

  private record Written(KubeObject object, Instant at) {}

  Transfers(Ownership ownership, InstantSource clock) {
    this.ownership = ownership;
    this.clock = clock;
  }

  void add(TransferKind kind, Supplier<? extends Collection<KubeObject>> objects) {
    mirrors.put(kind, objects);
  }

  /// Writes a change, unless somebody else has written since the transfer was read.
  ///
  /// @return it as it is now
  Transfer write(KubeApi api, Transfer transfer, Change change) throws KubeException {
    Transfer now =
        transfer.as(
            api.patch(
                transfer.kind().resource(),
                transfer.namespace(),
                transfer.name(),
                change.patch(transfer)));
    written.put(now.uid(), new Written(now.object(), clock.instant()));
    return now;
  }

  /// A mirror has news of an object.
  void changed(KubeObject seen) {
    Written mine = written.get(seen.uid());
    if (mine != null && mine.object().resourceVersion().equals(seen.resourceVersion())) {
      written.remove(seen.uid());
    }
  }

  List<Transfer> all() {
    // A mirror that has listed again may never show a version that was overwritten.
    Instant oldest = clock.instant().minus(LATE);
    written.values().removeIf(one -> one.at().isBefore(oldest));
    List<Transfer> all = new ArrayList<>();
    mirrors.forEach((kind, objects) -> {
      for (KubeObject object : objects.get()) {
        Written mine = written.get(object.uid());
        Transfer transfer = new Transfer(kind, mine == null ? object : mine.object());
        if (ownership.isOurs(transfer)) {
          all.add(transfer);
        }
      }
    });
    return all;
  }
}
