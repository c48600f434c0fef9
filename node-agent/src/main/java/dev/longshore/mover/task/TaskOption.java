package dev.longshore.mover.task;

/// The names of a mover's options.
public final class TaskOption {
  /// `datauploads`, `datadownloads`, `podvolumebackups`, `podvolumerestores`; without it there is
  /// no resource to wait for or to send events about.
  public static final String RESOURCE = "--resource";

  /// The namespace of the resource, Velero's own.
  public static final String RESOURCE_NAMESPACE = "--resource-namespace";

  public static final String RESOURCE_NAME = "--resource-name";
  public static final String RESOURCE_UID = "--resource-uid";

  /// Backup, restore: where the volume is: a directory, or a block device.
  public static final String VOLUME_PATH = "--volume-path";

  /// Pod volumes: the name of the volume's directory below VOLUME_PATH, in one of its plugins'
  /// folders.
  public static final String VOLUME_DIRECTORY = "--volume-directory";

  /// `Filesystem` or `Block`.
  public static final String VOLUME_MODE = "--volume-mode";

  /// Backup of a device: `file`, a tree whose only file it is, or `blocks`, Velero's form of its
  /// block mover.
  public static final String LAYOUT = "--layout";

  /// Backup in blocks: the storage's own name of the volume.
  public static final String VOLUME_ID = "--volume-id";

  /// Backup in blocks: what a later delta begins with.
  public static final String CHANGE_ID = "--change-id";

  /// Backup in blocks: share of the blocks that are said not to have changed that is read and
  /// compared, in percent.
  public static final String VERIFY_DELTA = "--verify-delta";

  /// The namespace whose repository it is.
  public static final String REPOSITORY_NAMESPACE = "--repository-namespace";

  /// Backup: the path of the snapshot's source in the repository.
  public static final String SOURCE_PATH = "--source-path";

  /// Backup: a tag of the snapshot, `KEY=VALUE`; repeated.
  public static final String TAG = "--tag";

  /// Backup: `auto`, `none`, or a snapshot's id.
  public static final String PARENT = "--parent";

  /// Files at once; 0 lets the mover choose.
  public static final String PARALLEL = "--parallel";

  /// Restore: the snapshot's id. FORGET: repeated.
  public static final String SNAPSHOT = "--snapshot";

  /// Restore: zeros become holes.
  public static final String WRITE_SPARSE_FILES = "--write-sparse-files";

  /// Restore: what the snapshot does not have is deleted from the volume.
  public static final String DELETE_EXTRA = "--delete-extra";

  /// Restore: an earlier attempt may have written some of the volume. Blocks that are right are
  /// left; files are written anew, as none of what tells them apart has to be durable.
  public static final String CONTINUE = "--continue";

  /// Restore: the UID named by the file `.velero/UID` that tells a waiting pod to start.
  public static final String COMPLETION_MARKER = "--completion-marker";

  /// Backup, restore: `fail`, `warn`, `ignore`: what is done when an entry's metadata (owner,
  /// permissions, times, extended attributes) cannot be read or set.
  public static final String METADATA_FAILURES = "--metadata-failures";

  /// Backup: share of what was uploaded that is read back at the end, in percent.
  public static final String VERIFY_PERCENT = "--verify-percent";

  /// Verify: bytes to read at most.
  public static final String MAX_BYTES = "--max-bytes";

  /// Prepare: seconds between full maintenance.
  public static final String FULL_MAINTENANCE_SECONDS = "--full-maintenance-seconds";

  /// Prepare: fail where there is no repository.
  public static final String READ_ONLY = "--read-only";

  /// A file with the location's credentials, in the provider's own form.
  public static final String CREDENTIALS_FILE = "--credentials-file";

  /// A file with PEM certificates to trust.
  public static final String CA_FILE = "--ca-file";

  /// A file with the repository's password; white space around it is not part of it.
  public static final String PASSWORD_FILE = "--password-file";

  /// A folder for caches and state, which may go with the pod.
  public static final String CACHE_FOLDER = "--cache-folder";

  /// Megabytes of cache, all in all.
  public static final String CACHE_LIMIT_MB = "--cache-limit-mb";

  /// Where the report is written.
  public static final String REPORT_FILE = "--report-file";

  /// `text` or `json`.
  public static final String LOG_FORMAT = "--log-format";

  /// `debug`, `info`, `warning`, `error`.
  public static final String LOG_LEVEL = "--log-level";

  private TaskOption() {}
}
