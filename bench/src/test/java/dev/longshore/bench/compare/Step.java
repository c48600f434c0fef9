package dev.longshore.bench.compare;

/// A thing to do, and how much of the better peer's time and CPU it may take.
enum Step {
  IMAGE_NEW(Work.IMAGE, "back up, new repository", 0.4, 0.6),
  IMAGE_AGAIN(Work.IMAGE, "back up, unchanged", Double.NaN, Double.NaN),
  IMAGE_CHANGED(Work.IMAGE, "back up, 1 % changed", 0.5, Double.NaN),
  IMAGE_RESTORE(Work.IMAGE, "restore", 0.5, Double.NaN),
  IMAGE_VERIFY(Work.IMAGE, "verify every byte", 0.4, Double.NaN),
  FILES_NEW(Work.FILES, "back up, new repository", 0.7, Double.NaN),
  FILES_AGAIN(Work.FILES, "back up, unchanged", 0.7, Double.NaN),
  FILES_RESTORE(Work.FILES, "restore", 0.6, Double.NaN),
  FILES_VERIFY(Work.FILES, "verify every byte", 0.5, Double.NaN),
  SMALL_STATUS(Work.SMALL, "status", 1.5, Double.NaN),
  SMALL_LIST(Work.SMALL, "list snapshots", 1.5, Double.NaN);

  /// What is worked on.
  enum Work {
    IMAGE("image"),
    FILES("files"),
    SMALL("small");

    private final String option;

    Work(String option) {
      this.option = option;
    }

    String option() {
      return option;
    }
  }

  private final Work work;
  private final String text;
  private final double wallBar;
  private final double cpuBar;

  Step(Work work, String text, double wallBar, double cpuBar) {
    this.work = work;
    this.text = text;
    this.wallBar = wallBar;
    this.cpuBar = cpuBar;
  }

  Work work() {
    return work;
  }

  String text() {
    return text;
  }

  double wallBar() {
    return wallBar;
  }

  double cpuBar() {
    return cpuBar;
  }
}
