package io.tradingbreaker.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.springframework.aot.hint.predicate.RuntimeHintsPredicates.reflection;
import static org.springframework.aot.hint.predicate.RuntimeHintsPredicates.resource;

import io.tradingbreaker.TradingPausedException;
import io.tradingbreaker.spring.actuate.CircuitBreakerEndpoint;
import io.tradingbreaker.spring.aop.InvalidGuardException;
import io.tradingbreaker.spring.aop.LatencyGuarded;
import io.tradingbreaker.spring.autoconfigure.actuate.CircuitBreakerEndpointAutoConfiguration;
import io.tradingbreaker.spring.autoconfigure.actuate.TradingDashboardAutoConfiguration;
import io.tradingbreaker.spring.dashboard.TradingDashboardEndpoint;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.net.ConnectException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotatedBeanDefinitionReader;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.AbstractAotProcessor;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.javapoet.ClassName;
import org.springframework.web.context.support.GenericWebApplicationContext;
import reactor.core.publisher.Flux;

/** What an application that is processed ahead of time tells native images of. */
class NativeHintsTests {

    private static final Path CLASSES = Path.of("target/classes");

    @BeforeEach
    void processAheadOfTime() {
        System.setProperty(AbstractAotProcessor.AOT_PROCESSING, "true");
    }

    @AfterEach
    void stop() {
        System.clearProperty(AbstractAotProcessor.AOT_PROCESSING);
    }

    @Test
    void dashboard_bringsEveryFileOfItsFolder() throws IOException {
        RuntimeHints hints = hints(Trading.class);

        assertThat(files("io/tradingbreaker/spring/dashboard"))
                .hasSizeGreaterThan(15)
                .allMatch(file -> resource().forResource(file).test(hints));
    }

    @Test
    void jdbcStore_bringsItsScripts() throws IOException {
        RuntimeHints hints = hints(Stored.class, "trading-breaker.store.type=jdbc");

        assertThat(files("io/tradingbreaker/spring/store"))
                .hasSize(2)
                .allMatch(file -> resource().forResource(file).test(hints));
    }

    @Test
    void records_areBoundAndRead() {
        RuntimeHints hints = hints(Trading.class);

        assertThat(Stream.of(TradingBreakerProperties.class, BreakerSettings.class)
                        .flatMap(host -> records(host).stream()))
                .hasSizeGreaterThan(15)
                .allSatisfy(type -> {
                    assertThat(type.getDeclaredConstructors())
                            .allMatch(constructor -> reflection()
                                    .onConstructorInvocation(constructor)
                                    .test(hints));
                    assertThat(type.getRecordComponents())
                            .extracting(RecordComponent::getAccessor)
                            .allMatch(accessor ->
                                    reflection().onMethodInvocation(accessor).test(hints));
                });
    }

    @Test
    void endpoints_areCalled() {
        assertThat(hints(Trading.class))
                .matches(reflection().onMethodInvocation(CircuitBreakerEndpoint.class, "breakers"))
                .matches(reflection().onMethodInvocation(CircuitBreakerEndpoint.class, "actOnAll"))
                .matches(reflection().onMethodInvocation(TradingDashboardEndpoint.class, "page"))
                .matches(reflection().onMethodInvocation(TradingDashboardEndpoint.class, "start"));
    }

    @Test
    void failureAnalyzers_areMade() {
        RuntimeHints hints = hints(Trading.class);

        assertThat(Stream.of(
                        BindingFailureAnalyzer.class,
                        InvalidConfigFailureAnalyzer.class,
                        InvalidGuardFailureAnalyzer.class,
                        SwitchStoreFailureAnalyzer.class))
                .allMatch(type -> reflection()
                        .onConstructorInvocation(type.getDeclaredConstructors()[0])
                        .test(hints));
    }

    @Test
    void reactor_isFound() {
        assertThat(hints(Trading.class)).matches(reflection().onType(Flux.class));
    }

    @Test
    void namedExceptions_areFound() {
        assertThat(hints(
                        Trading.class,
                        "trading-breaker.defaults.ignore-exceptions=java.net.ConnectException, no.such.Exception",
                        "trading-breaker.breakers.node.record-exceptions[0]=java.io.FileNotFoundException",
                        "trading-breaker.breakers.node.record-exceptions[1]= java.nio.file.AccessDeniedException",
                        "trading-breaker.breakers.node.p99-threshold=${set.later}"))
                .matches(reflection().onType(ConnectException.class))
                .matches(reflection().onType(FileNotFoundException.class))
                .matches(reflection().onType(AccessDeniedException.class));
    }

    @Test
    void guardedBean_itsMethodsAndThoseAboveAreReadAndCalled() throws NoSuchMethodException {
        assertThat(hints(Trading.class))
                .matches(reflection().onMethodInvocation(Desk.class, "buy"))
                .matches(reflection().onMethodInvocation(Quotes.class.getDeclaredMethod("last", String.class)))
                .matches(reflection().onMethodInvocation(Quotes.class.getDeclaredMethod("quote", String.class)))
                .matches(reflection().onMethodInvocation(Buyer.class, "buy"));
    }

