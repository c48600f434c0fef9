package dev.longshore.agent.world;

import dev.longshore.kube.Json;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.Resource;
import java.util.ArrayList;
import java.util.List;

/// The job controller: starts one pod per job, and another one after each failure as long as
/// `backoffLimit` allows.
public final class Jobs extends StandIn {
  private static final String JOB_NAME = "batch.kubernetes.io/job-name";
  private static final int STANDARD_LIMIT = 6;

  public Jobs(Site site) {
    super(site);
  }

  @Override
  protected void work() throws KubeException {
    each(Resource.JOBS, this::sync);
  }

  private void sync(KubeObject job) throws KubeException {
    if (job.isBeingDeleted() || !job.array("status", "conditions").elements().isEmpty()) {
      return;
    }
    List<KubeObject> pods =
        list(Resource.PODS, job.namespace()).stream()
            .filter(pod -> pod.isOwnedBy(job.uid()))
            .toList();
    long failed = pods.stream().filter(pod -> isIn(pod, "Failed")).count();
    long limit =
        job.at("spec", "backoffLimit") == null
            ? STANDARD_LIMIT
            : job.number("spec", "backoffLimit");
    if (pods.stream().anyMatch(pod -> isIn(pod, "Succeeded"))) {
      finish(job, "Complete", failed);
    } else if (failed > limit) {
      finish(job, "Failed", failed);
    } else if (failed == pods.size() && isDone(Delays.Of.JOB, job)) {
      start(job, pods.size());
    }
  }

  private static boolean isIn(KubeObject pod, String phase) {
    return pod.text("status", "phase").equals(phase);
  }

  private void start(KubeObject job, int number) throws KubeException {
    Json.Obj owner =
        Json.Obj.EMPTY
            .with("apiVersion", job.text("apiVersion"))
            .with("kind", job.kind())
            .with("name", job.name())
            .with("uid", job.uid())
            .with("controller", true);
    KubeObject template = new KubeObject(job.object("spec", "template"));
    KubeObject pod =
        KubeObject.of(Resource.PODS, job.namespace(), job.name() + "-" + number)
            .with(template.object("metadata", "labels"), "metadata", "labels")
            .with(template.object("metadata", "annotations"), "metadata", "annotations")
            .withLabel(JOB_NAME, job.name())
            .withLabel("job-name", job.name())
            .with(Json.Arr.of(owner), "metadata", "ownerReferences")
            .with(template.object("spec"), "spec");
    ensure(Resource.PODS, pod);
    if (number == 0) {
      api.replaceStatus(
          Resource.JOBS,
          job.with(clock.instant(), "status", "startTime").with(1, "status", "active"));
    }
  }

  private void finish(KubeObject job, String type, long failed) throws KubeException {
    List<Json> conditions = new ArrayList<>();
    conditions.add(
        Json.Obj.EMPTY
            .with("type", type)
            .with("status", "True")
            .with("lastTransitionTime", clock.instant().toString()));
    boolean isComplete = type.equals("Complete");
    KubeObject finished =
        job.with(new Json.Arr(conditions), "status", "conditions")
            .with(0, "status", "active")
            .with(isComplete ? 1 : 0, "status", "succeeded")
            .with(failed, "status", "failed");
    api.replaceStatus(
        Resource.JOBS,
        isComplete ? finished.with(clock.instant(), "status", "completionTime") : finished);
  }
}
