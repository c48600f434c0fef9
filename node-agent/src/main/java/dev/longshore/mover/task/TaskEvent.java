package dev.longshore.mover.task;

/// The reasons of the events that a mover sends about its resource.
public final class TaskEvent {
  /// The data path has begun.
  public static final String STARTED = "Data-Path-Started";

  /// Message: `{"totalBytes":N,"doneBytes":M}`.
  public static final String PROGRESS = "Data-Path-Progress";

  /// Message: how it was decided which blocks to read.
  public static final String CHANGE_TRACKING = "Change-Tracking";

  /// Message: the report.
  public static final String COMPLETED = "Data-Path-Completed";

  public static final String FAILED = "Data-Path-Failed";
  public static final String CANCELED = "Data-Path-Canceled";
  public static final String CANCELING = "Data-Path-Canceling";

  /// The last of all.
  public static final String STOPPED = "Data-Path-Stopped";

  private TaskEvent() {}
}
