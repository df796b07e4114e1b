package io.tradingbreaker.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradingbreaker.BreakerConfig;
import io.tradingbreaker.BreakerMode;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.BreakerState;
import io.tradingbreaker.TradingBreaker;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;

/** What a body may hold besides what an action knows: nothing. The same on every web stack. */
abstract class AbstractOrderKeysTests {

    private static final String ALL = "/circuitbreaker";
    private static final String NODE = "/circuitbreaker/node";
    private static final List<String> KEYS = List.of("action", "reason", "actor");
    private static final List<String> DRILL_KEYS = List.of("action", "reason", "actor", "confirm", "duration");

    @Autowired
    private BreakerRegistry registry;

    @Value("${local.server.port}")
    private int port;

    private TradingBreaker node;

    @BeforeEach
    void freshBreakers() {
        registry.reset("", null);
        registry.breakers().forEach(breaker -> breaker.mode(BreakerMode.ENFORCE));
        node = registry.breaker("node");
    }

    @ParameterizedTest
    @ValueSource(strings = {"trip", "halt", "observe", "drill"})
    void unknownKey_isRefusedByNameAndNothingIsDone(String action) throws Exception {
        for (String path : List.of(ALL, NODE)) {
            HttpAnswer answer = post(path, "{\"action\": \"" + action + "\", \"breaker\": \"node\"}");

            assertRefused(answer, "'breaker' is no key of " + action + ": nothing was done");
            assertThat(answer.body()).containsEntry("allowed", action.equals("drill") ? DRILL_KEYS : KEYS);
            assertUntouched();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"resume", "reset"})
    void unknownKey_endsNoHalt(String action) throws Exception {
        registry.halt("stop", null);

        for (String path : List.of(ALL, NODE)) {
            assertRefused(
                    post(path, "{\"action\": \"" + action + "\", \"breaker\": \"node\"}"),
                    "'breaker' is no key of " + action + ": nothing was done");
        }

        assertThat(registry.breakers()).allMatch(breaker -> breaker.state() == BreakerState.HALTED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"action\": \"trip\", \"duration\": \"5s\"} | 'duration'",
                "{\"action\": \"halt\", \"confirm\": \"node\"} | 'confirm'",
                "{\"action\": \"trip\", \"breaker\": null} | 'breaker'",
                "{\"action\": \"trip\", \"Name\": \"node\"} | 'Name'",
                "{\"action\": \"trip\", \"caller\": \"bob\"} | 'caller'",
                "{\"action\": \"trip\", \"others\": \"x\"} | 'others'",
                "{\"action\": \"trip\", \"window-size\": \"5\"} | 'window-size'",
                "{\"action\": \"trip\", \"\": \"x\"} | one of the keys",
                "{\"action\": \"trip\", \"<script>\": \"x\"} | one of the keys",
            })
    void keyOfNoneOrOfAnotherAction_isRefused(String body, String key) throws Exception {
        for (String path : List.of(ALL, NODE)) {
            assertRefused(post(path, body), key + " is no key of ");
            assertUntouched();
        }
    }

    @Test
    void hugeKeyOrValue_isRefusedAndNotRepeated() throws Exception {
        for (String body : List.of(
                "{\"action\": \"halt\", \"" + "k".repeat(100_000) + "\": \"x\"}",
                "{\"action\": \"halt\", \"breaker\": \"" + "x".repeat(1_000_000) + "\"}")) {
            HttpAnswer answer = post(NODE, body);

            // WebFlux reads 256 KiB at most, and says so in its own words.
            assertThat(answer.status()).isIn(400, 413);
            assertThat(answer.body().toString()).hasSizeLessThan(500);
            assertUntouched();
        }
    }

    @Test
    void unknownKeyInTheQuery_isRefused() throws Exception {
        assertRefused(post(ALL + "?breaker=node", "{\"action\": \"trip\"}"), "'breaker' is no key of trip");
        assertUntouched();
    }

    @ParameterizedTest
    @ValueSource(strings = {"node", "trading"})
    void keyThatIsCalledLikeThePartOfThePath_hitsNothing(String name) throws Exception {
        for (String path : List.of(NODE, ALL)) {
            for (String order : List.of("\"action\": \"trip\"", "\"action\": \"retune\", \"window-size\": \"500\"")) {
                HttpAnswer inBody = post(path, "{" + order + ", \"breakerName\": \"" + name + "\"}");
                HttpAnswer inQuery = post(path + "?breakerName=" + name, "{" + order + "}");
                HttpAnswer twice = post(path + "?breakerName=" + name + "&breakerName=node", "{" + order + "}");

                assertThat(List.of(inBody.status(), inQuery.status(), twice.status()))
                        .containsOnly(400);
                assertThat(inBody.body()).containsOnlyKeys("error", "allowed");
                assertUntouched();
            }
        }
        assertThat(registry.breakers())
                .allMatch(breaker -> breaker.config().windowSize() == BreakerConfig.DEFAULT.windowSize());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/circuitbreaker/",
                "/circuitbreaker//",
                "/circuitbreaker/node/audit",
                "/circuitbreaker/node/node"
            })
    void pathOfNoneOrMoreThanOneName_hitsNothing(String path) throws Exception {
        assertThat(post(path, "{\"action\": \"halt\"}").status()).isIn(400, 404, 405);
        assertUntouched();
    }

    @Test
    void keysThatAnActionKnows_areTaken() throws Exception {
        assertThat(post(NODE, "{\"action\": \"trip\", \"reason\": null, \"actor\": \"\", \"name\": \"node\"}")
                        .status())
                .isEqualTo(200);
        assertThat(post(NODE, "{\"action\": \"reset\", \"confirm\": \"\", \"duration\": \" \"}")
                        .status())
                .isEqualTo(200);
        assertThat(post(NODE, "{\"action\": \"drill\", \"confirm\": \"node\", \"duration\": \"2s\", \"reason\": \"x\"}")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void refusedOrder_isInTheAuditTrail() throws Exception {
        post(NODE, "{\"action\": \"trip\", \"breaker\": \"node\", \"actor\": \"alice\"}");

        Map<?, ?> newest = (Map<?, ?>)
                ((List<?>) HttpAnswer.get(port, NODE + "/audit?limit=1").body().get("events")).get(0);
        assertThat(newest.get("data").toString())
                .contains("result=refused", "'breaker' is no key of trip: nothing was done");
    }

    private void assertUntouched() {
        assertThat(registry.breakers())
                .allMatch(breaker -> breaker.state() == BreakerState.CLOSED)
                .allMatch(breaker -> breaker.mode() == BreakerMode.ENFORCE);
        assertThat(node.state()).isEqualTo(BreakerState.CLOSED);
    }

    private static void assertRefused(HttpAnswer answer, String error) {
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).containsOnlyKeys("error", "allowed");
        assertThat(answer.body().get("error")).asString().contains(error).hasSizeLessThan(200);
    }

    private HttpAnswer post(String path, String json) throws Exception {
        return HttpAnswer.post(port, path, json);
    }
}
