package io.tradingbreaker.sample.jupiter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tradingbreaker.BreakerConfig;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.BreakerState;
import io.tradingbreaker.Intent;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.TradingPausedException;
import io.tradingbreaker.sample.node.NodeBusyException;
import io.tradingbreaker.sample.node.NodeException;
import io.tradingbreaker.sample.node.NodeRefusedException;
import io.tradingbreaker.sample.node.NodeSilentException;
import io.tradingbreaker.test.ManualScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.web.client.RestClient;

class EndpointsTests {

    private final ManualScheduler time = new ManualScheduler();
    private final BreakerRegistry breakers = BreakerRegistry.builder()
            .clock(time.clock())
            .scheduler(time)
            .breaker("venue", BreakerConfig.builder().build())
            .breaker("quotes-a", config(Duration.ofSeconds(30)))
            .breaker("quotes-b", config(Duration.ofSeconds(10)))
            .build();
    private final TradingBreaker a = breakers.breaker("quotes-a");
    private final TradingBreaker b = breakers.breaker("quotes-b");
    private final RestClient httpA = RestClient.create();
    private final RestClient httpB = RestClient.create();
    private final Endpoints endpoints = new Endpoints(List.of(new Endpoint(a, httpA), new Endpoint(b, httpB)));
    private final Map<RestClient, RuntimeException> failures = new ConcurrentHashMap<>();
    private final List<RestClient> asked = new ArrayList<>();

    @AfterEach
    void close() {
        breakers.close();
    }

    @Test
    void allClosed_asksTheFirstOnly() {
        assertThat(read(Intent.OPEN_RISK)).isSameAs(httpA);

        assertThat(asked).containsExactly(httpA);
    }

    @Test
    void firstPauses_asksTheNextOnly() {
        a.trip("test", null);

        assertThat(read(Intent.OPEN_RISK)).isSameAs(httpB);

        assertThat(asked).containsExactly(httpB);
        assertThat(a.counters().rejected()).isZero();
    }

    @Test
    void callThatPasses_alsoPrefersTheOneThatDoesNotPause() {
        a.trip("test", null);

        assertThat(read(Intent.REDUCE)).isSameAs(httpB);

        b.trip("test", null);
        assertThat(read(Intent.REDUCE)).isSameAs(httpA);
    }

    @Test
    void firstFails_asksTheNextAndCountsTheFailure() {
        failures.put(httpA, new NodeSilentException("silence"));

        assertThat(read(Intent.OPEN_RISK)).isSameAs(httpB);

        assertThat(asked).containsExactly(httpA, httpB);
        assertThat(a.counters().failed()).isEqualTo(1);
        assertThat(b.counters().successful()).isEqualTo(1);
    }

    @Test
    void firstIsBusy_asksTheNext() {
        failures.put(httpA, new NodeBusyException("busy"));

        assertThat(read(Intent.OPEN_RISK)).isSameAs(httpB);
    }

    @Test
    void wrongRequest_isNotRepeated() {
        failures.put(httpA, new NodeRefusedException("no route"));

        assertThatExceptionOfType(NodeRefusedException.class).isThrownBy(() -> read(Intent.OPEN_RISK));

        assertThat(asked).containsExactly(httpA);
    }

    @Test
    void allFail_throwsTheLastFailure() {
        failures.put(httpA, new NodeSilentException("a"));
        failures.put(httpB, new NodeSilentException("b"));

        assertThatExceptionOfType(NodeException.class)
                .isThrownBy(() -> read(Intent.OPEN_RISK))
                .withMessage("b");
    }

    @Test
    void allPause_throwsTheRefusalThatEndsFirst() {
        a.trip("test", null);
        b.trip("test", null);

        assertThatExceptionOfType(TradingPausedException.class)
                .isThrownBy(() -> read(Intent.OPEN_RISK))
                .satisfies(refusal -> {
                    assertThat(refusal.breaker()).isEqualTo("quotes-b");
                    assertThat(refusal.retryAfter()).isEqualTo(Duration.ofSeconds(10));
                });
        assertThat(asked).isEmpty();
    }

    @Test
    void oneHaltedOnePauses_throwsTheRefusalThatEndsByItself() {
        a.trip("test", null);
        b.halt("test", null);

        assertThatExceptionOfType(TradingPausedException.class)
                .isThrownBy(() -> read(Intent.OPEN_RISK))
                .satisfies(refusal -> assertThat(refusal.breaker()).isEqualTo("quotes-a"));
    }

    @Test
    void haltOfTheVenue_refusesAllAndSparesTheEndpoints() {
        breakers.breaker("venue").halt("test", null);

        assertThatExceptionOfType(TradingPausedException.class)
                .isThrownBy(() -> read(Intent.OPEN_RISK))
                .satisfies(refusal -> assertThat(refusal.breaker()).isEqualTo("venue"));
        assertThat(asked).isEmpty();
        assertThat(a.state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void halfOpenEndpoint_getsItsTrialsBeforeTheClosedOne() {
        b.trip("test", null);
        time.advance(Duration.ofSeconds(11));
        assertThat(b.state()).isEqualTo(BreakerState.HALF_OPEN);

        assertThat(read(Intent.OPEN_RISK)).isSameAs(httpB);
        assertThat(read(Intent.OPEN_RISK)).isSameAs(httpB);

        assertThat(b.state()).isEqualTo(BreakerState.CLOSED);
        assertThat(read(Intent.OPEN_RISK)).isSameAs(httpA);
    }

    private RestClient read(Intent intent) {
        return endpoints.read(intent, http -> {
            asked.add(http);
            RuntimeException failure = failures.get(http);
            if (failure != null) {
                throw failure;
            }
            return http;
        });
    }

    private static BreakerConfig config(Duration recoveryTimeout) {
        return BreakerConfig.builder()
                .parent("venue")
                .recoveryTimeout(recoveryTimeout)
                .ignoreExceptions(List.of(NodeRefusedException.class))
                .build();
    }
}
