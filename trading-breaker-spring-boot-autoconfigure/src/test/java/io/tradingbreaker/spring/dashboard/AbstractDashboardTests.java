package io.tradingbreaker.spring.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.test.ManualScheduler;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.json.JsonParserFactory;
import org.springframework.context.ConfigurableApplicationContext;

/** The page, its files and what it shows; the same on every web stack. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class AbstractDashboardTests {

    private static final String PAGE = "/actuator/tradingdashboard";
    private static final Pattern LINK = Pattern.compile("(?:src|href)=\"([^\"#][^\"]*)\"|from '\\./([^']+)'");

    private final String type;
    private ConfigurableApplicationContext context;
    private int port;

    AbstractDashboardTests(String type) {
        this.type = type;
    }

    @BeforeAll
    void run() {
        context = DashboardApplication.run(type, DashboardApplication.EXPOSED);
        port = DashboardApplication.port(context);
    }

    @AfterAll
    void close() {
        context.close();
    }

    @Test
    void page_isHtmlThatForbidsWhateverItDoesNotNeed() throws Exception {
        HttpResponse<String> page = DashboardApplication.get(
                port, PAGE, "Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(type(page)).isEqualTo("text/html;charset=utf-8");
        assertThat(page.body())
                .contains("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'")
                .doesNotContain("{{", "unsafe", "<style", " style=", "javascript:")
                .doesNotContainPattern("<script(?![^>]* src=)")
                .doesNotContainPattern("\\son[a-z]+=")
                .doesNotContainPattern("(src|href)=\"(/|[a-z]+:)");
    }

    @Test
    void everyFileThatThePageNeeds_isThereInItsType() throws Exception {
        Map<String, String> types =
                Map.of("js", "text/javascript;charset=utf-8", "css", "text/css;charset=utf-8", "svg", "image/svg+xml");
        Set<String> seen = new TreeSet<>();
        Queue<String> wanted = new ArrayDeque<>(List.of(PAGE));
        while (!wanted.isEmpty()) {
            String path = wanted.remove();
            if (path.endsWith("/circuitbreaker") || !seen.add(path)) {
                continue;
            }
            HttpResponse<String> answer = DashboardApplication.get(port, path);
            assertThat(answer.statusCode()).as(path).isEqualTo(200);
            if (!path.equals(PAGE)) {
                assertThat(type(answer)).as(path).isEqualTo(types.get(path.substring(path.lastIndexOf('.') + 1)));
            }
            assertThat(answer.body()).as(path).isNotBlank();
            if (!path.contains("uPlot")) {
                Matcher links = LINK.matcher(answer.body());
                while (links.find()) {
                    wanted.add(URI.create(path)
                            .resolve(links.group(1) == null ? links.group(2) : links.group(1))
                            .getPath());
                }
            }
        }
        assertThat(seen)
                .contains(PAGE + "/uPlot.iife.min.js", PAGE + "/chart.js")
                .hasSizeGreaterThan(12);
    }

    @Test
    void chartLibrary_comesWithItsLicence() throws Exception {
        assertThat(DashboardApplication.get(port, PAGE + "/LICENSE").body())
                .contains("The MIT License", "Leon Sorokin");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/none.js",
                "/Main.js",
                "/page.html",
                "/Assets.class",
                "/..%2fapplication.yml",
                "/%2e%2e%2f%2e%2e%2fMETA-INF%2fMANIFEST.MF",
                "/uplot%2fLICENSE",
                "/main.js%00",
                "/state/node"
            })
    void anythingElse_isNotFound(String path) throws Exception {
        HttpResponse<String> answer = DashboardApplication.get(port, PAGE + path);

        assertThat(answer.statusCode()).isIn(400, 404);
        assertThat(answer.body()).doesNotContain("import", "Manifest", "MIT");
    }

    @Test
    void state_showsEveryBreakerAndOneInFull() throws Exception {
        context.getBean(BreakerRegistry.class).breaker("node").trip("<b>drift</b>", null);
        context.getBean(ManualScheduler.class).advance(Duration.ofSeconds(4));

        HttpResponse<String> answer = DashboardApplication.get(port, PAGE + "/state?breaker=node&from=0&since=x");
        assertThat(type(answer)).isEqualTo("application/json");
        Map<String, Object> state = json(answer);

        assertThat(state).containsEntry("complete", true).containsEntry("interval", 2000);
        assertThat(((List<?>) state.get("rows")).stream().map(row -> (String) ((List<?>) row).get(0)))
                .containsExactly("node", "trading", "venue");
        assertThat(((Map<?, ?>) state.get("view")).get("state")).isEqualTo("OPEN");
        assertThat((String) ((Map<?, ?>) ((Map<?, ?>) state.get("trace")).get("columns")).get("states"))
                .matches("-*O+");
        assertThat(((Map<?, ?>) state.get("actions")).get("allowed")).isEqualTo(false);
        assertThat(json(DashboardApplication.get(port, PAGE + "/state?since=" + state.get("version"))))
                .containsEntry("complete", false)
                .containsEntry("trace", null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"breaker=vanue", "breaker=%3Cscript%3E", "from=x&since=%00", "breaker=&from=-1"})
    void nonsense_makesNoBreakerAndNoError(String query) throws Exception {
        HttpResponse<String> answer = DashboardApplication.get(port, PAGE + "/state?" + query);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(json(answer)).containsEntry("view", null).containsEntry("trace", null);
        assertThat(context.getBean(BreakerRegistry.class).breakers()).hasSize(3);
    }

    private static Map<String, Object> json(HttpResponse<String> answer) {
        return JsonParserFactory.getJsonParser().parseMap(answer.body());
    }

    private static String type(HttpResponse<String> answer) {
        return answer.headers()
                .firstValue("Content-Type")
                .orElse("")
                .toLowerCase(Locale.ROOT)
                .replace("; ", ";");
    }
}
