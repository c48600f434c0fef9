package dev.longshore.engine.content;

import dev.longshore.engine.cache.Listing;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.error.StoreException.Retry;
import dev.longshore.format.epoch.EpochBlobName;
import dev.longshore.format.epoch.EpochState;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.repository.EpochParameters;
import dev.longshore.format.session.SessionId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Index blobs in epochs. Thread-safe.
///
/// A writer must not put index blobs into an epoch that others take for settled, so it writes only
/// with a state that is fresh, and takes back what it wrote if two epochs passed meanwhile.
///
/// Source: kopia 4ebb2be6c `internal/epoch/epoch_manager.go`.
final class EpochIndexSource implements IndexSource {
  private static final int MAX_LOADS = 10;

  private final IndexBlobs blobs;
  private final EpochParameters parameters;
  private final Clock clock;

  /// A state and when its load began; good for the refresh frequency from then on.
  private record Loaded(EpochState state, Instant start) {}

  private volatile Loaded last = new Loaded(EpochState.of(List.of()), Instant.MIN);

  EpochIndexSource(IndexBlobs blobs, EpochParameters parameters, Clock clock) {
    this.blobs = blobs;
    this.parameters = parameters;
    this.clock = clock;
  }

  @Override
  public Active load(OwnBlobs own, Lists lists) throws RepositoryException {
    Loaded loaded = loadState(own, lists);
    return new Active(loaded.state.activeIndexBlobs(), loaded.state::isDropped, loaded.start);
  }

  private Loaded loadState(OwnBlobs own) throws RepositoryException {
    return loadState(own, Lists.FRESH);
  }

  private Loaded loadState(OwnBlobs own, Lists lists) throws RepositoryException {
    for (int i = 0; i < MAX_LOADS; i++) {
      // A list that is too old for a state must not be asked for again.
      Listing listed = blobs.listing(EpochBlobName.PREFIX, i == 0 ? lists : Lists.FRESH);
      Loaded loaded = new Loaded(EpochState.of(own.complete(listed.blobs())), listed.at());
      if (isValid(loaded, Duration.ZERO)) {
        last = loaded;
        return loaded;
      }
    }
    throw new StoreException(
        "listing the epochs takes longer than " + parameters.refreshFrequency(), Retry.NEVER);
  }

  private boolean isValid(Loaded loaded, Duration margin) {
    if (loaded.start.equals(Instant.MIN)) {
      return false;
    }
    Instant end = loaded.start.plus(parameters.refreshFrequency());
    Instant now = clock.instant();
    // Nobody knows how old it is after the clock was put back.
    return !now.isBefore(loaded.start) && now.plus(margin).isBefore(end);
  }

  @Override
  public Map<BlobId, byte[]> publish(List<byte[]> plainShards, SessionId session)
      throws RepositoryException {
    for (int i = 0; i < MAX_LOADS; i++) {
      Loaded loaded = last;
      if (!isValid(loaded, parameters.refreshFrequency().multipliedBy(3).dividedBy(4))) {
        loaded = loadState(new OwnBlobs());
      }
      int epoch = loaded.state.writeEpoch();
      Optional<Map<BlobId, byte[]>> put = putShards(epoch, plainShards, session);
      if (put.isPresent()) {
        requireInTime(epoch, put.get().keySet());
        return put.get();
      }
    }
    throw new StoreException("the epochs advance faster than an index is written", Retry.NEVER);
  }

  /// Puts the shards into an epoch; empty, with nothing left behind, if it is over before they are
  /// put.
  private Optional<Map<BlobId, byte[]>> putShards(
      int epoch, List<byte[]> plainShards, SessionId session) throws RepositoryException {
    String prefix = new EpochBlobName.Uncompacted(epoch).namePrefix();
    String suffix = session + "-c" + plainShards.size();
    Map<BlobId, byte[]> put = new LinkedHashMap<>();
    for (byte[] plain : plainShards) {
      if (!isValid(last, Duration.ZERO) && loadState(new OwnBlobs()).state.writeEpoch() != epoch) {
        blobs.delete(put.keySet());
        return Optional.empty();
      }
      put.put(blobs.put(prefix, suffix, plain), plain);
    }
    return Optional.of(put);
  }

  private void requireInTime(int epoch, Collection<BlobId> put) throws RepositoryException {
    int now = loadState(new OwnBlobs()).state.writeEpoch();
    if (now >= epoch + 2) {
      blobs.delete(put);
      throw new StoreException(
          "the index was written in epoch "
              + epoch
              + ", but epoch "
              + now
              + " has begun: it was taken back",
          Retry.NEVER);
    }
  }

  @Override
  public List<BlobMetadata> all() throws RepositoryException {
    List<BlobMetadata> found = new ArrayList<>();
    for (BlobMetadata blob : blobs.list(EpochBlobName.PREFIX)) {
      EpochBlobName.parse(blob.id())
          .ifPresent(name -> {
            switch (name) {
              case EpochBlobName.Marker _, EpochBlobName.Watermark _ -> {}
              case EpochBlobName.Uncompacted _,
                  EpochBlobName.SingleEpoch _,
                  EpochBlobName.Range _ ->
                  found.add(blob);
            }
          });
    }
    return found;
  }

  @Override
  public Optional<EpochState> epochs() throws RepositoryException {
    return Optional.of(loadState(new OwnBlobs()).state);
  }
}
