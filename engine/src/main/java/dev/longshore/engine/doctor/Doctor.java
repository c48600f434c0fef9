package dev.longshore.engine.doctor;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.content.ContentRange;
import dev.longshore.engine.content.ContentVerifier;
import dev.longshore.engine.content.ContentVerifier.Trouble;
import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.UnsupportedException;
import dev.longshore.engine.repair.DamageList;
import dev.longshore.engine.repair.DamageNotes;
import dev.longshore.engine.repository.Repository;
import dev.longshore.engine.snapshot.SnapshotCatalog;
import dev.longshore.engine.verify.TreeDamage;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.id.ManifestId;
import dev.longshore.format.index.IndexEntry;
import dev.longshore.format.pack.PackLayout;
import dev.longshore.format.session.SessionId;
import dev.longshore.format.session.SessionMarker;
import dev.longshore.format.snapshot.SnapshotManifest;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/// Looks a repository over: first what needs no password, then the rest.
///
/// Memory: the names of packs (some 120 bytes each), up to 1,000 names for each finding, and what
/// [TreeDamage] and [DamageNotes] hold. One thread, but for the reading of contents.
public final class Doctor {
  private static final int MAX_NAMES = 1000;
  private static final int MAX_TOUCHED = 1000;
  private static final int MAX_LOOKED_INTO = 100;
  private static final long GIBIBYTE = 1L << 30;

  private final RandomGenerator random;
  private final Listener listener;
  private final List<Finding> findings = new ArrayList<>();
  private final List<Diagnosis.Touched> touched = new ArrayList<>();
  private final DamageNotes notes = new DamageNotes();
  private long blobs;
  private long contentCount;
  private long readCount;
  private long snapshotCount;

  /// Follows the examination; called by several threads.
  @FunctionalInterface
  public interface Listener {
    /// What is being done now.
    void doing(String what);
  }

  /// @param random chooses contents to read; need not be secure
  public Doctor(RandomGenerator random, Listener listener) {
    this.random = random;
    this.listener = listener;
  }

  /// What the verifications of this examination found, to be noted or repaired.
  public DamageNotes notes() {
    return notes;
  }

  /// What was found so far.
  public Diagnosis diagnosis() {
    return new Diagnosis(
        findings, touched, new Diagnosis.Counts(blobs, contentCount, readCount, snapshotCount));
  }

  /// Notes something found elsewhere: that there is no connection, or the password is not right.
  public void add(Finding finding) {
    findings.add(finding);
  }

  /// Looks at a store.
  ///
  /// @param write whether a small blob may be written and deleted again
  public void examine(BlobStore store, Clock clock, boolean write) {
    listener.doing("looking at the store");
    StoreCheck check = new StoreCheck(store, clock, random);
    findings.addAll(check.run(write));
    blobs = check.blobs();
  }

  /// Looks at an open repository; it should be open in a way that passes over damaged index blobs.
  ///
  /// @param full read all contents, and not a sample of them
  /// @throws RepositoryException if the store fails
  public void examine(Repository repository, boolean full) throws RepositoryException {
    listener.doing("reading the index blobs");
    indexBlobs(repository);
    listener.doing("looking for packs");
    DamageList known = packs(repository, full);
    listener.doing("looking at snapshots");
    DamageList found = notes.list(repository.blobs());
    // Who has read all knows better than whoever noted something before.
    snapshots(repository, full ? found : known.with(found));
    findings.addAll(new UpkeepCheck(repository).run());
  }

