package io.tradingbreaker.spring;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.context.annotation.Bean;

class ArchitectureTests {

    private static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.tradingbreaker.spring");

    @Test
    void classes_wereImported() {
        assertThat(OURS.stream().map(JavaClass::getSimpleName))
                .contains("LatencyGuardedAdvisor", "TradingBreakerAutoConfiguration", "TradingPausedAdvice");
    }

    @Test
    void autoConfigurations_publicFinalWithPackagePrivateBeans() {
        classes()
                .that()
                .areAnnotatedWith(AutoConfiguration.class)
                .should()
                .bePublic()
                .andShould()
                .haveModifier(JavaModifier.FINAL)
                .check(OURS);
        methods()
                .that()
                .areAnnotatedWith(Bean.class)
                .should()
                .bePackagePrivate()
                .check(OURS);
    }

    @Test
    void autoConfigurations_areAllRegistered() {
        List<String> registered =
                ImportCandidates.load(AutoConfiguration.class, getClass().getClassLoader()).getCandidates().stream()
                        .filter(name -> name.startsWith("io.tradingbreaker."))
                        .toList();
        assertThat(OURS.stream()
                        .filter(type -> type.isAnnotatedWith(AutoConfiguration.class))
                        .map(JavaClass::getName))
                .containsExactlyInAnyOrderElementsOf(registered)
                .isNotEmpty();
    }

    @Test
    void packages_haveNoCycles() {
        slices().matching("io.tradingbreaker.spring.(**)")
                .should()
                .beFreeOfCycles()
                .check(OURS);
    }

    @Test
    void advice_needsNoReactor() {
        noClasses()
                .that()
                .resideInAPackage("io.tradingbreaker.spring.aop..")
                .or()
                .haveSimpleName("LatencyGuardedAutoConfiguration")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("reactor..", "org.reactivestreams..")
                .check(OURS);
    }

    @ParameterizedTest
    @CsvSource({
        "io.grpc.., ..spring.grpc ..spring.probe.grpc",
        "io.micrometer.., ..spring.micrometer ..spring.observation",
        "reactor.., ..spring.reactive ..spring.http",
        "org.reactivestreams.., ..spring.reactive ..spring.http",
        "org.springframework.web.., ..spring.http ..spring.web ..spring.dashboard",
        "org.springframework.jdbc.., ..spring.store",
        "org.springframework.boot.actuate.., ..spring.actuate ..spring.audit ..spring.dashboard",
        "org.springframework.boot.health.., ..spring.health"
    })
    void libraryThatMayBeMissing_isKnownToItsPackagesAndTheWiringOnly(String library, String packages) {
        noClasses()
                .that()
                .resideOutsideOfPackages(("..spring.autoconfigure.. " + packages).split(" ", -1))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .check(OURS);
    }

    @Test
    void behaviour_doesNotKnowWiring() {
        noClasses()
                .that()
                .resideOutsideOfPackage("..autoconfigure..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.tradingbreaker.spring.autoconfigure..")
                .check(OURS);
    }
}
