package io.tradingbreaker.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.TradingBreaker;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.openqa.selenium.Keys;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.util.TestSocketUtils;

/** The dashboard of servers that let nobody act, go away and come back, or have many breakers. */
@EnabledIf(value = "io.tradingbreaker.sample.Browser#isThere", disabledReason = Browser.MISSING)
class DashboardServerTests {

    private static final Logger log = LoggerFactory.getLogger(DashboardServerTests.class);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int VENUES = 20;
    private static final int NODES = 24;

    /** As much work for any browser as laying out a table of all breakers several times. */
    private static final String MANY_CELLS = """
            for (let time = 0; time < 4; time++) {
              const table = document.createElement('table');
              for (let row = 0; row < 502; row++) {
                const cells = table.insertRow();
                for (let cell = 0; cell < 8; cell++) cells.insertCell().textContent = `${time} ${row} ${cell}`;
              }
              document.body.append(table);
              table.offsetHeight;
              table.remove();
            }
            """;

    @RegisterExtension
    private static final Browser browser = new Browser();

    private final int port = TestSocketUtils.findAvailableTcpPort();

    @Test
    void readOnlyAccess_turnsEveryActionOffAndSaysWhy() {
        try (ConfigurableApplicationContext context = run("read-only")) {
            context.getBean(BreakerRegistry.class).breaker("node").halt("stop", null);
            browser.complaints();
            browser.open(port, "#breaker/node");
            browser.awaitThat("#card .title .state[data-state='HALTED']");

            assertThat(browser.count("#card .actions button, #actions-all button"))
                    .isEqualTo(8);
            assertThat(browser.count(".actions button:not([aria-disabled='true'])"))
                    .isZero();
            assertThat(browser.text("#hint-card")).startsWith("Read-only: ");
            browser.tabTo("#card [data-action='resume']");
            browser.press(Keys.ENTER);
            assertThat(browser.count("dialog[open]")).isZero();
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void insideAnotherPage_everyActionIsOff() {
        try (ConfigurableApplicationContext context = run("unrestricted")) {
            context.getBean(BreakerRegistry.class).breaker("node").trip("drift", null);
            browser.openFramed(port, "#breaker/node");
            browser.awaitThat("#card .title .state[data-state='OPEN']");

            assertThat(browser.count("#card .actions button, #actions-all button"))
                    .isEqualTo(8);
            assertThat(browser.count(".actions button:not([aria-disabled='true'])"))
                    .isZero();
            assertThat(browser.text("#hint-card")).startsWith("This page is inside another one");
        }
    }

    @Test
    void csrfTokenInItsCookie_isSentBack() {
        try (ConfigurableApplicationContext context = run("unrestricted")) {
            browser.open(port, "#breaker/node");
            browser.run("document.cookie = 'XSRF-TOKEN=a%2Bb; path=/'");
            browser.awaitThat("#card [data-action='halt']:not([aria-disabled])").click();
            browser.press("stop");
            browser.press(Keys.ENTER);
            browser.awaitThat("#card .title .state[data-state='HALTED']");

            assertThat(context.getBean(Tokens.class).seen).containsExactly("a+b");
        }
    }

    @Test
    void serverThatGoesAndComesBack_isStaleAndThenLiveAgain() {
        try (ConfigurableApplicationContext context = run("unrestricted")) {
            context.getBean(BreakerRegistry.class).breaker("node").trip("before", null);
            browser.open(port, "#breaker/node");
            browser.awaitThat("#card .title .state[data-state='OPEN']");
            browser.awaitText("#link", "^Live$");
        }
        browser.awaitThat("body[data-stale]");
        browser.awaitText("#link", "^Stale$");
        browser.awaitText("#banner-text", "^Stale: the server has not answered since ");
        browser.awaitText("#banner-age", "^What you see is .+ old\\.$");

        try (ConfigurableApplicationContext context = run("unrestricted")) {
            browser.awaitThat("body:not([data-stale])");
            browser.awaitThat("#card .title .state[data-state='CLOSED']");
            context.getBean(BreakerRegistry.class).breaker("node").halt("after", null);
            browser.awaitThat("#card .title .state[data-state='HALTED']");
            assertThat(browser.count("#banner:not([hidden])")).isZero();
        }
    }

    @Test
    void fiveHundredBreakers_areShownWithoutMuchWork() {
        try (ConfigurableApplicationContext context = run("unrestricted", manyBreakers())) {
            BreakerRegistry registry = context.getBean(BreakerRegistry.class);
            registry.breakers().forEach(DashboardServerTests::call);
            registry.breaker("node-7x3").halt("stop", null);
            browser.open(port, "");
            browser.awaitThat("#rows tr a[href='#breaker/node-7x3']");

            assertThat(browser.text("#list-title")).isEqualTo("Breakers (502, 1 not closed)");
            assertThat(browser.count("#rows tr")).isEqualTo(50);
            assertThat(browser.text("#rows tr"))
                    .as("the venue of the one in trouble")
                    .contains("venue-7");
            Number paint = (Number)
                    browser.run("return performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? -1");
            double began = browser.mainThreadSeconds();
            int refreshes = 6;
            for (int i = 0; i < refreshes; i++) {
                registry.breakers().forEach(DashboardServerTests::call);
                String before = browser.text("#rows");
                await().atMost(PATIENCE).until(() -> !browser.text("#rows").equals(before));
            }
            double each = (browser.mainThreadSeconds() - began) * 1000 / refreshes;
            double yardstick = browser.mainThreadSeconds();
            browser.run(MANY_CELLS);
            yardstick = (browser.mainThreadSeconds() - yardstick) * 1000;
            log.info(
                    "502 breakers: first paint after {} ms, {} ms of the main thread a refresh; yardstick {} ms",
                    paint,
                    each,
                    yardstick);
            assertThat(each).isLessThan(yardstick / 3);

            browser.run("document.getElementById('search').focus()");
            browser.press("node-13x1");
            await().atMost(PATIENCE).until(() -> browser.count("#rows tr") == 1 + 1 + 10);
            browser.run(
                    "document.getElementById('search').value = ''; document.getElementById('search').dispatchEvent(new Event('input')); document.getElementById('more').click()");
            await().atMost(PATIENCE).until(() -> browser.count("#rows tr") == 502);
        }
    }

    private static void call(TradingBreaker breaker) {
        try {
            breaker.call(() -> "done");
        } catch (Exception e) {
            // Some are halted.
        }
    }

    private static List<String> manyBreakers() {
        return IntStream.range(0, VENUES * NODES)
                .boxed()
                .flatMap(i -> Stream.of(
                        "trading-breaker.breakers.venue-" + i / NODES + ".percentile=90",
                        "trading-breaker.breakers.node-" + i / NODES + "x" + i % NODES + ".parent=venue-" + i / NODES))
                .toList();
    }

    private ConfigurableApplicationContext run(String access) {
        return run(access, List.of());
    }

    private ConfigurableApplicationContext run(String access, List<String> properties) {
        return new SpringApplicationBuilder(Server.class)
                .properties(
                        "spring.config.location=optional:classpath:/none/",
                        "server.address=127.0.0.1",
                        "server.port=" + port,
                        "management.endpoints.web.exposure.include=tradingdashboard,circuitbreaker",
                        "management.endpoint.circuitbreaker.access=" + access,
                        "trading-breaker.breakers.node.percentile=99",
                        // What is open stays so, and a machine that stands still opens nothing.
                        "trading-breaker.defaults.recovery-timeout=1d",
                        "trading-breaker.defaults.local-pause-limit=0")
                .properties(properties.toArray(String[]::new))
                .run();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Server {

        @Bean
        Tokens tokens() {
            return new Tokens();
        }
    }

    /** Notes the CSRF tokens of all POSTs. */
    static final class Tokens implements Filter {

        final List<String> seen = new CopyOnWriteArrayList<>();

        @Override
        public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            HttpServletRequest http = (HttpServletRequest) request;
            if (http.getMethod().equals("POST")) {
                seen.add(String.valueOf(http.getHeader("X-XSRF-TOKEN")));
            }
            chain.doFilter(request, response);
        }
    }
}