  private void indexBlobs(Repository repository) throws RepositoryException {
    Set<BlobId> inForce = new HashSet<>();
    repository.contents().activeIndexBlobs().forEach(blob -> inForce.add(blob.id()));
    List<String> damaged = new ArrayList<>();
    List<String> superseded = new ArrayList<>();
    List<BlobMetadata> all = repository.contents().allIndexBlobs();
    for (BlobMetadata blob : all) {
      try {
        repository.contents().readIndexBlob(blob.id());
      } catch (DamagedException | UnsupportedException e) {
        (inForce.contains(blob.id()) ? damaged : superseded).add(blob.id().value());
      } catch (NotFoundException e) {
        // Deleted since it was listed.
      }
    }
    if (!damaged.isEmpty()) {
      List<String> next = new ArrayList<>();
      next.add("repo index recover --commit --dangerous-commands=enabled");
      damaged.stream()
          .limit(Finding.MAX_DETAILS)
          .forEach(name -> next.add("repo blob delete --dangerous-commands=enabled " + name));
      next.add("repo doctor");
      findings.add(
          new Finding(
              Finding.Severity.DAMAGE,
              "index",
              damaged.size() + " index blobs are damaged: the repository cannot be opened.",
              damaged,
              next));
    }
    if (!superseded.isEmpty()) {
      findings.add(
          Finding.info(
              "index",
              superseded.size() + " index blobs that are not needed any more are damaged.",
              superseded,
              "nothing: maintenance deletes them"));
    }
    try {
      repository.contents().epochs();
    } catch (DamagedException e) {
      findings.add(
          Finding.damage(
              "epochs",
              "The state of the epochs: " + e.getMessage(),
              List.of(),
              "repo index list"));
    }
  }

  /// Checks that contents are in packs, reads some or all, and counts what nobody needs.
  private DamageList packs(Repository repository, boolean full) throws RepositoryException {
    DamageList known = DamageList.none();
    try {
      known = DamageList.load(repository.manifests());
    } catch (DamagedException | NotFoundException e) {
      // Told below, with the snapshots.
    }
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
    unneededPacks(repository, needed);
    return known;
  }

  /// Packs that the index does not name at all are garbage of maintenance, or of a client that was
  /// cut off; or the index blob that named them is lost.
  private void unneededPacks(Repository repository, Set<BlobId> needed) throws RepositoryException {
    Set<SessionId> running = new HashSet<>();
    repository
        .blobs()
        .list(
            SessionMarker.BLOB_PREFIX,
            marker -> SessionId.ofBlob(marker.id()).ifPresent(running::add));
    List<BlobMetadata> unneeded = new ArrayList<>();
    long[] sums = new long[2];
    for (String prefix : List.of(PackLayout.DATA_PREFIX, PackLayout.METADATA_PREFIX)) {
      repository
          .blobs()
          .list(
              prefix,
              pack -> {
                boolean inWork = SessionId.ofBlob(pack.id()).filter(running::contains).isPresent();
                if (!inWork && !needed.contains(pack.id())) {
                  sums[0]++;
                  sums[1] += pack.lengthBytes();
                  if (unneeded.size() < MAX_NAMES) {
                    unneeded.add(pack);
                  }
                }
              });
    }
    if (sums[0] == 0) {
      return;
    }
    List<String> names = unneeded.stream().map(pack -> pack.id().value()).toList();
    if (holdUnknownContents(repository, unneeded)) {
      findings.add(
          Finding.warning(
              "packs",
              "The index names nothing in "
                  + sums[0]
                  + " packs, and some hold contents that it does not have: a client was cut off, or"
                  + " an index blob is lost.",
              names,
              "if snapshots are missing: repo index recover --commit --dangerous-commands=enabled",
              "otherwise: repo maintenance run --full"));
    } else {
      findings.add(
          Finding.info(
              "packs",
              sums[0] + " packs (" + sums[1] + " bytes) are not needed any more.",
              names,
              "nothing: maintenance deletes them"));
    }
  }

