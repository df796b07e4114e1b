package io.tradingbreaker.spring.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.json.JsonParserFactory;
import org.springframework.context.ConfigurableApplicationContext;

/** Where the dashboard may be found, and what it may do there. */
class DashboardPlacesTests {

    private static final Pattern SCRIPT = Pattern.compile("src=\"([^\"]+main\\.js)\"");
    private static final Pattern BREAKERS = Pattern.compile("data-breakers=\"([^\"]+)\"");

    @ParameterizedTest
    @CsvSource({
        "servlet, /ops/tradingdashboard, --management.endpoints.web.base-path=/ops",
        "reactive, /tradingdashboard, --management.endpoints.web.base-path=/",
        "servlet, /desk/actuator/tradingdashboard, --server.servlet.context-path=/desk",
        "reactive, /desk/actuator/tradingdashboard, --spring.webflux.base-path=/desk",
        "servlet, /actuator/a/dash, --management.endpoints.web.path-mapping.tradingdashboard=a/dash",
        "reactive, /actuator/tradingdashboard, --management.endpoints.web.path-mapping.circuitbreaker=x/breakers",
    })
    void whereverItIs_findsItsFilesAndTheBreakers(String type, String path, String argument) throws Exception {
        try (ConfigurableApplicationContext context =
                DashboardApplication.run(type, DashboardApplication.EXPOSED, argument)) {
            assertIsWhole(DashboardApplication.port(context), path);
        }
    }

    // On this class path, with two servers, only a servlet application can have a second port.
    @Test
    void managementPort_hasTheDashboard() throws Exception {
        try (ConfigurableApplicationContext context = DashboardApplication.run(
                "servlet",
                DashboardApplication.EXPOSED,
                "--management.server.port=0",
                "--management.server.address=127.0.0.1")) {
            int port = context.getEnvironment().getRequiredProperty("local.management.port", Integer.class);
            assertThat(port).isNotEqualTo(DashboardApplication.port(context));
            assertIsWhole(port, "/actuator/tradingdashboard");
        }
    }

    private static void assertIsWhole(int port, String path) throws Exception {
        String page = DashboardApplication.get(port, path).body();
        for (Pattern link : new Pattern[] {SCRIPT, BREAKERS}) {
            Matcher found = link.matcher(page);
            assertThat(found.find()).as(page).isTrue();
            String target = URI.create(path).resolve(found.group(1)).getPath();
            assertThat(DashboardApplication.get(port, target).statusCode())
                    .as(target)
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "tradingdashboard, unrestricted, false, not exposed",
        "'tradingdashboard,circuitbreaker', read-only, false, not unrestricted",
        "'tradingdashboard,circuitbreaker', unrestricted, true, ''",
    })
    void actions_areThoseOfTheBreakersEndpoint(String exposed, String access, boolean allowed, String why)
            throws Exception {
        try (ConfigurableApplicationContext context = DashboardApplication.run(
                "servlet",
                "--management.endpoints.web.exposure.include=" + exposed,
                "--management.endpoint.circuitbreaker.access=" + access)) {
            HttpResponse<String> state =
                    DashboardApplication.get(DashboardApplication.port(context), "/actuator/tradingdashboard/state");
            Map<?, ?> actions = (Map<?, ?>)
                    JsonParserFactory.getJsonParser().parseMap(state.body()).get("actions");
            assertThat(actions.get("allowed")).isEqualTo(allowed);
            assertThat((String) actions.get("why")).contains(why);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--management.endpoints.web.exposure.exclude=tradingdashboard",
                "--management.endpoint.tradingdashboard.access=none",
                "--trading-breaker.dashboard.enabled=no",
                "--trading-breaker.enabled=false"
            })
    void switchedOff_neitherServesNorSamples(String argument) throws Exception {
        try (ConfigurableApplicationContext context =
                DashboardApplication.run("servlet", DashboardApplication.EXPOSED, argument)) {
            assertThat(DashboardApplication.get(DashboardApplication.port(context), "/actuator/tradingdashboard")
                            .statusCode())
                    .isEqualTo(404);
            assertThat(context.getBeansOfType(TradingDashboardEndpoint.class)).isEmpty();
        }
    }

    @Test
    void lazyApplication_samplesAllTheSame() {
        try (ConfigurableApplicationContext context = DashboardApplication.run(
                "servlet", DashboardApplication.EXPOSED, "--spring.main.lazy-initialization=true")) {
            assertThat(context.getBeanFactory().containsSingleton("tradingDashboardEndpoint"))
                    .isTrue();
        }
    }
}
