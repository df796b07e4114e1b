package io.tradingbreaker.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.TradingPausedException;
import io.tradingbreaker.test.ManualScheduler;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;

/** Observations, with the registry that this line of Spring Boot makes. */
@RunningApplication(properties = "trading-breaker.observation.enabled=true")
@Import(ObservedCallTests.Recorder.class)
class ObservedCallTests {

    @Autowired
    private TradingDesk desk;

    @Autowired
    private BreakerRegistry registry;

    @Autowired
    private ManualScheduler time;

    @Autowired
    private Recorder recorder;

    @Autowired
    private MeterRegistry meters;

    @Test
    void callsAndTransitions_areObserved() {
        assertThat(desk.buy("SOL")).isEqualTo("filled");
        registry.breaker("node").halt("stop", null);
        assertThatThrownBy(() -> desk.buy("SOL")).isInstanceOf(TradingPausedException.class);
        time.runDue();

        assertThat(recorder.seen)
                .containsExactly(
                        "breaker node outcome=success", "breaker node outcome=rejected", "breaker node halted");
        assertThat(meters.get("trading.breaker.call")
                        .tags("breaker", "node", "outcome", "success")
                        .timer()
                        .count())
                .isOne();
        assertThat(meters.get("trading.breaker.transition").timer().count()).isOne();
    }

    static class Recorder implements ObservationHandler<Observation.Context> {

        final List<String> seen = new CopyOnWriteArrayList<>();

        @Override
        public void onStop(Observation.Context context) {
            var outcome = context.getLowCardinalityKeyValue("outcome");
            seen.add(context.getContextualName() + (outcome == null ? "" : " outcome=" + outcome.getValue()));
        }

        @Override
        public boolean supportsContext(Observation.Context context) {
            // The name is known once it has started; before, only the type is.
            return context.getClass().getPackageName().startsWith("io.tradingbreaker");
        }
    }
}
