package dev.longshore.kube;

/// How to delete.
///
/// @param uid deletes only the object that has this UID; empty: whichever has the name
/// @param graceSeconds a pod's time to end; negative: what the object says
public record DeleteOptions(String uid, int graceSeconds) {
  public static final DeleteOptions DEFAULT = new DeleteOptions("", -1);

  public static DeleteOptions of(KubeObject object) {
    return new DeleteOptions(object.uid(), -1);
  }
}
