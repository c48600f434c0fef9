package dev.longshore.kube;

import java.time.Duration;

/// What a client waits for and takes in.
///
/// @param connect to reach the server
/// @param request from the beginning of a request to the end of its answer
/// @param patience how much time the pauses between attempts may take together
/// @param body bytes in an answer at most
/// @param event bytes in an event of a watch at most
/// @param watch after so long a server is asked to end a watch, so that none is kept for ever
/// @param silence a watch that says nothing for so long has lost its server
public record Limits(
    Duration connect,
    Duration request,
    Duration patience,
    long body,
    int event,
    Duration watch,
    Duration silence) {
  /// Servers send a bookmark about once a minute; an object of etcd's largest size, with all of its
  /// quotes escaped, has some 3 MB.
  public static final Limits STANDARD =
      new Limits(
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofSeconds(15),
          64 << 20,
          8 << 20,
          Duration.ofMinutes(5),
          Duration.ofSeconds(150));

  public Limits withRequest(Duration time) {
    return new Limits(connect, time, patience, body, event, watch, silence);
  }

  public Limits withBody(long bytes) {
    return new Limits(connect, request, patience, bytes, event, watch, silence);
  }

  public Limits withEvent(int bytes) {
    return new Limits(connect, request, patience, body, bytes, watch, silence);
  }

  public Limits withSilence(Duration time) {
    return new Limits(connect, request, patience, body, event, watch, time);
  }
}
