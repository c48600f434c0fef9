package dev.longshore.kube;

/// What to list or watch. Empty strings and 0 stand for "not given".
///
/// @param labelSelector such as `app=web,tier in (a,b),!canary`
/// @param fieldSelector such as `spec.nodeName=n1`
/// @param limit objects in a page at most
/// @param continueFrom the token of the page before
/// @param resourceVersion for a watch: what came after it
public record ListOptions(
    String labelSelector,
    String fieldSelector,
    int limit,
    String continueFrom,
    String resourceVersion) {
  public static final ListOptions ALL = new ListOptions("", "", 0, "", "");

  public static ListOptions withLabels(String selector) {
    return new ListOptions(selector, "", 0, "", "");
  }

  public static ListOptions withFields(String selector) {
    return new ListOptions("", selector, 0, "", "");
  }

  /// The next page of `limit` objects.
  public ListOptions page(int pageLimit, String token) {
    return new ListOptions(labelSelector, fieldSelector, pageLimit, token, resourceVersion);
  }

  /// From a version on.
  public ListOptions from(String version) {
    return new ListOptions(labelSelector, fieldSelector, 0, "", version);
  }
}
