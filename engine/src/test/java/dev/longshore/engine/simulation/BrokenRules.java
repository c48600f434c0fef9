package dev.longshore.engine.simulation;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.ForwardingStore;
import dev.longshore.engine.blob.PutOptions;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.maintenance.MaintenanceSafety;
import dev.longshore.format.epoch.EpochBlobName;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.session.SessionMarker;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Rules that are broken on purpose, each of which loses snapshots sooner or later: a simulation
/// that does not find it is not worth much.
enum BrokenRules {
  /// Packs whose index is not published yet are deleted.
  NO_MARGIN_FOR_PACKS(
      15, Rules.ALL.withSafety(safety(MaintenanceSafety.FULL, Duration.ZERO, Duration.ZERO))),
  /// The same where only the markers of sessions protect them, and writers put none.
  NO_SESSION_MARKERS(
      481,
      Rules.ALL
          .withSafety(
              safety(MaintenanceSafety.FULL, Duration.ZERO, MaintenanceSafety.FULL.sessionExpiry()))
          .withWriters(WithoutMarkers::new)),
  /// What no snapshot needs at this moment is forgotten at once.
  NO_SECOND_COLLECTION(4, Rules.ALL.withSafety(oneCollection())),
  /// The index is published before the packs that it names have arrived.
  INDEX_BEFORE_PACKS(2, Rules.ALL.withWriters(PacksLater::new)),
  /// Writers do not know that a new epoch has begun.
  WRITES_INTO_OLD_EPOCHS(30, Rules.ALL.withWriters(WithoutEpochs::new)),
  /// Index blobs go before what replaces them is there.
  INDEX_DROPPED_BEFORE_REPLACED(
      4,
      Rules.ALL.withMaintenance(DropsFirst::new).withWeather(weather -> weather.withDeaths(0.01))),
  /// A put that is said to be done is not. No client can help that; it must be seen.
  PUTS_THAT_LIE(3, Rules.ALL.withWeather(weather -> weather.withPutLies(0.01)));

  private final int lucky;

  @SuppressWarnings("ImmutableEnumChecker") // its functions keep nothing
  private final Rules rules;

  BrokenRules(int lucky, Rules rules) {
    this.lucky = lucky;
    this.rules = rules;
  }

  /// A seed that found it once: where to begin to look.
  int lucky() {
    return lucky;
  }

  Rules rules() {
    return rules;
  }

  private static MaintenanceSafety safety(
      MaintenanceSafety full, Duration packMinAge, Duration sessionExpiry) {
    return new MaintenanceSafety(
        full.rewriteMinAge(),
        full.contentMinAge(),
        full.betweenCollections(),
        full.twoCollections(),
        full.dropMargin(),
        packMinAge,
        sessionExpiry,
        full.afterRewrite(),
        full.listLag());
  }

  private static MaintenanceSafety oneCollection() {
    MaintenanceSafety full = MaintenanceSafety.FULL;
    return new MaintenanceSafety(
        full.rewriteMinAge(),
        Duration.ZERO,
        Duration.ZERO,
        false,
        Duration.ZERO,
        full.packMinAge(),
        full.sessionExpiry(),
        full.afterRewrite(),
        full.listLag());
  }

  private static final class WithoutMarkers extends ForwardingStore {
    WithoutMarkers(BlobStore inner) {
      super(inner);
    }

    @Override
    public void put(BlobId id, ByteBuffer content, PutOptions options) throws RepositoryException {
      if (!id.startsWith(SessionMarker.BLOB_PREFIX)) {
        super.put(id, content, options);
      }
    }
  }

  private static final class PacksLater extends ForwardingStore {
    PacksLater(BlobStore inner) {
      super(inner);
    }

    @Override
    public void put(BlobId id, ByteBuffer content, PutOptions options) throws RepositoryException {
      if (!id.startsWith("p") && !id.startsWith("q")) {
        super.put(id, content, options);
        return;
      }
      ByteBuffer copy = ByteBuffer.allocate(content.remaining()).put(content).flip();
      Thread.startVirtualThread(() -> {
        try {
          for (int i = 0; i < 20; i++) {
            inner().metadata(id); // takes its time
          }
          super.put(id, copy, options);
        } catch (RepositoryException e) {
          // Nobody is there to hear of it.
        }
      });
    }
  }

  private static final class WithoutEpochs extends ForwardingStore {
    WithoutEpochs(BlobStore inner) {
      super(inner);
    }

    @Override
    public void list(String prefix, Visitor visitor) throws RepositoryException {
      super.list(
          prefix,
          blob -> {
            if (!blob.id().startsWith("xe")) {
              visitor.visit(blob);
            }
          });
    }
  }

  private static final class DropsFirst extends ForwardingStore {
    DropsFirst(BlobStore inner) {
      super(inner);
    }

    @Override
    public void put(BlobId id, ByteBuffer content, PutOptions options) throws RepositoryException {
      if (EpochBlobName.parse(id).orElse(null) instanceof EpochBlobName.SingleEpoch(int epoch)) {
        List<BlobId> replaced = new ArrayList<>();
        String prefix = new EpochBlobName.Uncompacted(epoch).namePrefix();
        super.list(prefix, blob -> replaced.add(blob.id()));
        for (BlobId old : replaced) {
          super.delete(old);
        }
      }
      super.put(id, content, options);
    }
  }
}
