package io.tradingbreaker.spring.http;

import static io.tradingbreaker.spring.http.RawServer.sends;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.BreakerState;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.TradingPausedException;
import io.tradingbreaker.spring.VirtualTime;
import io.tradingbreaker.spring.aop.GuardedPlaces;
import io.tradingbreaker.spring.aop.LatencyGuarded;
import io.tradingbreaker.spring.autoconfigure.HttpGuardsAutoConfiguration;
import io.tradingbreaker.spring.autoconfigure.LatencyGuardedAutoConfiguration;
import io.tradingbreaker.spring.autoconfigure.RestClientGuardAutoConfiguration;
import io.tradingbreaker.spring.autoconfigure.TradingBreakerAutoConfiguration;
import io.tradingbreaker.spring.autoconfigure.WebClientGuardAutoConfiguration;
import io.tradingbreaker.test.ManualScheduler;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.ObjectFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.beans.factory.config.CustomScopeConfigurer;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.condition.ConditionEvaluationReport;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.context.support.SimpleThreadScope;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.web.client.HttpServerErrorException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.reactive.function.client.ExchangeFilterFunction;
import org.springframework.web.reactive.function.client.WebClient;

/** Beans that are guarded by property. */
@ExtendWith(OutputCaptureExtension.class)
class GuardedClientBeansTests {

