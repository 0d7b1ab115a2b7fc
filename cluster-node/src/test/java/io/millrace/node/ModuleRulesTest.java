package io.millrace.node;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import org.junit.jupiter.api.Test;

/** The module table of ARCHITECTURE.md, as far as package names can tell. */
@AnalyzeClasses(packages = "io.millrace")
class ModuleRulesTest {

  @ArchTest
  static final ArchRule protocolUsesTheJdkOnly =
      classes()
          .that()
          .resideInAPackage("io.millrace.protocol..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("io.millrace.protocol..", "java..", "javax.crypto..");

  @ArchTest
  static final ArchRule mediaKnowsNoActors =
      noClasses()
          .that()
          .resideInAPackage("io.millrace.media..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.pekko..", "io.millrace.http..", "io.millrace.node..", "com.typesafe..");

  @ArchTest
  static final ArchRule onlyTheWorkerPackageTouchesNativeCode =
      noClasses()
          .that(not(resideInAPackage("io.millrace.media.worker..")))
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.bytedeco..");

  @ArchTest
  static final ArchRule pipelineHasNoClockAndNoThreads =
      noClasses()
          .that()
          .resideInAPackage("io.millrace.media.segment..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.util.concurrent..", "java.net..", "java.nio.file..");

  @ArchTest
  static final ArchRule httpApiKnowsNoNode =
      noClasses()
          .that()
          .resideInAPackage("io.millrace.http..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.millrace.node..", "io.millrace.protocol..");

  @ArchTest
  static final ArchRule theRedisPluginKnowsNothingOfMillrace =
      noClasses()
          .that()
          .resideInAPackage("io.millrace.persistence.redis..")
          .and()
          .haveSimpleNameNotEndingWith("Test")
          .and()
          .haveSimpleNameNotEndingWith("IT")
          .should()
          .dependOnClassesThat(
              resideInAPackage("io.millrace..")
                  .and(not(resideInAPackage("io.millrace.persistence.redis.."))));

  @ArchTest
  static final ArchRule onlyTheRedisPluginKnowsItsClient =
      noClasses()
          .that(not(resideInAPackage("io.millrace.persistence.redis..")))
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.lettuce..");

  @ArchTest
  static final ArchRule configurationIsReadInOnePlace =
      noClasses()
          .that(
              not(
                  resideInAnyPackage(
                      "io.millrace.node",
                      "io.millrace.node.cli",
                      "io.millrace.node.settings",
                      "io.millrace.persistence.redis",
                      "io.millrace.node.store.redis",
                      "io.millrace.node.store")))
          .should()
          .dependOnClassesThat()
          .resideInAPackage("com.typesafe.config..");

  @ArchTest
  static final ArchRule testsAreNamedSoThatARunnerFindsThem =
      methods()
          .that()
          .areAnnotatedWith(Test.class)
          .should(
              new com.tngtech.archunit.lang.ArchCondition<>("be in a class named *Test or *IT") {
                @Override
                public void check(
                    com.tngtech.archunit.core.domain.JavaMethod method, ConditionEvents events) {
                  JavaClass owner = method.getOwner();
                  JavaClass top = owner.getEnclosingClass().orElse(owner);
                  String name = top.getSimpleName();
                  boolean contract =
                      name.endsWith("Contract")
                          && top.getModifiers()
                              .contains(com.tngtech.archunit.core.domain.JavaModifier.ABSTRACT);
                  boolean ok = name.endsWith("Test") || name.endsWith("IT") || contract;
                  events.add(new SimpleConditionEvent(method, ok, method.getFullName()));
                }
              });
}
