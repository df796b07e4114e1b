package io.tradingbreaker.spring.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.spring.VirtualTime;
import io.tradingbreaker.test.ManualScheduler;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.skyscreamer.jsonassert.JSONAssert;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/** Real servers, asked over HTTP. */
class TradingPausedAdviceTests {

    private static final Map<WebApplicationType, ConfigurableApplicationContext> SHARED =
            new EnumMap<>(WebApplicationType.class);
    private static final List<ConfigurableApplicationContext> OPENED = new ArrayList<>();

    private final HttpClient client = HttpClient.newHttpClient();

    // Not one by one: the first reactive server that closes takes Netty's shared threads with it.
    @AfterAll
    static void closeAll() {
        OPENED.forEach(ConfigurableApplicationContext::close);
    }

    @ParameterizedTest
    @CsvSource({
        "SERVLET, /plain",
        "SERVLET, /wrapped",
        "SERVLET, /stage",
        "REACTIVE, /plain",
        "REACTIVE, /wrapped",
        "REACTIVE, /stage"
    })
    void refused_503ProblemWithRetryAfterRoundedUp(WebApplicationType type, String path) throws Exception {
        ConfigurableApplicationContext context = shared(type);
        TradingBreaker breaker = breaker(context);
        assertThat(get(context, path).statusCode()).as("not paused").isLessThan(300);
        breaker.trip("by hand", "tester");
        context.getBean(ManualScheduler.class).advance(Duration.ofMillis(27_500));

        HttpResponse<String> answer = get(context, path);

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).hasValue("3");
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        JSONAssert.assertEquals(
                "{title: 'Trading is paused', status: 503, breaker: 'trading', state: 'OPEN', reason: 'trip'}",
                answer.body(),
                false);
        assertThat(answer.body()).contains("by hand");
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void halted_noRetryAfter(WebApplicationType type) throws Exception {
        ConfigurableApplicationContext context = shared(type);
        breaker(context).halt("kill switch", "tester");
        HttpResponse<String> answer = get(context, "/plain");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).isEmpty();
        JSONAssert.assertEquals("{state: 'HALTED', reason: 'halt'}", answer.body(), false);
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void attemptDueNow_retryAfterAtLeastOneSecond(WebApplicationType type) throws Exception {
        ConfigurableApplicationContext context = shared(type);
        breaker(context).trip("by hand", null);
        context.getBean(ManualScheduler.class).advance(Duration.ofSeconds(30).minusNanos(1));
        assertThat(get(context, "/plain").headers().firstValue("Retry-After")).hasValue("1");
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void applicationsOwnExceptionAroundRefusal_keepsItsMeaning(WebApplicationType type) throws Exception {
        ConfigurableApplicationContext context = shared(type);
        breaker(context).trip("by hand", null);
        assertThat(get(context, "/own-meaning").statusCode()).isEqualTo(409);
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void applicationsOwnAdvice_wins(WebApplicationType type) throws Exception {
        ConfigurableApplicationContext context = start(type, "", Desk.OwnAdvice.class);
        breaker(context).trip("by hand", null);
        assertThat(get(context, "/plain").statusCode()).isEqualTo(425);
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void switchedOff_noAdvice(WebApplicationType type) throws Exception {
        ConfigurableApplicationContext context = start(type, "--trading-breaker.web.enabled=off");
        breaker(context).trip("by hand", null);
        assertThat(get(context, "/plain").statusCode()).isEqualTo(500);
    }

    private static ConfigurableApplicationContext shared(WebApplicationType type) {
        ConfigurableApplicationContext context = SHARED.computeIfAbsent(type, any -> start(any, ""));
        breaker(context).reset("next test", null);
        return context;
    }

    private static ConfigurableApplicationContext start(WebApplicationType type, String argument, Class<?>... more) {
        ConfigurableApplicationContext context = new SpringApplicationBuilder(
                        Application.class, VirtualTime.class, Desk.Orders.class)
                .sources(more)
                .web(type)
                .run("--server.port=0", argument);
        OPENED.add(context);
        return context;
    }

    private static TradingBreaker breaker(ConfigurableApplicationContext context) {
        return context.getBean(BreakerRegistry.class).breaker("trading");
    }

    private HttpResponse<String> get(ConfigurableApplicationContext context, String path)
            throws IOException, InterruptedException {
        String port = context.getEnvironment().getProperty("local.server.port");
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(20))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}
}
