package io.tradingbreaker;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Rules that nobody has to remember. */
class ArchitectureTests {

    private static final JavaClasses CORE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.tradingbreaker");

    private static final DescribedPredicate<JavaClass> CALL_PATH = DescribedPredicate.describe(
            "on the call's path",
            c -> Set.of(
                            "Breaker",
                            "Gate",
                            "Permit",
                            "Admission",
                            "Refusal",
                            "Slot",
                            "SlotFields",
                            "InFlight",
                            "Window",
                            "Samples",
                            "Ring",
                            "Tuning",
                            "Cursor",
                            "Phase",
                            "ClosedPhase",
                            "TimedPhase",
                            "OpenPhase",
                            "DrillPhase",
                            "HalfOpenPhase",
                            "HaltedPhase",
                            "RetiredPhase",
                            "TripRules",
                            "AllowedOver",
                            "LocalPauses",
                            "Classification",
                            "StallCheck")
                    .contains(c.getSimpleName()));

    @Test
    void classes_wereImported() {
        assertThat(CORE).hasSizeGreaterThan(40);
        assertThat(CORE.stream().filter(CALL_PATH)).hasSize(26);
    }

    @Test
    void core_knowsNoSpring() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework..", "io.micrometer..")
                .check(CORE);
    }

    @Test
    void core_hasOnePackage() {
        SlicesRuleDefinition.slices()
                .matching("io.(tradingbreaker..)")
                .should()
                .beFreeOfCycles()
                .check(CORE);
        classes().should().resideInAPackage("io.tradingbreaker").check(CORE);
    }

    @Test
    void publicTypes_areTheApiAndNothingElse() {
        assertThat(CORE.stream()
                        .filter(c -> c.getModifiers().contains(JavaModifier.PUBLIC))
                        .filter(c -> c.getEnclosingClass().isEmpty())
                        .map(JavaClass::getSimpleName)
                        .collect(Collectors.toSet()))
                .containsExactlyInAnyOrder(
                        "BreakerClock",
                        "BreakerConfig",
                        "BreakerConfigBuilder",
                        "BreakerConflictException",
                        "BreakerCounters",
                        "BreakerMode",
                        "BreakerRegistry",
                        "BreakerRegistryBuilder",
                        "BreakerSnapshot",
                        "BreakerState",
                        "CallObserver",
                        "DrillReport",
                        "FileSwitchStore",
                        "HealthChecker",
                        "HealthStatus",
                        "Intent",
                        "InvalidConfigException",
                        "KeyPolicy",
                        "KeyedBreakers",
                        "LatencyMonitor",
                        "LatencyStatistics",
                        "Outcome",
                        "OutcomeClassifier",
                        "Permit",
                        "RecoveryPolicy",
                        "RecoveryScheduler",
                        "ResumePolicy",
                        "Retune",
                        "Rule",
                        "StateChangeListener",
                        "StreamWatch",
                        "StoreStatus",
                        "SwitchPositions",
                        "SwitchStore",
                        "SwitchStoreException",
                        "Tally",
                        "TradingBreaker",
                        "TradingPausedException",
                        "Transition",
                        "TransitionReason");
    }

    @Test
    void callPath_readsNoWallClock_takesNoLock_keepsNoThreadLocal() {
        noClasses()
                .that(CALL_PATH)
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Clock.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(ThreadLocal.class)
                .orShould()
                .dependOnClassesThat()
                .resideInAPackage("java.util.concurrent.locks..")
                .check(CORE);
    }

    @Test
    void nothing_isSynchronized() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            List<Path> sources =
                    files.filter(f -> f.toString().endsWith(".java")).toList();
            assertThat(sources)
                    .hasSizeGreaterThan(40)
                    .allSatisfy(source -> assertThat(source).content().doesNotContain("synchronized"));
        }
    }
}
