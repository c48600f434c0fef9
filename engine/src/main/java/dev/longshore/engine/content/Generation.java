package dev.longshore.engine.content;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.content.ContentStore.Environment;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.index.IndexEntry;
import dev.longshore.format.session.SessionId;
import dev.longshore.format.session.SessionMarker;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What one flush commits: packs and entries of one session id, from the first write after a flush
/// to the next flush. Thread-safe.
///
/// Order of commit: marker, packs, index, then the marker goes. A marker that stays tells others
/// that the packs of its session may yet be needed.
///
/// Source: kopia 4ebb2be6c `repo/content/sessions.go`.
final class Generation {
  private final BlobStore store;
  private final IndexBlobs blobs;
  private final ClientIdentity client;
  private final SessionId session;
  private final Instant start;

  private final ReentrantLock markerLock = new ReentrantLock();
  private @Nullable BlobId marker;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition uploaded = lock.newCondition();
  private List<IndexEntry> entries = new ArrayList<>();
  private int uploads;

  Generation(BlobStore store, IndexBlobs blobs, ClientIdentity client, Environment environment) {
    this.store = store;
    this.blobs = blobs;
    this.client = client;
    this.start = environment.clock().instant();
    this.session = SessionId.generate(environment.random(), start);
  }

  SessionId session() {
    return session;
  }

  Instant start() {
    return start;
  }

  /// Puts the marker, unless it is there.
  void ensureMarker() throws RepositoryException {
    markerLock.lock();
    try {
      if (marker == null) {
        SessionMarker body =
            new SessionMarker(session, start, start, client.userName(), client.hostName());
        marker = blobs.put(SessionMarker.BLOB_PREFIX, session.value(), body.encode());
      }
    } finally {
      markerLock.unlock();
    }
  }

  /// Deletes the marker, if it was put.
  void removeMarker() throws RepositoryException {
    markerLock.lock();
    try {
      if (marker != null) {
        store.delete(marker);
        marker = null;
      }
    } finally {
      markerLock.unlock();
    }
  }

  /// Adds entries for the index.
  void add(Collection<IndexEntry> more) {
    lock.lock();
    try {
      entries.addAll(more);
    } finally {
      lock.unlock();
    }
  }

  /// Takes the entries collected so far; nobody adds to them any more.
  List<IndexEntry> takeEntries() {
    lock.lock();
    try {
      List<IndexEntry> taken = entries;
      entries = new ArrayList<>();
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /// A pack is on its way.
  void uploadBegins() {
    lock.lock();
    try {
      uploads++;
    } finally {
      lock.unlock();
    }
  }

  /// A pack arrived, or failed.
  void uploadEnds() {
    lock.lock();
    try {
      uploads--;
      uploaded.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Waits until no pack is on its way.
  void awaitUploads() {
    lock.lock();
    try {
      while (uploads > 0) {
        uploaded.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }
}