  private static boolean holdUnknownContents(Repository repository, List<BlobMetadata> packs)
      throws RepositoryException {
    for (BlobMetadata pack : packs.subList(0, Math.min(MAX_LOOKED_INTO, packs.size()))) {
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
    private final Set<String> missing = new TreeSet<>();
    private final Set<String> shortened = new TreeSet<>();
    private final Set<String> damaged = new TreeSet<>();
    private final Set<String> unreadable = new TreeSet<>();

    @Override
    public synchronized void problem(IndexEntry entry, Trouble trouble, String what) {
      notes.note(entry, trouble);
      String pack = entry.packBlobId().value();
      switch (trouble) {
        case PACK_MISSING -> add(missing, pack);
        case PACK_TRUNCATED -> add(shortened, pack);
        case DAMAGED -> add(damaged, entry.contentId() + " in pack " + pack);
        case UNREADABLE -> add(unreadable, entry.contentId() + ": " + what);
      }
    }

    private static void add(Set<String> names, String name) {
      if (names.size() < MAX_NAMES) {
        names.add(name);
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
          missing,
          report.missingPacks()
              + " packs are missing, with "
              + report.contentsInMissingPacks()
              + " contents.");
      tell(
          shortened,
          report.truncatedPacks()
              + " packs are too short, and lack "
              + report.contentsInTruncatedPacks()
              + " contents.");
      tell(damaged, damaged.size() + " contents are damaged.");
      if (!unreadable.isEmpty()) {
        findings.add(
            Finding.damage(
                "contents",
                unreadable.size() + " contents could not be read.",
                List.copyOf(unreadable),
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

    private void tell(Set<String> names, String problem) {
      if (!names.isEmpty()) {
        findings.add(
            Finding.damage(
                "contents",
                problem,
                List.copyOf(names),
                "repo content verify --full --repair",
                "repo snapshot create SOURCE, where the source still has the same data",
                "repo snapshot fix invalid-files --verify-files-percent=100 --commit, for what"
                    + " nobody has any more"));
      }
    }
  }

  private void snapshots(Repository repository, DamageList damage) throws RepositoryException {
    SnapshotCatalog.Listing listing;
    try {
      listing = new SnapshotCatalog(repository.manifests()).all();
    } catch (DamagedException | NotFoundException e) {
      findings.add(
          Finding.damage(
              "manifests",
              "Manifests cannot be read, so that snapshots are not found: " + e.getMessage(),
              List.of(),
              "repo content verify --full --repair",
              "bring the named pack back from a copy of the store"));
      return;
    }
    if (!listing.unreadable().isEmpty()) {
      findings.add(
          Finding.damage(
              "manifests",
              listing.unreadable().size() + " manifests of snapshots cannot be understood.",
              listing.unreadable().stream().map(ManifestId::value).toList(),
              "repo manifest show ID; repo manifest delete ID, if it is of no use"));
    }
    TreeDamage trees =
        new TreeDamage(repository, damage, id -> notes.note(repository.contents(), id));
    long entries = 0;
    for (SnapshotManifest snapshot : listing.snapshots()) {
      snapshotCount++;
      listener.doing("looked at " + snapshotCount + " snapshots");
      if (snapshot.root().isEmpty()) {
        continue;
      }
      TreeDamage.Damage found = trees.of(snapshot);
      entries += found.count();
      if (found.count() > 0 && touched.size() < MAX_TOUCHED) {
        touched.add(new Diagnosis.Touched(snapshot, found));
      }
    }
    if (!touched.isEmpty()) {
      findings.add(
          Finding.damage(
              "snapshots",
              touched.size()
                  + " of "
                  + snapshotCount
                  + " snapshots cannot be restored in full: "
                  + entries
                  + " entries are damaged or missing.",
              touched.stream().map(Doctor::name).toList(),
              "repo snapshot create, of the sources named: what they still have heals",
              "repo snapshot fix invalid-files --verify-files-percent=100 --commit, for the rest"));
    }
  }

  private static String name(Diagnosis.Touched touched) {
    return touched.snapshot().id().map(ManifestId::value).orElse("")
        + " of "
        + touched.snapshot().source();
  }
}
