package dev.longshore.engine.doctor;

import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.repair.DamageList;
import dev.longshore.engine.repair.DamageNotes;
import dev.longshore.engine.repository.Repository;
import dev.longshore.engine.snapshot.SnapshotCatalog;
import dev.longshore.engine.verify.TreeDamage;
import dev.longshore.format.id.ManifestId;
import dev.longshore.format.snapshot.SnapshotManifest;
import java.util.ArrayList;
import java.util.List;

/// Which snapshots cannot be restored in full.
final class SnapshotCheck {
  /// Snapshots whose entries are told one by one.
  private static final int MAX_TOUCHED = 1000;

  private final Repository repository;
  private final DamageList damage;
  private final DamageNotes notes;
  private final Doctor.Listener listener;
  private final List<Finding> findings = new ArrayList<>();
  private final List<Diagnosis.Touched> touched = new ArrayList<>();
  private long count;

  /// @param damage what is known to be damaged
  /// @param notes receives what is found
  SnapshotCheck(
      Repository repository, DamageList damage, DamageNotes notes, Doctor.Listener listener) {
    this.repository = repository;
    this.damage = damage;
    this.notes = notes;
    this.listener = listener;
  }

  /// @throws RepositoryException if the store fails
  List<Finding> run() throws RepositoryException {
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
      return findings;
    }
    Names unreadable = new Names();
    listing.unreadable().forEach(id -> unreadable.add(id.value()));
    if (!unreadable.isEmpty()) {
      findings.add(
          Finding.damage(
              "manifests",
              unreadable.count() + " manifests of snapshots cannot be understood.",
              unreadable.details(),
              "repo manifest show ID; repo manifest delete ID, if it is of no use"));
    }
    trees(listing.snapshots());
    return findings;
  }

  private void trees(List<SnapshotManifest> snapshots) throws RepositoryException {
    TreeDamage trees =
        new TreeDamage(repository, damage, id -> notes.note(repository.contents(), id));
    Names names = new Names();
    long entries = 0;
    for (SnapshotManifest snapshot : snapshots) {
      count++;
      listener.doing("looked at " + count + " snapshots");
      if (snapshot.root().isEmpty()) {
        continue;
      }
      TreeDamage.Damage found = trees.of(snapshot);
      entries += found.count();
      if (found.count() > 0) {
        names.add(snapshot.id().map(ManifestId::value).orElse("") + " of " + snapshot.source());
        if (touched.size() < MAX_TOUCHED) {
          touched.add(new Diagnosis.Touched(snapshot, found));
        }
      }
    }
    if (!names.isEmpty()) {
      findings.add(
          Finding.damage(
              "snapshots",
              names.count()
                  + " of "
                  + count
                  + " snapshots cannot be restored in full: "
                  + entries
                  + " entries are damaged or missing.",
              names.details(),
              "repo snapshot create, of the sources named: what they still have heals",
              "repo snapshot fix invalid-files --verify-files-percent=100 --commit, for the rest"));
    }
  }

  /// The first snapshots that cannot be restored in full.
  List<Diagnosis.Touched> touched() {
    return touched;
  }

  /// Snapshots looked at.
  long count() {
    return count;
  }
}