    @Test
    void keyOfACall_isReadThroughItsParameters() throws ClassNotFoundException {
        assertThat(hints(Keyed.class))
                .matches(reflection().onMethodInvocation(Keyed.Endpoint.class, "host"))
                .matches(reflection().onMethodInvocation(Keyed.Region.class, "name"))
                .matches(reflection().onMethodInvocation(String.class, "strip"))
                .matches(reflection().onMethodInvocation("io.tradingbreaker.spring.aop.KeyContext$Root", "getArgs"));
        assertThat(hints(Trading.class))
                .matches(reflection().onMethodInvocation(String.class, "strip").negate());
    }

    @Test
    void otherBean_isLeftAlone() {
        assertThat(hints(Trading.class))
                .matches(reflection()
                        .onMethodInvocation(Bystander.class, "watch")
                        .negate());
    }

    @Test
    void switchedOff_nothingIsTold() {
        assertThat(hints(Trading.class, "trading-breaker.enabled=false"))
                .matches(reflection().onMethodInvocation(Quotes.class, "last").negate())
                .matches(resource()
                        .forResource("io/tradingbreaker/spring/dashboard/page.html")
                        .negate());
    }

    @Test
    void breakersNameThatIsSetLater_doesNotStopTheBuild() {
        assertThat(hints(NamedLater.class)).matches(reflection().onMethodInvocation(NamedLater.Later.class, "send"));
    }

    @Test
    void fallbackThatOnlyTheClassHas_doesNotStopTheBuildOfABeanKnownByItsInterface() {
        assertThat(hints(Hidden.class)).matches(reflection().onMethodInvocation(Hidden.Market.class, "send"));
    }

    @Test
    void guardThatCannotBe_stopsTheBuild() {
        assertThatExceptionOfType(InvalidGuardException.class)
                .isThrownBy(() -> hints(Wrong.class))
                .withMessageContaining("gone");
    }

    private static RuntimeHints hints(Class<?> application, String... properties) {
        try (GenericWebApplicationContext context = new GenericWebApplicationContext()) {
            TestPropertyValues.of("management.endpoints.web.exposure.include=*")
                    .and(properties)
                    .applyTo(context.getEnvironment());
            new AnnotatedBeanDefinitionReader(context).register(application);
            DefaultGenerationContext generation = new DefaultGenerationContext(
                    new ClassNameGenerator(ClassName.get("test", "Application")), new InMemoryGeneratedFiles());
            new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
            generation.writeGeneratedContent();
            return generation.getRuntimeHints();
        }
    }

    private static List<String> files(String folder) throws IOException {
        try (Stream<Path> files = Files.walk(CLASSES.resolve(folder))) {
            return files.filter(Files::isRegularFile)
                    .map(file -> CLASSES.relativize(file).toString().replace('\\', '/'))
                    .filter(file -> !file.endsWith(".class"))
                    .toList();
        }
    }

    private static List<Class<?>> records(Class<?> type) {
        return Stream.concat(
                        type.isRecord() ? Stream.of(type) : Stream.<Class<?>>empty(),
                        Arrays.stream(type.getDeclaredClasses()).flatMap(nested -> records(nested).stream()))
                .toList();
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        TradingBreakerAutoConfiguration.class,
        LatencyGuardedAutoConfiguration.class,
        CircuitBreakerEndpointAutoConfiguration.class,
        TradingDashboardAutoConfiguration.class,
        JdbcStoreAutoConfiguration.class
    })
    static class Trading {

        @Bean
        Desk desk() {
            return new Desk();
        }

        @Bean
        Bystander bystander() {
            return new Bystander();
        }
    }

    static class Stored extends Trading {

        @Bean
        DataSource dataSource() {
            return new JdbcDataSource();
        }
    }

    static class NamedLater extends Trading {

        @Bean
        Later venue() {
            return new Later();
        }

        static class Later {

            @LatencyGuarded(value = "${set.later}", key = "${set.later.too}")
            void send() {}
        }
    }

    static class Keyed extends Trading {

        @Bean
        Client client() {
            return new Client();
        }

        static class Client {

            @LatencyGuarded(key = "#endpoint.region.name + #symbol.strip()")
            void send(Endpoint endpoint, String symbol) {}
        }

        record Endpoint(String host, Region region) {}

        record Region(String name) {}
    }

    static class Hidden extends Trading {

        @Bean
        Market venue() {
            return new Exchange();
        }

        interface Market {

            @LatencyGuarded(fallback = "hold")
            String send(String order);
        }

        static class Exchange implements Market {

            @Override
            public String send(String order) {
                return "sent";
            }

            String hold(String order, TradingPausedException refusal) {
                return "held";
            }
        }
    }

    static class Wrong extends Trading {

        @Bean
        Broken venue() {
            return new Broken();
        }

        static class Broken {

            @LatencyGuarded(fallback = "gone")
            void send() {}
        }
    }

    interface Buyer {

        String buy(String symbol);
    }

    static class Quotes {

        @LatencyGuarded(fallback = "last")
        public String quote(String symbol) {
            return symbol;
        }

        String last(String symbol) {
            return symbol;
        }
    }

    static class Desk extends Quotes implements Buyer {

        @Override
        @LatencyGuarded
        public String buy(String symbol) {
            return symbol;
        }
    }

    static class Bystander {

        void watch() {}
    }
}
