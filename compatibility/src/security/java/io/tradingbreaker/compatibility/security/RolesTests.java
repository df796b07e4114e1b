package io.tradingbreaker.compatibility.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.BreakerState;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.Transition;
import io.tradingbreaker.compatibility.TradingApplication;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** The README's table of who may do what, cell by cell. */
@ExtendWith(OutputCaptureExtension.class)
@SpringBootTest(
        classes = {TradingApplication.class, SecuredActuator.class, Users.class},
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.main.web-application-type=servlet",
            "management.endpoints.web.exposure.include=circuitbreaker,tradingdashboard",
            "management.endpoint.circuitbreaker.access=unrestricted"
        })
class RolesTests {

    private static final String ALL = "/actuator/circuitbreaker";
    private static final String NODE = ALL + "/node";
    private static final String HALT = "{\"action\": \"halt\", \"reason\": \"drift\", \"actor\": \"root\"}";

    @Autowired
    private BreakerRegistry registry;

    @Value("${local.server.port}")
    private int port;

    private TradingBreaker node;

    @BeforeEach
    void closedBreakers() {
        node = registry.breaker("node");
        registry.reset("next test", null);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "anonymous",
            textBlock =
                    """
                    anonymous, /actuator/circuitbreaker,      401
                    anonymous, /actuator/circuitbreaker/node, 401
                    anonymous, /actuator/circuitbreaker/nope, 401
                    anonymous, /actuator/tradingdashboard,    401
                    stranger,  /actuator/circuitbreaker,      403
                    stranger,  /actuator/circuitbreaker/node, 403
                    stranger,  /actuator/tradingdashboard,    403
                    reader,    /actuator/circuitbreaker,      200
                    reader,    /actuator/circuitbreaker/node, 200
                    reader,    /actuator/circuitbreaker/nope, 404
                    reader,    /actuator/tradingdashboard,    200
                    reader,    /actuator/tradingdashboard/state, 200
                    operator,  /actuator/circuitbreaker,      200
                    operator,  /actuator/circuitbreaker/node, 200
                    """)
    void looking_isForReadersAndOperators(String user, String path, int status) throws Exception {
        assertThat(new Caller(port, user).get(path).statusCode()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "anonymous",
            textBlock =
                    """
                    anonymous, /actuator/circuitbreaker,      401
                    anonymous, /actuator/circuitbreaker/node, 401
                    stranger,  /actuator/circuitbreaker,      403
                    stranger,  /actuator/circuitbreaker/node, 403
                    reader,    /actuator/circuitbreaker,      403
                    reader,    /actuator/circuitbreaker/node, 403
                    operator,  /actuator/circuitbreaker,      200
                    operator,  /actuator/circuitbreaker/node, 200
                    """)
    void acting_isForOperators(String user, String path, int status) throws Exception {
        assertThat(new Caller(port, user).post(path, HALT).statusCode()).isEqualTo(status);

        assertThat(node.state()).isEqualTo(status == 200 ? BreakerState.HALTED : BreakerState.CLOSED);
    }

    @ParameterizedTest
    @CsvSource(nullValues = "anonymous", value = {"anonymous", "stranger", "reader", "operator"})
    void actingWithoutTheToken_isForNobody(String user) throws Exception {
        for (String path : new String[] {ALL, NODE}) {
            assertThat(new Caller(port, user).postWithoutToken(path, HALT).statusCode())
                    .isEqualTo(403);
        }
        assertThat(node.state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void unknownUser_isRefused() throws Exception {
        assertThat(new Caller(port, "nobody").post(NODE, HALT).statusCode()).isEqualTo(401);
        assertThat(node.state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void actor_isThePrincipalWhateverTheBodySays() throws Exception {
        HttpResponse<String> answer = new Caller(port, "operator").post(NODE, HALT);

        assertThat(Caller.latestTransition(answer)).containsEntry("actor", "operator");
    }

    @Test
    void nameAndReasonOfAForger_areOneBoundedLineEach(CapturedOutput log) throws Exception {
        String reason = "fat finger\\r\\nERROR forged " + "y".repeat(5_000);
        HttpResponse<String> answer = new Caller(port, Users.FORGER)
                .post(NODE, "{\"action\": \"halt\", \"reason\": \"" + reason + "\"}");

        assertThat(answer.statusCode()).isEqualTo(200);
        Transition halt = node.snapshot().transitions().get(0);
        assertThat(halt.actor()).startsWith("mallory 2026").hasSizeLessThanOrEqualTo(200);
        assertThat(halt.reason().message())
                .startsWith("fat finger  ERROR forged")
                .hasSizeLessThanOrEqualTo(200);
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(log).contains("by mallory 2026"));
        assertThat(log.toString().lines()).noneMatch(line -> line.startsWith("2026-01-01") || line.startsWith("ERROR"));
    }
}
