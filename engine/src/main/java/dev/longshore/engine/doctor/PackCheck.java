package dev.longshore.engine.doctor;

import dev.longshore.engine.content.ContentRange;
import dev.longshore.engine.content.ContentVerifier;
import dev.longshore.engine.content.ContentVerifier.Trouble;
import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.UnsupportedException;
import dev.longshore.engine.repair.DamageNotes;
import dev.longshore.engine.repository.Repository;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.index.IndexEntry;
import dev.longshore.format.pack.PackLayout;
import dev.longshore.format.session.SessionId;
import dev.longshore.format.session.SessionMarker;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/// Whether contents are in packs and can be read, and what nobody needs.
final class PackCheck {
  private static final int MAX_LOOKED_INTO = 100;
  private static final long GIBIBYTE = 1L << 30;

  private final Repository repository;
  private final DamageNotes notes;
  private final RandomGenerator random;
  private final Doctor.Listener listener;
  private final List<Finding> findings = new ArrayList<>();
  private long contentCount;
  private long readCount;

  /// @param notes receives what is found
  PackCheck(
      Repository repository, DamageNotes notes, RandomGenerator random, Doctor.Listener listener) {
    this.repository = repository;
    this.notes = notes;
    this.random = random;
    this.listener = listener;
  }

  /// @param full read all contents, and not a sample of them
  /// @throws RepositoryException if the store fails
  List<Finding> run(boolean full) throws RepositoryException {
    long[] bytes = new long[1];
    Set<BlobId> needed = new HashSet<>();
    repository
        .contents()
        .forEach(
            ContentRange.ALL_WITH_DELETED,
            entry -> {
              needed.add(entry.packBlobId());
              bytes[0] += entry.packedLength();
            });
    double percent = full ? 100 : Math.min(100, 100.0 * GIBIBYTE / 4 / Math.max(1, bytes[0]));
    listener.doing(full ? "reading all contents" : "reading a sample of the contents");
    Troubles troubles = new Troubles();
    ContentVerifier.Report report =
        ContentVerifier.verify(
            repository.contents(),
            new ContentVerifier.Options(ContentRange.ALL, percent, 8),
            random,
            troubles);
    contentCount = report.verifiedContents();
    readCount = report.readContents();
    troubles.tell(report);
    unneededPacks(needed);
    return findings;
  }

  /// Contents that were looked at.
  long contentCount() {
    return contentCount;
  }

  /// Contents that were read.
  long readCount() {
    return readCount;
  }

  /// Packs that the index does not name at all are garbage of maintenance, or of a client that was
  /// cut off; or the index blob that named them is lost.
  private void unneededPacks(Set<BlobId> needed) throws RepositoryException {
    Set<SessionId> running = new HashSet<>();
    repository
        .blobs()
        .list(
            SessionMarker.BLOB_PREFIX,
            marker -> SessionId.ofBlob(marker.id()).ifPresent(running::add));
    Names names = new Names();
    List<BlobMetadata> sample = new ArrayList<>();
    long[] bytes = new long[1];
    for (String prefix : List.of(PackLayout.DATA_PREFIX, PackLayout.METADATA_PREFIX)) {
      repository
          .blobs()
          .list(
              prefix,
              pack -> {
                boolean inWork = SessionId.ofBlob(pack.id()).filter(running::contains).isPresent();
                if (!inWork && !needed.contains(pack.id())) {
                  names.add(pack.id().value());
                  bytes[0] += pack.lengthBytes();
                  if (sample.size() < MAX_LOOKED_INTO) {
                    sample.add(pack);
                  }
                }
              });
    }
    if (names.isEmpty()) {
      return;
    }
    if (holdUnknownContents(sample)) {
      findings.add(
          Finding.warning(
              "packs",
              "The index names nothing in "
                  + names.count()
                  + " packs, and some hold contents that it does not have: a client was cut off, or"
                  + " an index blob is lost.",
              names.details(),
              "if snapshots are missing: repo index recover --commit --dangerous-commands=enabled",
              "otherwise: repo maintenance run --full"));
    } else {
      findings.add(
          Finding.info(
              "packs",
              names.count() + " packs (" + bytes[0] + " bytes) are not needed any more.",
              names.details(),
              "nothing: maintenance deletes them"));
    }
  }

  private boolean holdUnknownContents(List<BlobMetadata> packs) throws RepositoryException {
    for (BlobMetadata pack : packs) {
      try {
        for (IndexEntry entry : repository.contents().recovery().entriesOf(pack.id())) {
          if (!entry.deleted() && repository.contents().find(entry.contentId()).isEmpty()) {
            return true;
          }
        }
      } catch (DamagedException | NotFoundException | UnsupportedException e) {
        // It does not tell.
      }
    }
    return false;
  }

  /// Gathers what is wrong with contents.
  private final class Troubles implements ContentVerifier.Listener {
    private final Names missing = new Names();
    private final Names shortened = new Names();
    private final Names damaged = new Names();
    private final Names unreadable = new Names();

    @Override
    public void problem(IndexEntry entry, Trouble trouble, String what) {
      notes.note(entry, trouble);
      String pack = entry.packBlobId().value();
      switch (trouble) {
        case PACK_MISSING -> missing.add(pack);
        case PACK_TRUNCATED -> shortened.add(pack);
        case DAMAGED -> damaged.add(entry.contentId() + " in pack " + pack);
        case UNREADABLE -> unreadable.add(entry.contentId() + ": " + what);
      }
    }

    @Override
    public void mended(IndexEntry entry) {
      notes.noteMended(entry.contentId());
    }

    @Override
    public void progress(long verifiedContents, long errors) {
      listener.doing("looked at " + verifiedContents + " contents, " + errors + " errors");
    }

    void tell(ContentVerifier.Report report) {
      tell(
          missing.details(report.missingPacks()),
          report.missingPacks()
              + " packs are missing, with "
              + report.contentsInMissingPacks()
              + " contents.");
      tell(
          shortened.details(report.truncatedPacks()),
          report.truncatedPacks()
              + " packs are too short, and lack "
              + report.contentsInTruncatedPacks()
              + " contents.");
      tell(damaged.details(), damaged.count() + " contents are damaged.");
      if (!unreadable.isEmpty()) {
        findings.add(
            Finding.damage(
                "contents",
                unreadable.count() + " contents could not be read.",
                unreadable.details(),
                "look at the store, then: repo doctor"));
      }
      if (notes.mendedCount() > 0) {
        findings.add(
            Finding.warning(
                "error correction",
                notes.mendedCount() + " contents are damaged and can still be brought back.",
                List.of(),
                "repo content verify --full --repair"));
      }
    }

    private void tell(List<String> details, String problem) {
      if (!details.isEmpty()) {
        findings.add(
            Finding.damage(
                "contents",
                problem,
                details,
                "repo content verify --full --repair",
                "repo snapshot create SOURCE, where the source still has the same data",
                "repo snapshot fix invalid-files --verify-files-percent=100 --commit, for what"
                    + " nobody has any more"));
      }
    }
  }
}
