package dev.longshore;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysFalse;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZonedDateTime;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The rooms of the project and the arrows between them (docs/architecture.md).
class ArchitectureTest {
  private static final String CHUNKER = "dev.longshore.chunker..";
  private static final String CRYPTO = "dev.longshore.crypto..";
  private static final String FORMAT = "dev.longshore.format..";
  private static final String ENGINE = "dev.longshore.engine..";
  private static final String BENCH = "dev.longshore.bench..";
  private static final String CLI = "dev.longshore.cli..";
  private static final String AGENT = "dev.longshore.agent..";
  private static final String MOVER = "dev.longshore.mover..";
  private static final String TASK = "dev.longshore.mover.task..";

  /// The programs, which alone know what time it is.
  private static final String[] PROGRAMS = {CLI, "dev.longshore.agent", "dev.longshore.mover"};

  private static final String KUBE = "dev.longshore.kube..";
  private static final String CBT = "dev.longshore.cbt..";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages("dev.longshore");

  @Test
  void seesEveryRoom() {
    for (String room : List.of("chunker", "crypto", "format", "engine", "cli")) {
      assertTrue(
          CLASSES.stream().anyMatch(c -> c.getPackageName().startsWith("dev.longshore." + room)),
          room);
    }
  }

  @Test
  void leavesDependOnNothingAbove() {
    noClasses()
        .that()
        .resideInAPackage(CHUNKER)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(CRYPTO, FORMAT, ENGINE, BENCH, CLI)
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage(CRYPTO)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(CHUNKER, FORMAT, ENGINE, BENCH, CLI)
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage(FORMAT)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(CHUNKER, ENGINE, BENCH, CLI)
        .check(CLASSES);
  }

  @Test
  void engineKnowsNeitherCommandLineNorBench() {
    noClasses()
        .that()
        .resideInAPackage(ENGINE)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(BENCH, CLI, "picocli..", "io.fabric8..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage(BENCH)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(CLI, "picocli..", "org.openjdk.jmh..")
        // The room is there before its first class.
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  void theKubernetesClientKnowsOnlyKubernetes() {
    noClasses()
        .that()
        .resideInAPackage(KUBE)
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("dev.longshore..").and(resideOutsideOfPackages(KUBE)))
        .check(CLASSES);
  }

  @Test
  void agentMoverAndCommandLineDoNotSeeEachOther() {
    noClasses()
        .that()
        .resideInAPackage(CLI)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(AGENT, MOVER, KUBE)
        .check(CLASSES);
    // What the agent asks of movers is in the contract; it knows no repository.
    noClasses()
        .that()
        .resideInAPackage(AGENT)
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(CLI, ENGINE, FORMAT, CRYPTO, CHUNKER, BENCH)
                .or(resideInAnyPackage(MOVER).and(resideOutsideOfPackages(TASK))))
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage(MOVER)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(CLI, AGENT)
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAnyPackage(KUBE, TASK)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(CLI, AGENT, ENGINE, FORMAT)
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage(CBT)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(CLI, AGENT, MOVER, FORMAT)
        .check(CLASSES);
    slices().matching("dev.longshore.mover.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void leavesKnowNoFilesThreadsOrLoggers() {
    noClasses()
        .that()
        .resideInAnyPackage(CHUNKER, CRYPTO, FORMAT)
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                    "java.nio.file..", "java.nio.channels..", "java.net..", "org.slf4j..")
                .or(named(Thread.class, java.io.File.class, System.Logger.class, Clock.class))
                .or(named(java.util.concurrent.Executor.class)))
        .check(CLASSES);
  }

  @Test
  void nobodyButTheEntryPointReadsTheSystemClock() {
    noClasses()
        .that(resideOutsideOfPackages(PROGRAMS))
        .should()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(LocalDateTime.class, "now")
        .orShould()
        .callMethod(ZonedDateTime.class, "now")
        .orShould()
        .callMethod(Clock.class, "systemUTC")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .check(CLASSES);
  }

  @Test
  void nobodyUsesUnsafeOrThreadLocals() {
    noClasses()
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("sun.misc..", "jdk.internal..").or(named(ThreadLocal.class)))
        .check(CLASSES);
  }

  @Test
  void vectorsStayInTheLeavesThatEarnedThem() {
    noClasses()
        .that(resideOutsideOfPackages(CRYPTO, CHUNKER))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("jdk.incubator.vector..")
        .check(CLASSES);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("dev.longshore.crypto.(*)..").should().beFreeOfCycles().check(CLASSES);
    slices().matching("dev.longshore.format.(*)..").should().beFreeOfCycles().check(CLASSES);
    slices().matching("dev.longshore.engine.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  private static DescribedPredicate<JavaClass> named(Class<?>... types) {
    DescribedPredicate<JavaClass> any = alwaysFalse();
    for (Class<?> type : types) {
      any = any.or(JavaClass.Predicates.equivalentTo(type));
    }
    return any;
  }
}
