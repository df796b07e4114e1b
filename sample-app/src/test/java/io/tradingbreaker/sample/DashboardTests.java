package io.tradingbreaker.sample;

import static io.tradingbreaker.BreakerState.CLOSED;
import static io.tradingbreaker.BreakerState.HALTED;
import static io.tradingbreaker.BreakerState.OPEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.Keys;
import org.springframework.beans.factory.annotation.Value;

/**
 * The dashboard of the running service in a real browser. With {@code -Dscreenshots=FOLDER} the last test of all writes
 * the README's pictures.
 */
@EnabledIf(value = "io.tradingbreaker.sample.Browser#isThere", disabledReason = Browser.MISSING)
class DashboardTests extends AbstractServiceTests {

    private static final String STATE = "#card .title .state[data-state='%s']";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @RegisterExtension
    private static final Browser browser = new Browser();

    @Value("${local.server.port}")
    int port;

    @AfterEach
    void browserHasNothingToComplainOf() {
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void spike_isSeenLive() throws Exception {
        browser.open(port, "#breaker/node");
        browser.awaitThat(STATE.formatted("CLOSED"));
        await().atMost(PATIENCE).until(() -> browser.pixels("--p99") > 0);

        service.play("spike");

        browser.awaitThat(STATE.formatted("OPEN"));
        browser.awaitText("#summary", "node");
        browser.awaitText("#card .reason", "^(percentile|consecutive): .+");
        await().atMost(PATIENCE).until(() -> browser.pixels("--open") > 0);
        service.play("normal");
        await().atMost(PATIENCE).until(() -> browser.text("#summary").startsWith("Trading: all"));
    }

    @Test
    void pageOpenedAfterTheIncident_stillShowsIt() throws Exception {
        service.play("spike");
        await().atMost(PATIENCE).until(() -> node.state() == OPEN);
        service.play("normal");
        await().atMost(PATIENCE).until(() -> node.state() == CLOSED);

        browser.open(port, "#breaker/node");

        browser.awaitThat(STATE.formatted("CLOSED"));
        await().atMost(PATIENCE).until(() -> browser.pixels("--open") > 0);
        browser.awaitText(".transitions tbody", "Open");
        browser.awaitText(".transitions tbody", "Half-open");
        browser.awaitText(".chart .hint", "not closed");
    }

    @Test
    void haltAndResume_byKeyboardAlone() {
        browser.open(port, "#breaker/node");
        browser.awaitThat("#card [data-action='halt']:not([aria-disabled])");
        browser.tabTo("#card [data-action='halt']");
        browser.press(Keys.ENTER);
        assertThat(browser.text("#dialog-hit")).isEqualTo("Hits node.");
        browser.press("fat finger");
        browser.press(Keys.TAB);
        browser.press("alice");
        browser.press(Keys.ENTER);

        browser.awaitThat(STATE.formatted("HALTED"));
        assertThat(node.state()).isEqualTo(HALTED);
        assertThat(node.snapshot().transitions().get(0).actor()).isEqualTo("alice (unverified)");
        assertThat(browser.text("#card .reason")).contains("fat finger", "alice");
        assertThat(browser.run("return document.activeElement.dataset.action")).isEqualTo("halt");

        browser.tabTo("#card [data-action='resume']:not([aria-disabled])");
        browser.press(Keys.ENTER);
        browser.press("all clear");
        browser.press(Keys.ENTER);

        await().atMost(PATIENCE).until(() -> node.state() == CLOSED);
        browser.awaitThat(STATE.formatted("CLOSED"));
        browser.awaitText(".transitions tbody", "all clear");
        browser.awaitText(".transitions tbody", "fat finger");
    }

    @Test
    void breakerOfAKey_isOperated_andLeavesThePageWhenItIsGone() {
        String name = "node:fra1.example.com";
        breakers.keyed("node").of("fra1.example.com").halt("fat finger", "alice");
        browser.open(port, "#breaker/" + name);

        browser.awaitThat(STATE.formatted("HALTED"));
        assertThat(browser.text("#card-title")).isEqualTo(name);
        assertThat(browser.count("#rows a[href='#breaker/" + name + "']")).isOne();
        browser.tabTo("#card [data-action='reset']:not([aria-disabled])");
        browser.press(Keys.ENTER);
        assertThat(browser.text("#dialog-hit")).isEqualTo("Hits " + name + ".");
        browser.press("all clear");
        browser.press(Keys.ENTER);

        await().atMost(PATIENCE).until(() -> breakers.find(name) == null);
        await().atMost(PATIENCE).until(() -> browser.count("#rows a[href='#breaker/" + name + "']") == 0);
        await().atMost(PATIENCE).until(() -> !browser.text("#card-title").equals(name));
        browser.awaitText("#gone:not([hidden])", "^There is no breaker " + name + " now; what is shown is ");

        breakers.keyed("node").of("fra1.example.com").halt("here again", "alice");
        browser.awaitThat("#gone[hidden]");
        choose(name);
        assertThat(browser.text("#card-title")).isEqualTo(name);
    }

    @Test
    void linkToABreakerThatIsGone_saysSoUntilOneIsChosen() {
        browser.open(port, "#breaker/node:nobody.example.com");
        browser.awaitThat("#gone:not([hidden])");

        choose("venue");

        browser.awaitThat("#gone[hidden]");
        assertThat(browser.text("#card-title")).isEqualTo("venue");
    }

    @Test
    void escapeKey_leavesTheDialogWithoutDoingAnything() {
        browser.open(port, "#breaker/node");
        browser.awaitThat("#actions-all [data-action='halt']:not([aria-disabled])");
        browser.tabTo("#actions-all [data-action='halt']");
        browser.press(Keys.ENTER);
        assertThat(browser.text("#dialog-hit"))
                .contains("node", "quotes-a", "venue", "and every breaker that is made later");
        browser.press(Keys.ESCAPE);

        assertThat(browser.count("dialog[open]")).isZero();
        assertThat(breakers.breakers()).allMatch(breaker -> breaker.state() != HALTED);
    }

    @Test
    void markup_isShownAsText() {
        String markup = "<img src=x onerror=\"document.title='owned'\"><b>bold</b>";
        node.halt(markup, "<script>alert(1)</script>");

        browser.open(port, "#breaker/node");

        browser.awaitThat(STATE.formatted("HALTED"));
        assertThat(browser.text("#card .reason")).contains(markup, "<script>alert(1)</script>");
        assertThat(browser.text(".transitions tbody")).contains(markup);
        assertThat(browser.count("#card img, #card b b, #card script, #rows img"))
                .isZero();
        assertThat((String) browser.run("return document.title")).contains("Trading Breaker");
    }

    @Test
    void actionThatTheStateForbids_isOffAndSaysWhy() {
        browser.open(port, "#breaker/node");
        browser.awaitThat("#card [data-action='resume'][aria-disabled='true']");
        browser.tabTo("#card [data-action='resume']");
        browser.press(Keys.ENTER);

        assertThat(browser.count("dialog[open]")).isZero();
        assertThat(browser.text("#hint-card")).contains("Resume is for what is halted");
    }

    @ParameterizedTest
    @CsvSource({"light, 1440, 900", "dark, 1440, 900", "light, 1280, 900", "light, 390, 844", "dark, 390, 844"})
    void everyLook_hasNoBarriers(String scheme, int width, int height) throws IOException {
        browser.look(scheme, width, height);
        breakers.breaker("venue").halt("maintenance", "alice");
        node.trip("drift", null);
        breakers.keyed("node").of("a-host-in-a-region.eu-central-1.example.com").trip("drift", null);
        browser.open(port, "#breaker/venue");
        browser.awaitThat(STATE.formatted("HALTED"));
        await().atMost(PATIENCE).until(() -> browser.count(".transitions tbody td") > 1);

        assertThat(browser.barriers()).isEmpty();
        assertThat((long) browser.run("return document.documentElement.scrollWidth - innerWidth"))
                .as("nothing to scroll sideways")
                .isNotPositive();
        assertThat(
                        (long)
                                browser.run(
                                        "const list = document.querySelector('#list');"
                                                + "return Math.ceil(list.querySelector('table').getBoundingClientRect().right - list.getBoundingClientRect().right)"))
                .as("the list is no wider than its place")
                .isNegative();

        browser.run("document.querySelector('#card [data-action=\"resume\"]').click()");
        browser.awaitThat("dialog[open]");
        assertThat(browser.barriers()).isEmpty();
        if (width < 600) {
            assertThat(
                            (long)
                                    browser.run(
                                            "return [...document.querySelectorAll('button, .tick, #search')].filter((one) => one.offsetHeight > 0 && one.offsetHeight < 44).length"))
                    .as("targets too small for a thumb")
                    .isZero();
        }
    }

    @Test
    void pictures_areMadeOnRequest() throws Exception {
        String folder = System.getProperty("screenshots");
        assumeTrue(folder != null, "-Dscreenshots=FOLDER writes the pictures");
        pass(Duration.ofSeconds(80)); // of calm, so that the incident stands out
        breakers.breaker("trading").reset("a pause of this machine is not what is to be shown", null);
        service.play("spike");
        await().atMost(PATIENCE).until(() -> node.state() == OPEN);
        pass(Duration.ofSeconds(14));
        for (String scheme : new String[] {"light", "dark"}) {
            browser.look(scheme, 1440, 1000);
            browser.open(port, "#breaker/node");
            browser.awaitThat(STATE.formatted("OPEN"));
            awaitFigures();
            browser.picture(Path.of(folder, "dashboard-" + scheme + ".png"), 1440, 1000);
        }
        browser.look("light", 390, 844);
        browser.open(port, "#breaker/node");
        awaitFigures();
        browser.picture(Path.of(folder, "dashboard-phone.png"), 390, 1466);
    }

    private static void choose(String name) {
        browser.run("document.querySelector('#rows a[href=\"#breaker/" + name + "\"]').click()");
    }

    private static void awaitFigures() {
        await().atMost(PATIENCE).until(() -> browser.pixels("--open") > 0);
        await().atMost(PATIENCE)
                .until(() -> !browser.text("[data-figure='Calls/s'] dd").equals("–"));
    }

    private static void pass(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        await().atMost(time.plusSeconds(20)).until(() -> System.nanoTime() - end > 0);
    }
}