    private final ApplicationContextRunner bare = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    TradingBreakerAutoConfiguration.class,
                    LatencyGuardedAutoConfiguration.class,
                    HttpGuardsAutoConfiguration.class,
                    RestClientGuardAutoConfiguration.class,
                    WebClientGuardAutoConfiguration.class,
                    RestClientAutoConfiguration.class,
                    WebClientAutoConfiguration.class));
    private final ApplicationContextRunner runner = bare.withPropertyValues(
            "trading-breaker.http.guards[0].uri=http://127.0.0.1/quote/**",
            "trading-breaker.http.guards[0].breaker=jupiter",
            "trading-breaker.breakers.jupiter.half-open-requests=1",
            "trading-breaker.breakers.jupiter.half-open-successes=1");
    private RawServer server;

    @BeforeEach
    void start() throws IOException {
        server = new RawServer();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void builders_guardedOnceAndRequestsToo() {
        runner.withUserConfiguration(OwnClients.class).run(context -> {
            for (int i = 0; i < 2; i++) {
                assertThat(guards(context.getBean("restClientBuilder", RestClient.Builder.class)))
                        .hasSize(1);
                assertThat(guards(context.getBean("sameBuilder", RestClient.Builder.class)))
                        .hasSize(1);
                assertThat(guards(context.getBean("copiedBuilder", RestClient.Builder.class)))
                        .hasSize(1);
                assertThat(guards(context.getBean(WebClient.Builder.class))).hasSize(1);
            }
            assertThat(context.getBean(RestTemplate.class).getInterceptors())
                    .hasExactlyElementsOfTypes(HttpGuardInterceptor.class);
            String url = server.url("/quote/v1");
            restClient(context).get().uri(url).retrieve().toBodilessEntity();
            context.getBean(RestTemplate.class).getForObject(url, String.class);
            webClient(context).get().uri(url).retrieve().toBodilessEntity().block(Client.PATIENT);
            TradingBreaker jupiter = jupiter(context);
            assertThat(jupiter.counters().successful()).isEqualTo(3);
            assertThat(jupiter.counters().inFlight()).isZero();

            jupiter.halt("stop", null);
            assertThatThrownBy(
                            () -> restClient(context).get().uri(url).retrieve().toBodilessEntity())
                    .isInstanceOf(TradingPausedException.class);
            assertThatThrownBy(() -> context.getBean(RestTemplate.class).getForObject(url, String.class))
                    .isInstanceOf(TradingPausedException.class);
            assertThatThrownBy(() -> webClient(context)
                            .get()
                            .uri(url)
                            .retrieve()
                            .toBodilessEntity()
                            .block(Client.PATIENT))
                    .isInstanceOf(TradingPausedException.class);
            assertThat(server.requests()).hasSize(3);
            restClient(context).get().uri(server.url("/price")).retrieve().toBodilessEntity();
            assertThat(server.requests()).hasSize(4);
        });
    }

    @Test
    void scopedClient_isNotAskedForBeforeItsScopeIsThere() {
        runner.withUserConfiguration(ScopedClient.class)
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void requestInGuardedMethod_joinsSoThatOneTrialSuffices() {
        runner.withUserConfiguration(VirtualTime.class, Desk.class).run(context -> {
            TradingBreaker jupiter = jupiter(context);
            for (String client : List.of("rest", "web")) {
                jupiter.trip("by hand", null);
                context.getBean(ManualScheduler.class).advance(Duration.ofSeconds(30));
                assertThat(jupiter.state()).isEqualTo(BreakerState.HALF_OPEN);
                assertThat(context.getBean(Desk.class).quote(client, server.url("/quote")))
                        .isEqualTo("hello");
                assertThat(jupiter.state()).as(client).isEqualTo(BreakerState.CLOSED);
            }
            assertThat(jupiter.counters().successful()).isEqualTo(2);
            assertThat(jupiter.counters().permitted()).isEqualTo(2);
        });
    }

    @Test
    void startReport_showsGuardsAndWarnsOfUndeclaredBreakers(CapturedOutput output) {
        runner.withPropertyValues(
                        "trading-breaker.http.guards[1].uri=*.Helius.xyz",
                        "trading-breaker.http.guards[1].breaker=helius",
                        "trading-breaker.http.guards[1].methods=post,GET")
                .withUserConfiguration(Desk.class)
                .run(context -> assertThat(output)
                        .containsPattern(
                                "INFO.*Breaker 'jupiter' .*; guards Desk.quote\\(String, String\\), HTTP http://127.0.0.1/quote/\\*\\*\n")
                        .containsPattern("INFO.*Breaker 'helius' .*; guards HTTP GET,POST \\*.helius.xyz\n")
                        .contains("Breaker 'helius' is not configured and runs with the defaults; it guards HTTP"
                                + " GET,POST *.helius.xyz; configured are [jupiter, trading]"));
    }

    @Test
    void beans_areNotMadeTooEarly(CapturedOutput output) {
        runner.withUserConfiguration(OwnClients.class, Desk.class).run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(output).doesNotContain("not eligible");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"trading-breaker.http.enabled=false", "trading-breaker.enabled=off"})
    void switchedOff_nothingIsGuarded(String off) {
        runner.withUserConfiguration(OwnClients.class).withPropertyValues(off).run(context -> {
            assertThat(context).doesNotHaveBean(HttpGuards.class);
            assertThat(guards(context.getBean("restClientBuilder", RestClient.Builder.class)))
                    .isEmpty();
            assertThat(guards(context.getBean(WebClient.Builder.class))).isEmpty();
            assertThat(context.getBean(RestTemplate.class).getInterceptors()).isEmpty();
            assertThat(whyOff(context)).hasSize(3).allMatch(why -> why.contains(off.split("=", -1)[0] + " is false"));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"trading-breaker.http.guards=", "trading-breaker.http="})
    void noGuards_clientsStayUntouched(String none) {
        bare.withUserConfiguration(OwnClients.class).withPropertyValues(none).run(context -> {
            assertThat(guards(context.getBean("restClientBuilder", RestClient.Builder.class)))
                    .isEmpty();
            assertThat(whyOff(context)).hasSize(3).allMatch(why -> why.contains("guards is not set"));
        });
    }

    @Test
    void blankValues_countAsUnsetAndBlankListsAsEmpty() {
        bare.withPropertyValues(
                        "trading-breaker.http.guards[0].uri=http://127.0.0.1/quote",
                        "trading-breaker.http.guards[0].breaker=",
                        "trading-breaker.http.guards[0].methods=",
                        "trading-breaker.http.guards[0].intent=",
                        "trading-breaker.http.guards[0].failure-status=",
                        "trading-breaker.http.guards[0].ignored-status=")
                .run(context -> {
                    server.answers(sends(503));
                    assertThatThrownBy(() -> restClient(context)
                                    .get()
                                    .uri(server.url("/quote"))
                                    .retrieve()
                                    .toBodilessEntity())
                            .isInstanceOf(HttpServerErrorException.class);
                    TradingBreaker trading = context.getBean("tradingBreaker", TradingBreaker.class);
                    assertThat(trading.counters().successful()).isOne();
                    trading.trip("by hand", null);
                    assertThatThrownBy(() -> restClient(context)
                                    .get()
                                    .uri(server.url("/quote"))
                                    .retrieve()
                                    .toBodilessEntity())
                            .isInstanceOf(TradingPausedException.class);
                });
    }

    @Test
    void withoutWebClient_theOthersAreGuarded() {
        runner.withClassLoader(new FilteredClassLoader("org.springframework.web.reactive", "reactor"))
                .run(context -> {
                    assertThat(guards(context.getBean(RestClient.Builder.class)))
                            .hasSize(1);
                    assertThat(whyOff(context))
                            .singleElement()
                            .asString()
                            .contains("WebClientGuardAutoConfiguration")
                            .contains("did not find required class"
                                    + " 'org.springframework.web.reactive.function.client.WebClient'");
                });
    }

    @Test
    void withoutAnyClient_startsAndReportSaysWhyEachPartIsOff() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        TradingBreakerAutoConfiguration.class,
                        LatencyGuardedAutoConfiguration.class,
                        HttpGuardsAutoConfiguration.class,
                        RestClientGuardAutoConfiguration.class,
                        WebClientGuardAutoConfiguration.class))
                .withPropertyValues("trading-breaker.http.guards[0].uri=api.jup.ag")
                .withClassLoader(new FilteredClassLoader(
                        "org.springframework.web", "org.springframework.http", "reactor", "io.netty"))
                .run(context -> {
                    assertThat(context).hasNotFailed().hasSingleBean(BreakerRegistry.class);
                    assertThat(whyOff(context))
                            .hasSize(3)
                            .allMatch(why -> why.contains("@ConditionalOnClass did not find required class"));
                });
    }

    @Test
    void environmentVariables_guardToo(CapturedOutput output) {
        bare.withInitializer(context -> context.getEnvironment()
                        .getPropertySources()
                        .replace(
                                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                                new SystemEnvironmentPropertySource(
                                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                                        Map.of(
                                                "TRADINGBREAKER_HTTP_GUARDS_0_URI", "api.jup.ag",
                                                "TRADINGBREAKER_HTTP_GUARDS_0_METHODS", "get",
                                                "TRADINGBREAKER_HTTP_GUARDS_0_FAILURESTATUS_0", "5xx",
                                                "TRADINGBREAKER_HTTP_GUARDS_0_IGNORED_STATS", "4xx"))))
                .run(context -> {
                    assertThat(context.getBean(HttpGuards.class).places())
                            .extracting(GuardedPlaces.Place::text)
                            .containsExactly("HTTP GET api.jup.ag");
                    assertThat(output.toString().lines().filter(line -> line.contains("no effect")))
                            .singleElement()
                            .asString()
                            .contains("TRADINGBREAKER_HTTP_GUARDS_0_IGNORED_STATS")
                            .endsWith("the nearest is TRADINGBREAKER_HTTP_GUARDS_0_IGNOREDSTATUS");
                });
    }

    @Test
    void closedContext_leavesNoThread() {
        server.answers(sends(500));
        runner.run(context -> {
            for (int i = 0; i < 6; i++) {
                assertThatThrownBy(() -> restClient(context)
                                .get()
                                .uri(server.url("/quote"))
                                .retrieve()
                                .toBodilessEntity())
                        .isInstanceOf(RuntimeException.class);
            }
            assertThat(jupiter(context).state()).isEqualTo(BreakerState.OPEN);
            assertThat(server.requests()).hasSize(5);
        });
        Awaitility.await()
                .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                        .extracting(Thread::getName)
                        .noneMatch(name -> name.startsWith("trading-breaker")));
    }

    private static RestClient restClient(AssertableApplicationContext context) {
        return context.getBean("restClientBuilder", RestClient.Builder.class)
                .requestFactory(Client.jdk(Client.PATIENT))
                .build();
    }

    private static WebClient webClient(AssertableApplicationContext context) {
        return context.getBean(WebClient.Builder.class).build();
    }

    private static TradingBreaker jupiter(AssertableApplicationContext context) {
        return context.getBean(BreakerRegistry.class).find("jupiter");
    }

    private static List<ClientHttpRequestInterceptor> guards(RestClient.Builder builder) {
        List<ClientHttpRequestInterceptor> found = new ArrayList<>();
        builder.requestInterceptors(found::addAll);
        found.removeIf(interceptor -> !(interceptor instanceof HttpGuardInterceptor));
        return found;
    }

    private static List<ExchangeFilterFunction> guards(WebClient.Builder builder) {
        List<ExchangeFilterFunction> found = new ArrayList<>();
        builder.filters(found::addAll);
        found.removeIf(filter -> !(filter instanceof HttpGuardFilter));
        return found;
    }

    /** What the condition report says of our parts that are off. */
    private static List<String> whyOff(AssertableApplicationContext context) {
        return ConditionEvaluationReport.get(context.getBeanFactory())
                .getConditionAndOutcomesBySource()
                .entrySet()
                .stream()
                .filter(entry -> entry.getKey().startsWith("io.tradingbreaker.")
                        && entry.getKey().contains("Guard"))
                .filter(entry -> !entry.getKey().contains("LatencyGuarded"))
                .filter(entry -> !entry.getValue().isFullMatch())
                .map(entry -> entry.getKey() + ": "
                        + entry.getValue().stream()
                                .map(outcome -> outcome.getOutcome().getMessage())
                                .toList())
                .toList();
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnClients {

        @Bean
        RestTemplate restTemplate() {
            return new RestTemplate(Client.jdk(Client.PATIENT));
        }

        @Bean
        RestClient.Builder singleBuilder() {
            return RestClient.builder();
        }

        @Bean
        RestClient.Builder sameBuilder(@Qualifier("singleBuilder") RestClient.Builder singleBuilder) {
            return singleBuilder;
        }

        @Bean
        RestClient.Builder copiedBuilder(@Qualifier("singleBuilder") RestClient.Builder singleBuilder) {
            return singleBuilder.clone();
        }

        @Bean
        @Primary
        @Scope(ConfigurableBeanFactory.SCOPE_PROTOTYPE)
        RestClient.Builder restClientBuilder() {
            return RestClient.builder();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class ScopedClient {

        @Bean
        static CustomScopeConfigurer noRequest() {
            CustomScopeConfigurer scopes = new CustomScopeConfigurer();
            scopes.addScope("request", new SimpleThreadScope() {
                @Override
                public Object get(String name, ObjectFactory<?> bean) {
                    throw new IllegalStateException("no request");
                }
            });
            return scopes;
        }

        @Bean
        @Scope(scopeName = "request", proxyMode = ScopedProxyMode.TARGET_CLASS)
        RestTemplate perRequest() {
            return new RestTemplate();
        }

        @Bean
        List<RestTemplate> user(RestTemplate perRequest) {
            return List.of(perRequest);
        }
    }

    static class Desk {

        private final RestClient rest;
        private final WebClient web;

        Desk(RestClient.Builder rest, WebClient.Builder web) {
            this.rest = rest.requestFactory(Client.jdk(Client.PATIENT)).build();
            this.web = web.build();
        }

        @LatencyGuarded("jupiter")
        String quote(String client, String url) {
            return client.equals("rest")
                    ? rest.get().uri(url).retrieve().body(String.class)
                    : web.get().uri(url).retrieve().bodyToMono(String.class).block(Client.PATIENT);
        }
    }
}
