package dev.longshore.kube.server;

import dev.longshore.kube.Json;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.Resource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What the server demands of built-in kinds, as far as this project writes them.
final class Builtins {
  private Builtins() {}

  static void check(Kind kind, KubeObject object, List<String> errors) {
    if (kind.is(Resource.PODS)) {
      pod(new KubeObject(object.object("spec")), "spec", errors);
    } else if (kind.is(Resource.JOBS)) {
      job(object, errors);
    } else if (kind.is(Resource.CLAIMS)) {
      claim(object, errors);
    } else if (kind.is(Resource.EVENTS)) {
      event(object, errors);
    } else if (kind.is(Resource.CONFIG_MAPS) || kind.is(Resource.SECRETS)) {
      strings(object, errors);
    }
  }

  private static void pod(KubeObject spec, String path, List<String> errors) {
    Set<String> volumes = new HashSet<>();
    for (Json.Obj volume : spec.array("volumes").objects()) {
      String name = new KubeObject(volume).text("name");
      if (!name.matches("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")) {
        errors.add(path + ".volumes.name: Invalid value: \"" + name + "\": not a DNS label");
      }
      if (!volumes.add(name)) {
        errors.add(path + ".volumes.name: Duplicate value: \"" + name + "\"");
      }
    }
    if (spec.array("containers").elements().isEmpty()) {
      errors.add(path + ".containers: Required value");
    }
    for (Json.Obj text : spec.array("containers").objects()) {
      KubeObject container = new KubeObject(text);
      for (String field : List.of("name", "image")) {
        if (container.text(field).isEmpty()) {
          errors.add(path + ".containers." + field + ": Required value");
        }
      }
      for (String field : List.of("volumeMounts", "volumeDevices")) {
        for (Json.Obj mount : container.array(field).objects()) {
          String name = new KubeObject(mount).text("name");
          if (!volumes.contains(name)) {
            errors.add(path + ".containers." + field + ".name: Not found: \"" + name + "\"");
          }
        }
      }
    }
  }

  private static void job(KubeObject job, List<String> errors) {
    KubeObject spec = new KubeObject(job.object("spec", "template", "spec"));
    pod(spec, "spec.template.spec", errors);
    if (!Set.of("Never", "OnFailure").contains(spec.text("restartPolicy"))) {
      errors.add("spec.template.spec.restartPolicy: Required value: OnFailure or Never");
    }
  }

  private static void claim(KubeObject claim, List<String> errors) {
    if (claim.array("spec", "accessModes").elements().isEmpty()) {
      errors.add("spec.accessModes: Required value: at least 1 access mode is required");
    }
    if (claim.at("spec", "resources", "requests", "storage") == null) {
      errors.add("spec.resources[storage]: Required value");
    }
  }

  /// Events are beside what they are about; those about objects without namespace in `default`.
  private static void event(KubeObject event, List<String> errors) {
    String about = event.text("involvedObject", "namespace");
    if (!event.namespace().equals(about.isEmpty() ? "default" : about)) {
      errors.add(
          "involvedObject.namespace: Invalid value: \""
              + about
              + "\": does not match event.namespace");
    }
  }

  private static void strings(KubeObject object, List<String> errors) {
    object
        .object("data")
        .fields()
        .forEach((key, value) -> {
          if (!(value instanceof Json.Str)) {
            errors.add("data." + key + ": Invalid value: not a string");
          }
        });
  }
}
